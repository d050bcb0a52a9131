"""The web app's live socket against the served product, which is restarted and killed beneath it."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.served import Served, serving
from tests.web.bundled import NODE, bundled

pytestmark = pytest.mark.slow

ON_NODE = ("--format", "esm", "--platform", "node")


@pytest.fixture
def own() -> Iterator[Served]:
    """A server of the test's own."""
    with serving() as server:
        yield server


def test_a_socket_to_the_real_server_does_what_its_own_tests_say(tmp_path: Path, served: Served) -> None:
    script = bundled("test/served.test.ts", tmp_path, *ON_NODE)

    ran = subprocess.run(
        [NODE, "--test", "--test-reporter", "tap", script],
        env=os.environ | {"SERVED": served.url},
        check=False,
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 8" in ran.stdout


def test_a_client_comes_back_after_a_deploy_when_the_server_says(tmp_path: Path, own: Served) -> None:
    with listening(tmp_path, own) as (node, token):
        own.stop()
        own.start()
        told = seen(node, own, token)

    assert "drain" in told["heard"]
    assert told["after"] * 1000 in told["pauses"]
    assert told["isLive"]


def test_a_client_comes_back_after_a_power_cut_by_itself(tmp_path: Path, own: Served) -> None:
    with listening(tmp_path, own) as (node, token):
        own.kill()
        own.start()
        told = seen(node, own, token)

    assert "drain" not in told["heard"]
    assert told["sockets"] > 1
    assert told["isLive"]


@contextmanager
def listening(folder: Path, server: Served) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A device that listens, as somebody with this token."""
    script = bundled("test/restart.ts", folder, *ON_NODE)
    with subprocess.Popen([NODE, script, server.url], stdout=subprocess.PIPE, text=True) as node:
        yield node, told_by(node)["token"]


def seen(node: subprocess.Popen[str], server: Served, token: str) -> Any:
    """What it tells when it has seen what somebody does now."""
    made = server.call("POST", "/api/v1/tasks", {"title": "after"}, token)
    assert made.status == 201
    return told_by(node)


def told_by(node: subprocess.Popen[str]) -> Any:
    assert node.stdout
    return json.loads(node.stdout.readline())
