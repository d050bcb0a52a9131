"""The web app's sync engine, without a screen: its own tests, and histories of devices against the served product."""

import json
import subprocess
import sys
from pathlib import Path
from random import randrange
from typing import Any

import pytest

from tests.web.bundled import NODE, bundled

LONG_S = 36_000  # the campaign; a history takes a tenth of a second
OFTEN = {
    "accepted",
    "asked again",
    "came back",
    "cut",
    "deleted",
    "heard changes",
    "heard late",
    "heard twice",
    "invalid",
    "killed",
    "late answer",
    "lost answer",
    "more",
    "put out",
    "space_not_found",
    "spoilt cursor",
    "task_not_found",
    "upgrade_required",
}
SELDOM = OFTEN | {"change_not_found", "left", "moved", "overwrote"}


def test_the_core_of_the_sync_engine_does_what_its_own_tests_say(tmp_path: Path) -> None:
    script = bundled("test/engine.test.ts", tmp_path, "--format", "esm", "--platform", "node")

    ran = run("--test", "--test-reporter", "tap", script)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 8" in ran.stdout


@pytest.mark.slow
def test_devices_that_lose_the_network_and_die_end_as_the_server_is(tmp_path: Path, served: Any) -> None:
    counts = histories(tmp_path, served.url, 200)

    assert counts.keys() >= OFTEN, counts


@pytest.mark.long
def test_ten_thousand_histories_end_as_the_server_is(
    tmp_path: Path, served: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = histories(tmp_path, served.url, 10_000)

    with capsys.disabled():
        sys.stdout.write(json.dumps(counts, indent=1))
    assert counts.keys() >= SELDOM, counts
    assert min(counts[each] for each in OFTEN) >= 100, counts


def histories(folder: Path, url: str, count: int) -> dict[str, int]:
    """Run that many, and count what happened in them.

    The first one's number is another each time, and one that fails tells its own.
    """
    script = bundled("test/main.ts", folder, "--format", "esm", "--platform", "node")

    ran = run(script, url, str(200 * randrange(100_000)), str(count))

    assert ran.returncode == 0, ran.stdout + ran.stderr
    told, counts = ran.stdout.splitlines()
    assert told == f"{count} histories"
    read: dict[str, int] = json.loads(counts)
    return read


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([NODE, *arguments], capture_output=True, check=False, text=True, timeout=LONG_S)
