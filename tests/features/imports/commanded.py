"""`taskflow import` as a person types it, and the files that they import."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from taskflow.foundation.settings import Settings
from tests.client import Client

FORMS = sorted((Path(__file__).parent / "todoist").glob("*.csv"))
HEADER = "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,DATE,DATE_LANG,TIMEZONE"


def csv_of(folder: Path, *titles: str) -> Path:
    """A project of these tasks."""
    file = folder / "project.csv"
    file.write_text("\n".join([HEADER, *(f"task,{title}" for title in titles)]) + "\n")
    return file


def environment(settings: Settings) -> dict[str, str]:
    """What tells the command which stores to use."""
    own = {
        "TASKFLOW_DATABASE_URL": settings.database_url,
        "TASKFLOW_REDIS_URL": settings.redis_url,
        "TASKFLOW_DATA_DIR": str(settings.data_dir),
    }
    return {name: text for name, text in os.environ.items() if not name.startswith("TASKFLOW_")} | own


def taskflow_import(
    file: Path, email: str, environ: dict[str, str], source: str = "todoist"
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return taskflow(environ, "import", source, str(file), "--account", email)


def taskflow(environ: dict[str, str], *asked: str) -> subprocess.CompletedProcess[str]:
    """Run any command to its end."""
    command = [sys.executable, "-m", "taskflow", *asked]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def email_of(client: Client) -> str:
    """The address of who is signed in."""
    email: str = client.signed_in["user"]["email"]
    return email


async def titles(client: Client) -> list[str]:
    """The titles of all tasks, in the order in which they were made."""
    found, cursor = list[str](), ""
    while True:
        asked = {"sort": "position", "limit": "200", **({"cursor": cursor} if cursor else {})}
        page = (await client.get("/api/v1/tasks", params=asked)).json()
        found += [task["title"] for task in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            return found


def lines_named(report: str) -> Iterator[int]:
    """The lines of the file that a report accounts for."""
    for line in report.splitlines():
        if remark := re.match(r"  line (\d+): ", line):
            yield int(remark[1])
        elif counted := re.match(r"[\d,]+ (?:task|section|comment)s? (?:made|here already): lines? (.+)", line):
            for first, last in re.findall(r"(\d+)(?:-(\d+))?", counted[1]):
                yield from range(int(first), int(last or first) + 1)
