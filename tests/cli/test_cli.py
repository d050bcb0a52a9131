"""The command line: what it says, and with which status it ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from taskflow import __version__


def taskflow(*words: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    started = [sys.executable, "-m", "taskflow", *words]
    clean = {"HOME": str(folder), "PATH": "/usr/bin:/bin", **environ}
    return subprocess.run(started, cwd=folder, env=clean, capture_output=True, text=True, check=False)


def test_it_says_its_version(tmp_path: Path) -> None:
    assert taskflow("version", folder=tmp_path).stdout == f"taskflow {__version__}\n"
    assert taskflow("--version", folder=tmp_path).stdout == f"taskflow {__version__}\n"


def test_help_names_every_command(tmp_path: Path) -> None:
    said = taskflow("--help", folder=tmp_path).stdout

    for command in ("serve", "migrate", "import", "doctor", "settings", "openapi", "version"):
        assert f"\n    {command} " in said


@pytest.mark.parametrize(
    "command", [["serve"], ["migrate"], ["settings"], ["import", "todoist", "x", "--account", "a@b.c"]]
)
def test_a_bad_option_ends_every_command_with_one_line(tmp_path: Path, command: list[str]) -> None:
    done = taskflow(*command, folder=tmp_path, TASKFLOW_PORT="eighty")

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "taskflow: TASKFLOW_PORT is 'eighty': it takes a whole number from 1 to 65535\n"


def test_the_command_line_wins_over_the_environment(tmp_path: Path) -> None:
    done = taskflow("serve", "--port", "0", folder=tmp_path, TASKFLOW_PORT="8000")

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "TASKFLOW_PORT is '0'" in done.stderr


def test_an_unknown_command_is_told_the_ones_there_are(tmp_path: Path) -> None:
    done = taskflow("sevre", folder=tmp_path)

    assert done.returncode == 2
    assert "serve" in done.stderr


def test_the_settings_are_shown_without_their_secrets(tmp_path: Path) -> None:
    (tmp_path / "taskflow.toml").write_text("workers = 2")

    said = taskflow(
        "settings",
        folder=tmp_path,
        TASKFLOW_DATABASE_URL="postgresql://ada:tell-nobody@db/taskflow?password=tell-nobody",
        TASKFLOW_REDIS_URL="redis://:tell-nobody@cache",
    ).stdout

    assert "tell-nobody" not in said
    assert "postgresql://***@db/taskflow?*** (TASKFLOW_DATABASE_URL)" in said
    assert "2 (workers in taskflow.toml)" in said
    assert "8000 (default)" in said


def test_a_reader_that_leaves_early_is_no_failure_to_talk_about(tmp_path: Path) -> None:
    piped = f"{sys.executable} -m taskflow settings --markdown | true"

    done = subprocess.run(["sh", "-c", piped], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.stderr == ""


def test_a_folder_that_is_gone_is_said_in_one_line(tmp_path: Path) -> None:
    gone = f'mkdir "{tmp_path}/gone"; cd "{tmp_path}/gone"; rmdir ../gone; {sys.executable} -m taskflow settings'

    done = subprocess.run(["sh", "-c", gone], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
