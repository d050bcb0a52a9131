"""Ctrl-C during `taskflow import`, at moments of its own choice: one line, and all of the file or nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from taskflow.features.imports.interrupted import NOTHING, PERHAPS
from taskflow.foundation.settings import Settings
from tests.client import Client
from tests.features.imports.commanded import csv_of, email_of, environment, taskflow_import, titles

# Presses Ctrl-C once, when a function of this name is first called.
AT = """
import signal, sys
from taskflow.cli import main

def press(frame, event, _argument):
    if event == "call" and frame.f_code.co_name == sys.argv[1] and "taskflow" in frame.f_code.co_filename:
        sys.setprofile(None)
        signal.raise_signal(signal.SIGINT)

sys.setprofile(press)
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize(
    ("moment", "said", "there"),
    [
        ("open_table", NOTHING, []),
        ("asked", NOTHING, []),
        ("perform", NOTHING, []),
        ("insert_all", NOTHING, []),
        ("told", PERHAPS, ["milk", "bread"]),
    ],
)
async def test_an_import_that_is_interrupted_says_so_in_one_line_and_leaves_all_or_nothing(
    ada: Client, settings: Settings, tmp_path: Path, moment: str, said: str, there: list[str]
) -> None:
    file, environ = csv_of(tmp_path, "milk", "bread"), environment(settings)

    done = interrupted(moment, file, email_of(ada), environ)

    assert (done.returncode, done.stdout, done.stderr) == (130, "", f"taskflow: interrupted{said}\n")
    assert await titles(ada) == there
    assert taskflow_import(file, email_of(ada), environ).returncode == 0
    assert await titles(ada) == ["milk", "bread"]


def interrupted(moment: str, file: Path, email: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The command, with Ctrl-C pressed at this moment."""
    command = [sys.executable, "-c", AT, moment, "import", "todoist", str(file), "--account", email]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
