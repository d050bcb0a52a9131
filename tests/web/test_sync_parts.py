"""The parts of the sync engine that need no browser, by their own tests."""

import subprocess
from pathlib import Path

import pytest

from tests.web.bundled import NODE, bundled


@pytest.mark.parametrize("part", ["live", "fetched", "undo", "trouble", "links", "http"])
def test_a_part_of_the_sync_engine_does_what_its_own_tests_say(part: str, tmp_path: Path) -> None:
    script = bundled(f"test/{part}.test.ts", tmp_path, "--format", "esm", "--platform", "node")

    run = subprocess.run(
        [NODE, "--test", "--test-reporter", "tap", script], check=False, capture_output=True, text=True
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "# pass" in run.stdout
