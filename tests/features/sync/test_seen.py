"""A sync is never older than what the client has seen, and makes known what it has read."""

from typing import Any
from uuid import UUID

from httpx import Response

from taskflow.features.spaces.queries import take
from taskflow.features.sync.catching_up import entrances
from taskflow.features.sync.cursor import Place, moment, seal
from taskflow.foundation.backend import Backend
from taskflow.foundation.redis import keys
from tests.client import Client

Cursors = dict[str, str]
LOST_FUTURE = 10**9


async def synced(who: Client, cursors: Cursors, **headers: str) -> Response:
    answer = await who.post("/api/v1/sync", {"cursors": cursors}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


async def loaded(who: Client) -> tuple[dict[str, Any], Cursors]:
    """The pages of all spaces, and the cursors behind them."""
    pages: dict[str, Any] = (await synced(who, {})).json()["spaces"]
    return pages, {space: page["cursor"] for space, page in pages.items()}


async def written_unheard(backend: Backend, space: str, before: int) -> int:
    """A write whose word was lost: Redis knows the number before it; the write's number."""
    await backend.redis.set(keys.known(space), before, px=30_000)
    async with backend.database.transaction(UUID(space)) as transaction:
        number: int | None = await take(transaction, UUID(space), 1)
    assert number is not None
    return number


async def known(backend: Backend, space: str) -> int | None:
    """What Redis has."""
    found = await backend.redis.get(keys.known(space))
    return None if found is None else int(found)


async def test_a_number_that_was_missing_is_known_after_a_sync(ada: Client, backend: Backend) -> None:
    assert await known(backend, ada.id) is None

    pages, _ = await loaded(ada)

    assert await known(backend, ada.id) == pages[ada.id]["seq"]


async def test_who_has_seen_more_than_is_known_is_answered_from_the_database(ada: Client, backend: Backend) -> None:
    team = (await ada.post("/api/v1/spaces", {"name": "Team"})).json()["id"]
    for space in (ada.id, team):
        pages, cursors = await loaded(ada)
        number = await written_unheard(backend, space, pages[space]["seq"])

        answer = await synced(ada, cursors, **{"taskflow-seq": f"{space}={number}"})

        assert answer.json()["spaces"][space]["seq"] == number
        assert await known(backend, space) == number


async def test_what_the_database_says_of_who_is_where_is_made_known(ada: Client, backend: Backend) -> None:
    pages, cursors = await loaded(ada)
    team = (await ada.post("/api/v1/spaces", {"name": "Team"})).json()["id"]
    await backend.redis.set(keys.known(ada.id), pages[ada.id]["seq"], px=30_000)
    entrances.held.pop(UUID(ada.id), None)  # as in another process

    first = (await synced(ada, cursors)).json()["spaces"]
    again = (await synced(ada, cursors)).json()["spaces"]

    assert team in first
    assert team in again, "a space that was shown is not gone"
    assert (await known(backend, ada.id) or 0) > pages[ada.id]["seq"]


async def test_a_space_without_room_is_told_of_by_its_own_number(ada: Client, backend: Backend) -> None:
    made = (await ada.post("/api/v1/spaces", {"name": "Team"})).json()
    for _ in range(70):
        await ada.task(description="x" * 16_000)
    lost = seal(backend.keyring, UUID(made["id"]), Place(made["seq"] + LOST_FUTURE, moment()))

    page = (await synced(ada, {made["id"]: lost})).json()["spaces"][made["id"]]

    assert page["more"]
    assert page["resync"]
    assert made["seq"] <= page["seq"] < made["seq"] + LOST_FUTURE
