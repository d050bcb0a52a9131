"""`taskflow import` on an installation of its own: beside its server, without one, at a terminal, with much in it."""

import os
import pty
import subprocess
import termios
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.features.imports.commanded import HEADER, csv_of, taskflow_import
from tests.served import PROGRAM, Served, scratch

pytestmark = pytest.mark.slow
MANY = 100_000


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that an embedded PostgreSQL can be in."""
    with scratch() as folder:
        yield folder


def made(project: str) -> str:
    """What is said of the file's project."""
    return f'1 project made: "{project}"\n'


def titles(served: Served, somebody: Any, query: str = "") -> list[str]:
    answer = served.call("GET", f"/api/v1/tasks{query}", token=somebody["access_token"])
    assert answer.status == 200, answer
    return sorted(task["title"] for task in answer.body["items"])


def test_beside_a_running_server_its_next_answer_has_them(served: Served, tmp_path: Path) -> None:
    somebody = served.register()
    assert titles(served, somebody) == titles(served, somebody) == []

    done = taskflow_import(csv_of(tmp_path, "milk", "bread"), somebody["user"]["email"], served.environment)

    assert (done.returncode, done.stdout, done.stderr) == (0, made("project") + "2 tasks made: lines 2-3\n", "")
    assert titles(served, somebody) == ["bread", "milk"]


def test_without_a_server_they_are_there_when_it_starts(folder: Path, tmp_path: Path) -> None:
    served = Served(folder)
    try:
        served.start()
        somebody = served.register()
        served.stop()

        done = taskflow_import(csv_of(tmp_path, "milk", "bread"), somebody["user"]["email"], served.environment)

        assert (done.returncode, done.stdout, done.stderr) == (0, made("project") + "2 tasks made: lines 2-3\n", "")
        assert served.processes() == []
        served.start()
        assert titles(served, somebody) == ["bread", "milk"]
    finally:
        served.kill()


def test_where_nothing_was_ever_served_one_line_says_what_to_do(folder: Path, tmp_path: Path) -> None:
    served = Served(folder)

    done = taskflow_import(csv_of(tmp_path, "milk"), "ada@example.com", served.environment)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.endswith("behind this release: run `taskflow migrate` first\n")
    assert served.processes() == []


def test_100_000_lines_are_one_transaction(served: Served, tmp_path: Path) -> None:
    somebody = served.register()
    rows = (f"task,task {number:06},,4,1,2026-12-01 09:00,en,Europe/Berlin" for number in range(MANY))
    file = tmp_path / "many.csv"
    file.write_text("\n".join([HEADER, *rows]))

    first, again = (taskflow_import(file, somebody["user"]["email"], served.environment) for _ in range(2))

    assert (first.returncode, first.stdout) == (0, f"{made('many')}100,000 tasks made: lines 2-{MANY + 1}\n")
    already = made("many").replace("made", "here already")
    assert again.stdout == f"0 tasks made\n{already}100,000 tasks here already: lines 2-{MANY + 1}\n"
    assert titles(served, somebody, "?sort=title&limit=1") == ["task 000000"]
    assert titles(served, somebody, "?sort=-position&limit=1") == ["task 099999"]


@pytest.mark.parametrize("terminal", [True, False])
def test_a_bar_is_shown_at_a_terminal_and_nowhere_else(served: Served, tmp_path: Path, *, terminal: bool) -> None:
    email = served.register()["user"]["email"]
    file = csv_of(tmp_path, *(f"task {number}" for number in range(20_000)))
    ours, theirs = terminal_ends() if terminal else os.pipe()

    with subprocess.Popen(
        [PROGRAM, "import", "todoist", str(file), "--account", email],
        env=served.environment,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    ) as importing:
        os.close(theirs)
        shown = all_of(ours)
        said, _ = importing.communicate()

    assert importing.returncode == 0
    assert said == made("project") + "20,000 tasks made: lines 2-20001\n"
    assert ("reading" in shown, "writing" in shown) == (terminal, terminal)
    assert terminal or shown == ""


def terminal_ends() -> tuple[int, int]:
    """Both ends of a terminal of the usual size."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    return ours, theirs


def all_of(end: int) -> str:
    """All that is written to the other end, until it is closed (a terminal's says so with an error)."""
    text = b""
    with suppress(OSError):
        while piece := os.read(end, 65536):
            text += piece
    os.close(end)
    return text.decode()
