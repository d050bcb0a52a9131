"""The real parts that tests stand on: one embedded PostgreSQL and one Valkey for each process of the suite."""

import asyncio
import dataclasses
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

from taskflow.api.static import StaticFiles
from taskflow.app import Application
from taskflow.foundation.backend import Backend, opened
from taskflow.foundation.embedded.cluster import LOGIN
from taskflow.foundation.embedded.data_folder import DataFolder
from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from taskflow.foundation.embedded.valkey import EmbeddedValkey
from taskflow.foundation.migrations import migrate, shipped
from taskflow.foundation.settings import Settings, load
from tests.account import Person, new_person, signed_in
from tests.client import Client
from tests.served import Served, serving
from tests.settled import settled


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A data folder whose path is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="tf") as path, DataFolder(Path(path) / "data") as held:
        yield held.path


@pytest.fixture(scope="session")
def postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    """A running PostgreSQL; its database `taskflow` is migrated, and a template for others."""
    server = EmbeddedPostgres(folder)
    server.start()
    asyncio.run(migrate(server.url, shipped(), login=LOGIN))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey(folder: Path) -> Iterator[EmbeddedValkey]:
    """A running Valkey."""
    server = EmbeddedValkey(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def settings(folder: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings of a server with wide limits, on the databases of the suite or on those that TASKFLOW_TEST_* name."""
    wide = {f"TASKFLOW_RATE_LIMIT_{which}": "1000000/1h" for which in ("IP", "USER", "AUTH")}
    read = load({**wide, "TASKFLOW_DATA_DIR": str(folder)}, folder)
    database = os.environ.get("TASKFLOW_TEST_DATABASE_URL")
    if database:
        asyncio.run(migrate(database, shipped()))
    return dataclasses.replace(
        read,
        database_url=database or request.getfixturevalue("postgres").url,
        redis_url=os.environ.get("TASKFLOW_TEST_REDIS_URL") or request.getfixturevalue("valkey").url,
    )


@pytest.fixture(scope="session")
async def backend(settings: Settings) -> AsyncIterator[Backend]:
    """All that operations and handlers need, served as the application role."""
    async with opened(settings) as backend:
        await settled(backend.turn)
        yield backend


@pytest.fixture
async def person(backend: Backend) -> Person:
    """Somebody with an account and an empty personal space."""
    return await new_person(backend)


@pytest.fixture(scope="session")
def application(backend: Backend) -> Application:
    """The product behind HTTP, in this process: all layers, real stores, no web app built."""
    return Application(backend, StaticFiles(Path(__file__).parent / "no web app"))


@pytest.fixture
async def client(application: Application) -> AsyncIterator[Client]:
    """Somebody who speaks HTTP to the application, not signed in."""
    async with AsyncClient(transport=ASGITransport(application), base_url="http://test") as http:
        yield Client(http)


@pytest.fixture
async def ada(client: Client, backend: Backend) -> Client:
    """Somebody who is signed in, with an account of their own."""
    return Client(client.http, await signed_in(backend))


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """The product, served as a person serves it, for tests that do it no harm."""
    with serving() as server:
        yield server
        server.stop()
