"""Two processes on a Redis of their own."""

from collections.abc import AsyncIterator, Iterator

import pytest

from taskflow.foundation.settings import Settings
from tests.api.two import Process, two
from tests.client import Client
from tests.foundation.redis.store import Store, own_valkey


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """A Valkey that these tests may flush and kill."""
    with own_valkey() as server:
        yield server


@pytest.fixture(scope="module")
async def processes(settings: Settings, store: Store) -> AsyncIterator[list[Process]]:
    async with two(settings, store.url) as made:
        yield made


@pytest.fixture
async def both(processes: list[Process]) -> list[Client]:
    """Somebody signed in, at either process."""
    ada = await Client(processes[0].http).registered()
    return [process.client(ada) for process in processes]
