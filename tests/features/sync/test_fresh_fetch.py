"""Old state and changes make the new state: whatever is done, in pages of whatever size, while others write."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from operator import add
from uuid import UUID

import msgspec
import pytest
from httpx import ASGITransport, AsyncClient
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.app import Application
from taskflow.features.accounts.model import Account
from taskflow.features.spaces.access import enter
from taskflow.features.sync.model import KINDS
from taskflow.foundation.backend import Backend
from taskflow.foundation.operation import REGISTRY, Args
from taskflow.foundation.refusal import Refusal
from tests.account import Person
from tests.client import Client
from tests.features.sync.device import LISTINGS, Device, fresh, listed
from tests.furnished import FURNISHED
from tests.strategies import STRATEGIES, asked

NUMBERED = sorted(name for name, operation in REGISTRY.items() if operation.numbered)
PAGES = (1, 2, 7, 500)

starts: SearchStrategy[list[Args]] = some.sampled_from([FURNISHED, []])
histories = some.builds(add, starts, some.lists(asked(*NUMBERED), max_size=6))
quick = settings(max_examples=10, deadline=None)
full = settings(max_examples=500, deadline=None)


@asynccontextmanager
async def somebody(application: Application, backend: Backend) -> AsyncIterator[tuple[Client, Person]]:
    """Somebody new, over HTTP and at the door."""
    async with AsyncClient(transport=ASGITransport(application), base_url="http://test") as http:
        client = await Client(http).registered()
        account = msgspec.convert(client.signed_in["user"], Account)
        yield client, Person(backend, account, await enter(backend.database, UUID(client.id), UUID(client.id)))


async def done(person: Person, history: Sequence[Args]) -> None:
    """Do what may be done of it; what is refused has changed nothing."""
    for args in history:
        with suppress(Refusal):
            await person.answered(args)


async def assert_same(devices: list[Device], client: Client) -> None:
    """Every device holds what a full load and REST show."""
    loaded = await fresh(devices[0])
    shown = await listed(client)
    for device in devices:
        await device.catch_up()
        assert device.rows == loaded.rows
        assert device.held == loaded.held
    assert loaded.things() == shown


async def check(application: Application, backend: Backend, before: Sequence[Args], after: Sequence[Args]) -> None:
    """Load, do, take the changes, compare."""
    async with somebody(application, backend) as (client, person):
        devices = [Device(backend, person.access, rows) for rows in PAGES]
        await done(person, before)
        for device in devices:
            await device.catch_up()

        await done(person, after)

        await assert_same(devices, client)


def test_every_kind_of_thing_is_compared_with_its_list() -> None:
    assert LISTINGS.keys() == KINDS.keys() - {"members", "space"}


@pytest.mark.parametrize("name", NUMBERED)
@quick
@given(before=histories, data=some.data())
async def test_a_device_that_takes_the_changes_holds_what_a_full_load_shows(
    name: str, application: Application, backend: Backend, before: list[Args], data: some.DataObject
) -> None:
    after = data.draw(some.lists(STRATEGIES[name], min_size=1, max_size=3))
    await check(application, backend, before, after)


@pytest.mark.long
@full
@given(before=histories, after=some.lists(asked(*NUMBERED), max_size=12))
async def test_long_histories_end_alike(
    application: Application, backend: Backend, before: list[Args], after: list[Args]
) -> None:
    await check(application, backend, before, after)


async def writing_at_once(
    application: Application, backend: Backend, histories: tuple[Sequence[Args], Sequence[Args]]
) -> None:
    """Two write to one space while four devices go on taking the changes."""
    async with somebody(application, backend) as (client, person):
        devices = [Device(backend, person.access, rows) for rows in PAGES]
        writers = asyncio.gather(*(done(person, history) for history in histories))
        while not writers.done():
            for device in devices:
                await device.catch_up()
        await writers

        await assert_same(devices, client)


longer = some.lists(asked(*NUMBERED), min_size=4, max_size=12)
both = some.tuples(some.builds(add, starts, longer), longer)


@quick
@given(histories=both)
async def test_devices_miss_nothing_while_two_write_at_once(
    application: Application, backend: Backend, histories: tuple[list[Args], list[Args]]
) -> None:
    await writing_at_once(application, backend, histories)


@pytest.mark.long
@full
@given(histories=both)
async def test_devices_miss_nothing_in_long_histories_of_two(
    application: Application, backend: Backend, histories: tuple[list[Args], list[Args]]
) -> None:
    await writing_at_once(application, backend, histories)
