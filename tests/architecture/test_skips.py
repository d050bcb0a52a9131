"""What becomes of a skipped test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SKIPPED = "import pytest\n@pytest.mark.skip(reason='no browser here')\ndef test_it(): ..."


def closing_line(folder: Path, test: str, **environ: str) -> str:
    (folder / "test_one.py").write_text(test)
    asked = [sys.executable, "-m", "pytest", "-p", "tests.skips", "-rs", "-c", os.devnull, str(folder)]
    desk = {name: text for name, text in os.environ.items() if name != "CI"}
    clean = {**desk, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT), **environ}
    done = subprocess.run(asked, cwd=folder, env=clean, capture_output=True, text=True, check=False)
    return str(done.stdout)


def test_on_a_desk_a_skipped_test_is_only_named(tmp_path: Path) -> None:
    said = closing_line(tmp_path, SKIPPED)

    assert "1 skipped" in said
    assert "no browser here" in said


@pytest.mark.parametrize(
    "test", [SKIPPED, "import pytest\npytest.skip('no browser here', allow_module_level=True)"], ids=["one", "all"]
)
def test_in_ci_a_skipped_test_is_a_failure_that_says_why(tmp_path: Path, test: str) -> None:
    said = closing_line(tmp_path, test, CI="true")

    assert "In CI nothing is skipped" in said
    assert "no browser here" in said
    assert "1 skipped" not in said


def test_in_ci_a_test_may_be_skipped_that_asks_for_a_real_citus(tmp_path: Path) -> None:
    said = closing_line(tmp_path, SKIPPED.replace("@", "@pytest.mark.citus\n@"), CI="true")

    assert "1 skipped" in said
