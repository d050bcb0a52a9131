"""A database with the queue in it, for each test."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from importlib.resources import files
from itertools import count
from typing import Any

import asyncpg
import pytest

from taskflow.foundation.jobs import Job, Worker
from tests.foundation.jobs.cluster import Cluster, Database

ROLES = """
CREATE ROLE taskflow_owner NOLOGIN;
CREATE ROLE taskflow_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
GRANT CREATE ON DATABASE jobs TO taskflow_owner;
"""
EFFECTS = "CREATE TABLE effects (job uuid, note text); GRANT ALL ON effects TO taskflow_app"

numbers = count()
Working = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
async def template(cluster: Cluster) -> str:
    migration = files("taskflow.migrations").joinpath("0002_expand_jobs.sql").read_text()
    await cluster.execute("CREATE DATABASE jobs")
    await cluster.execute(f"{ROLES} SET ROLE taskflow_owner; {migration} RESET ROLE; {EFFECTS}", "jobs")
    return "jobs"


@pytest.fixture
async def database(cluster: Cluster, template: str) -> Database:
    name = f"jobs_{next(numbers)}"
    await cluster.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return Database(cluster, name)


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await database.connect()
    yield connection
    connection.terminate()


@pytest.fixture
def jobs() -> dict[str, Job]:
    """A registry of the test's own."""
    return {}


@pytest.fixture
def working(database: Database, jobs: dict[str, Job]) -> Working:
    """A worker that works as long as the block lasts, with short delays."""

    @asynccontextmanager
    async def working(**options: Any) -> AsyncIterator[None]:
        quick = {"poll": timedelta(milliseconds=20), "first_delay": timedelta(milliseconds=1)}
        stop = asyncio.Event()
        run = asyncio.create_task(Worker(database.connect, database, jobs=jobs, **quick | options).run(stop))
        try:
            yield
        finally:
            stop.set()
            await run

    return working
