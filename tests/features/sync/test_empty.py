"""A sync in which nothing is new asks Redis for the numbers, and the database nothing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from taskflow.foundation.settings import Settings
from tests.api.two import Process, process
from tests.client import Client
from tests.settled import settled

SYNC = "/api/v1/sync"


@pytest.fixture(scope="module")
async def narrow(settings: Settings) -> AsyncIterator[Process]:
    """A process with a single connection to the database: whoever holds that one keeps all others from asking."""
    async with process(replace(settings, pool_size=1), 1) as made:
        await settled(made.turn)
        yield made


async def test_an_empty_sync_takes_no_statement_and_one_with_something_new_waits_for_the_database(
    narrow: Process, ada: Client
) -> None:
    team = (await ada.post("/api/v1/spaces", {"name": "Team"})).json()["id"]
    here, mia = narrow.client(ada), narrow.client(await ada.registered())
    hers, his = await loaded(here), await loaded(mia)
    made = await mia.task()

    async with narrow.backend.database.transaction(UUID(ada.id)):
        lacking = asyncio.create_task(mia.post(SYNC, {"cursors": {mia.id: his[mia.id]["cursor"]}}))
        empty = await here.post(SYNC, {"cursors": {space: page["cursor"] for space, page in hers.items()}})
        waits = not lacking.done()

    assert empty.status_code == 200, empty.text
    assert hers.keys() == empty.json()["spaces"].keys() == {ada.id, team}
    for space, page in empty.json()["spaces"].items():
        assert page == {"cursor": page["cursor"], "seq": hers[space]["seq"], "more": False, "resync": False}
    assert waits
    assert (await lacking).json()["spaces"][mia.id]["tasks"] == [made]


async def loaded(who: Client) -> dict[str, Any]:
    """The pages of all spaces."""
    pages: dict[str, Any] = (await who.post(SYNC, {})).json()["spaces"]
    return pages
