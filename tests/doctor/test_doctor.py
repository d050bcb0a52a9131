"""The doctor: beside a running TaskFlow and with none, well and ill."""

import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from taskflow.doctor.machine import data_folder, holder, port
from taskflow.doctor.stores import postgresql, redis
from taskflow.foundation.embedded.cluster import LOGIN
from taskflow.foundation.embedded.data_folder import DataFolder
from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from taskflow.foundation.embedded.valkey import EmbeddedValkey
from taskflow.foundation.migrations import migrate, shipped
from taskflow.foundation.settings import load


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder whose PostgreSQL and Valkey run."""
    path = tmp_path_factory.mktemp("data")
    with DataFolder(path):
        database, valkey = EmbeddedPostgres(path), EmbeddedValkey(path)
        database.start()
        valkey.start()
        yield path
        valkey.stop()
        database.stop()


async def test_beside_a_running_server_it_says_what_answers(running: Path) -> None:
    await migrate(EmbeddedPostgres(running).url, shipped(), login=LOGIN)
    settings = load({"TASKFLOW_DATA_DIR": str(running)}, running)

    database, cache = await postgresql(settings), await redis(settings)

    assert database.says == f"embedded: PostgreSQL 18.6, with all {len(shipped())} migrations"
    assert cache.says.startswith("embedded: Valkey 9.")
    assert database.well
    assert cache.well


async def test_a_database_that_is_behind_is_told_to_migrate(running: Path) -> None:
    own = EmbeddedPostgres(running)
    settings = load({"TASKFLOW_DATABASE_URL": own.url_as("postgres", "template1")}, running)

    found = await postgresql(settings)

    assert f"lacks {len(shipped())} of {len(shipped())} migrations" in found.says
    assert found.remedy == "run `taskflow migrate`"


def test_the_holder_of_a_data_folder_is_named(running: Path) -> None:
    assert holder(running) == os.getpid()
    assert f"held by process {os.getpid()}" in data_folder(running).says


def test_a_folder_that_a_killed_server_left_has_no_holder(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / "lock").write_text(f"{gone.pid}\n")

    assert holder(tmp_path) is None


async def test_with_no_server_the_embedded_ones_are_said_to_start_with_it(tmp_path: Path) -> None:
    settings = load({"TASKFLOW_DATA_DIR": str(tmp_path)}, tmp_path)

    assert (await postgresql(settings)).says == "embedded 18.6, starts with the server"
    assert (await redis(settings)).says.endswith("starts with the server")


async def test_files_of_another_postgresql_are_noticed_before_a_start(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("15\n")

    found = await postgresql(load({"TASKFLOW_DATA_DIR": str(tmp_path)}, tmp_path))

    assert "was made by PostgreSQL 15" in found.says
    assert not found.well


@pytest.fixture
def another_program() -> Iterator[int]:
    """The port of a program that speaks HTTP and is no TaskFlow."""
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
        thread = Thread(target=other.serve_forever, args=(0.01,))
        thread.start()
        yield other.server_port
        other.shutdown()
        thread.join()


def test_a_port_that_another_program_has_is_noticed(another_program: int) -> None:
    settings = load({"TASKFLOW_PORT": str(another_program), "TASKFLOW_HOST": "127.0.0.1"}, Path("/"))

    assert port(settings).says == "another program answers there"


def test_all_is_told_with_secrets_masked_and_what_is_wrong_ends_with_1(tmp_path: Path) -> None:
    environ = {
        "HOME": str(tmp_path),
        "TASKFLOW_DATABASE_URL": "postgresql://ada:tell-nobody@127.0.0.1:1/taskflow",
        "TASKFLOW_REDIS_URL": "redis://:tell-nobody@127.0.0.1:1",
    }
    asked = [sys.executable, "-m", "taskflow", "doctor"]

    done = subprocess.run(asked, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "tell-nobody" not in done.stdout
    assert "database_url is postgresql://***@127.0.0.1" in done.stdout
    assert "wrong  PostgreSQL" in done.stdout
    assert "wrong  Redis" in done.stdout
    assert done.stderr == ""
