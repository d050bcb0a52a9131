"""Two processes with live sockets, on a Redis that these tests may kill, and two people."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from taskflow.foundation.settings import Settings
from tests.client import Client
from tests.features.sync.live.sockets import Serving, serving
from tests.foundation.redis.store import Store, own_valkey
from tests.settled import settled


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with own_valkey() as server:
        yield server


@pytest.fixture(scope="module")
async def both(settings: Settings, store: Store) -> AsyncIterator[list[Serving]]:
    """Two processes."""
    there = replace(settings, redis_url=store.url, workers=2)
    async with serving(there) as one, serving(there) as other:
        for made in (one, other):
            await settled(made.turn)
        yield [one, other]


@pytest.fixture
async def ada(both: list[Serving]) -> Client:
    return await Client(both[0].http).registered()


@pytest.fixture
async def mia(both: list[Serving]) -> Client:
    return await Client(both[0].http).registered()
