"""Whatever the described interface allows and forbids is sent to the served product, with all that schemathesis has.

What it is told of the product, and why, stands in `schemathesis.toml` and `schemathesis_hooks.py`.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.served import PASSWORD, Served

HERE = Path(__file__).parent
PROGRAM = Path(sys.executable).with_name("schemathesis")
ROOT = Path(__file__).parents[2]
GOOD = range(200, 300)
FOLLOWED = {f"{method} /api/v1/tasks/{{id}}" for method in ("GET", "PATCH", "DELETE")} | {"POST /api/v1/tasks"}
FOLLOWING = ("--phases", "stateful", "--include-path-regex", r"^/api/v1/tasks(/\{id\})?$", "--max-time", "20")

pytestmark = pytest.mark.slow
Reached = dict[str, set[str]]  # by phase, the operations that were answered with 2xx


def login_of(name: str, person: Any) -> dict[str, Any]:
    """How one of the run's people signs in, as Web Fuzzing Commons writes it."""
    credentials = {"usernameField": "email", "username": person["user"]["email"]}
    credentials |= {"passwordField": "password", "password": PASSWORD}
    token = {"extractFrom": "body", "extractSelector": "/access_token", "sendIn": "header", "sendName": "Authorization"}
    endpoint = {"endpoint": "/api/v1/auth/login", "verb": "POST", "contentType": "application/json"}
    token["sendTemplate"] = "Bearer {token}"
    return {"name": name, "loginEndpointAuth": {**endpoint, "payloadUserPwd": credentials, "token": token}}


def run(served: Served, folder: Path, *how: str) -> tuple[int, str, Reached]:
    """Run it as two people; its status, what it said, and what it reached."""
    ada, bob = served.register(), served.register()
    (folder / "people.json").write_text(json.dumps({"auth": [login_of("ada", ada), login_of("bob", bob)]}))
    told = {
        "TASKFLOW_TEST_URL": served.url,
        "TASKFLOW_TEST_EMAIL": ada["user"]["email"],
        "TASKFLOW_TEST_PASSWORD": PASSWORD,
        "TASKFLOW_TEST_PEOPLE": str(folder / "people.json"),
        "PYTHONPATH": str(ROOT),
    }
    asked: list[str | Path] = [
        PROGRAM,
        "--config-file",
        HERE / "schemathesis.toml",
        "run",
        f"{served.url}/api/openapi.json",
    ]
    report = folder / "report.ndjson"
    done = subprocess.run(
        [*asked, "--checks", "all", "--report", "ndjson", "--report-ndjson-path", report, *how],
        env=os.environ | told,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, reached(report)


def reached(report: Path) -> Reached:
    """What a report says of it."""
    found: Reached = defaultdict(set)
    for scenario in scenarios(report):
        recorded = scenario["recorder"]
        for name, case in recorded.get("cases", {}).items():
            answer = recorded["interactions"].get(name, {}).get("response") or {}
            if answer.get("status_code") in GOOD:
                found[scenario["phase"]].add(f"{case['value']['method']} {case['value']['path']}")
    return found


def scenarios(report: Path) -> Iterator[Any]:
    """What ended in a report."""
    with report.open() as lines:
        for line in lines:
            if scenario := json.loads(line).get("ScenarioFinished"):
                yield scenario


def assert_all_hold(served: Served, folder: Path, *how: str) -> None:
    """Every check holds, and the run came behind every door."""
    status, said, found = run(served, folder, *how)

    assert status == 0, said[-10_000:]
    document = served.call("GET", "/api/openapi.json").body
    every = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    assert every == set().union(*found.values()), said[-10_000:]
    status, said, found = run(served, folder, *FOLLOWING)
    assert status == 0, said[-10_000:]
    assert found["stateful"] >= FOLLOWED, said[-10_000:]


def test_all_checks_of_schemathesis_hold(served: Served, tmp_path: Path) -> None:
    assert_all_hold(served, tmp_path, "--max-time", "60")


@pytest.mark.long
def test_all_checks_hold_for_ten_minutes(served: Served, tmp_path: Path) -> None:
    assert_all_hold(served, tmp_path, "--max-time", "600", "--workers", "2")
