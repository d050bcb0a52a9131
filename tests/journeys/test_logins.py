"""Whom the product logs in as: its own login on its own PostgreSQL, the operator's on another."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from taskflow.foundation.embedded.cluster import LOGIN
from taskflow.foundation.embedded.data_folder import DataFolder
from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from tests.journeys.writing import TASKS
from tests.served import PROGRAM, Served, scratch

pytestmark = pytest.mark.slow

WARNING = "the login of TASKFLOW_DATABASE_URL may do more than the application"


@pytest.fixture
def place() -> Iterator[Path]:
    with scratch() as folder:
        yield folder


@pytest.fixture
def older(place: Path) -> Iterator[Served]:
    """A server whose data folder is as a release left it that served as the superuser: one task is in it."""
    server = Served(place)
    try:
        server.start()
        token = server.register()["access_token"]
        server.environment["TOKEN"] = token
        assert server.call("POST", TASKS, {"title": "Pay rent"}, token).status == 201
        server.stop()
        make_older(place / "data")
        yield server
    finally:
        server.kill()


def make_older(data: Path) -> None:
    with DataFolder(data):
        postgres = EmbeddedPostgres(data)
        postgres.start()
        asyncio.run(told(postgres.url, f"DROP ROLE {LOGIN}"))
        postgres.stop()
    people = data / "postgres" / "pg_ident.conf"
    names = {line.split()[1] for line in people.read_text().splitlines()}
    people.write_text("".join(f"taskflow {name} all\n" for name in sorted(names)))


async def told(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(sql)
    await connection.close()


def test_a_data_folder_of_an_older_release_is_served_by_a_login_that_is_only_the_application(older: Served) -> None:
    older.start()

    tasks = older.call("GET", TASKS, token=older.environment["TOKEN"])

    assert [task["title"] for task in tasks.body["items"]] == ["Pay rent"]
    assert older.processes(f"postgres: {LOGIN} taskflow")
    assert older.processes("postgres: postgres ") == []
    assert WARNING not in older.log()


def test_a_command_on_a_data_folder_of_an_older_release_says_what_to_do(older: Served, place: Path) -> None:
    (place / "todoist.csv").write_text("TYPE,CONTENT\ntask,Buy milk\n")
    asked: list[str | Path] = [PROGRAM, "import", "todoist", place / "todoist.csv", "--account", "ada@example.com"]

    done = subprocess.run(asked, env=older.environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == "taskflow: the database is behind this release: run `taskflow migrate` first\n"


def test_an_operator_whose_login_may_do_more_is_told_once(place: Path, postgres: EmbeddedPostgres) -> None:
    server = Served(place, workers=2, TASKFLOW_DATABASE_URL=postgres.url)
    try:
        server.start()
        server.stop()
    finally:
        server.kill()

    assert server.log().count(WARNING) == 1
