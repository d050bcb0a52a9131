"""`taskflow export`: what it writes, to whom, and that a file is whole or not there."""

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from taskflow.features.exports.document import document
from taskflow.features.exports.model import KINDS, Exporter
from taskflow.features.imports.model import CameTask, ImportTasks
from taskflow.features.trash.model import DeleteLabel, DeleteProject
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.settings import Settings
from tests.account import Person
from tests.client import Client
from tests.features.exports.whole import everything
from tests.features.imports.commanded import email_of, environment, taskflow
from tests.features.imports.test_operations import a_file


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    return environment(settings)


async def export(environ: dict[str, str], client: Client, *how: str) -> subprocess.CompletedProcess[str]:
    """Run the command for somebody."""
    return await asyncio.to_thread(taskflow, environ, "export", "--account", email_of(client), *how)


def there(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


async def test_all_of_the_personal_space_is_written_but_what_is_deleted(ada: Client, environ: dict[str, str]) -> None:
    project = (await ada.post("/api/v1/projects", {"name": "Home"})).json()
    kept, gone = [(await ada.post("/api/v1/tasks", {"title": title})).json() for title in ("milk", "bread")]
    await ada.delete(f"/api/v1/tasks/{gone['id']}")

    done = await export(environ, ada)

    found = json.loads(done.stdout)
    (space,) = found["spaces"]
    assert (done.returncode, done.stderr) == (0, "")
    assert (found["format"], found["version"], found["account"]["id"]) == ("taskflow", 1, space["id"])
    assert space["tasks"] == [(await ada.get(f"/api/v1/tasks/{kept['id']}")).json()]
    assert space["projects"] == [project]


async def test_each_thing_stands_on_a_line_of_its_own(ada: Client, environ: dict[str, str]) -> None:
    for title in ("milk", "bread"):
        await ada.post("/api/v1/tasks", {"title": title})

    done = await export(environ, ada)

    lines = [line.removesuffix(",") for line in done.stdout.splitlines() if line.startswith('{"id"')]
    assert [json.loads(line)["title"] for line in lines if '"title"' in line] == ["milk", "bread"]


async def test_a_team_s_space_is_written_for_its_members_alone(ada: Client, environ: dict[str, str]) -> None:
    team: dict[str, Any] = (await ada.post("/api/v1/spaces", {"name": "Team"})).json()
    await ada.post(f"/api/v1/tasks?space={team['id']}", {"title": "ours"})

    one, every = [await export(environ, ada, "--space", which) for which in (team["id"], "all")]

    assert [space["name"] for space in json.loads(one.stdout)["spaces"]] == ["Team"]
    assert json.loads(one.stdout)["spaces"][0]["members"][0]["role"] == "owner"
    assert [len(space["tasks"]) for space in json.loads(every.stdout)["spaces"]] == [0, 1]


async def test_a_space_that_is_named_twice_is_written_once(ada: Client, environ: dict[str, str]) -> None:
    team: dict[str, Any] = (await ada.post("/api/v1/spaces", {"name": "Team"})).json()

    done = await export(environ, ada, "--space", f"{team['id']},{team['id']}")

    assert [space["name"] for space in json.loads(done.stdout)["spaces"]] == ["Team"]


@pytest.mark.parametrize("space", ["0193a000-0000-7000-8000-00000000000f", "nonsense", "", "ALL"])
async def test_a_space_that_is_not_theirs_is_told_in_one_line(ada: Client, environ: dict[str, str], space: str) -> None:
    done = await export(environ, ada, "--space", space)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("taskflow: nothing was exported: ")


async def test_a_file_is_whole_and_for_its_owner_alone(ada: Client, environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    file.write_text("an older one")

    done = await export(environ, ada, "-o", str(file))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads(file.read_text())["format"] == "taskflow"
    assert file.stat().st_mode & 0o777 == 0o600
    assert there(tmp_path) == ["all.json"]


async def test_a_table_is_written_where_one_is_asked_for(ada: Client, environ: dict[str, str]) -> None:
    await ada.post("/api/v1/tasks", {"title": "=1+1"})

    done = await export(environ, ada, "--format", "csv")

    assert ",'=1+1," in done.stdout.splitlines()[1]


@pytest.mark.parametrize(
    ("file", "why"), [("no/folder/all.json", "No such file or directory"), (".", "Is a directory")]
)
async def test_a_file_that_can_not_be_written_is_told_in_one_line(
    ada: Client, environ: dict[str, str], tmp_path: Path, file: str, why: str
) -> None:
    done = await export(environ, ada, "-o", str(tmp_path / file))

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr == f"taskflow: nothing was exported: {tmp_path / file} can't be written: {why}\n"
    assert there(tmp_path) == []


def test_an_unknown_account_is_told_in_one_line(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "all.json"

    done = taskflow(environ, "export", "--account", "nobody@example.com", "-o", str(file))

    assert (done.returncode, done.stdout, file.exists()) == (1, "", False)
    assert (
        done.stderr
        == "taskflow: there is no account with the address 'nobody@example.com': register it in the app first\n"
    )


async def test_nothing_that_is_deleted_is_in_it(person: Person) -> None:
    asked = a_file()
    await person.do(asked)
    for label in asked.labels:
        await person.do(DeleteLabel(id=label.id))

    await person.do(DeleteProject(id=asked.projects[0].id))

    assert await everything(person) == {kind: [] for kind in KINDS}


async def test_it_is_of_one_moment_whatever_is_written_meanwhile(person: Person) -> None:
    first, second = ([CameTask(id=Id(str(new_id())), title="a task")] for _ in range(2))
    await person.do(ImportTasks(tasks=first))

    async with person.backend.database.snapshot(person.id) as transaction:
        pieces = document(transaction, Exporter(person.id, "Ada"), [person.id])
        start = [(await anext(pieces))[0] for _ in range(4)]
        await person.do(ImportTasks(tasks=second))
        content = b"".join([*start, *[piece async for piece, _ in pieces]])

    assert [task["id"] for task in json.loads(content)["spaces"][0]["tasks"]] == [str(first[0].id)]
