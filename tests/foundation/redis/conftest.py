"""A server of its own for each kind, for these tests flush, stop and kill it."""

import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redis
from redis.asyncio import Redis

from taskflow.foundation.redis.connection import open_redis
from taskflow.foundation.redis.turn import Turn
from tests.foundation.redis.store import PROGRAMS, Store, program


@pytest.fixture(scope="session", params=PROGRAMS)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    path = program(request.param)
    if path is None:
        pytest.skip(f"{request.param} is not installed")
    with tempfile.TemporaryDirectory(prefix="tf") as folder:
        server = Store(path, Path(folder))
        server.start()
        yield server
        server.kill()


@pytest.fixture
def client(store: Store) -> Iterator[redis.Redis]:
    """An empty server, spoken to without the product."""
    with store.client() as client:
        client.flushall()
        yield client


@pytest.fixture
def running(store: Store) -> Iterator[Store]:
    """The server, started again afterwards where a test left it dead or stopped."""
    yield store
    if store.process:
        store.send(signal.SIGCONT)
    else:
        store.start()


@pytest.fixture
async def pool(store: Store) -> AsyncIterator[Redis]:
    opened = await open_redis(store.url)
    yield opened
    await opened.aclose()


@pytest.fixture
async def turn(pool: Redis) -> AsyncIterator[Turn]:
    made = Turn(pool)
    yield made
    await made.close()
