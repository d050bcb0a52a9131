"""The gate: whose limit a request spends, and whose it is at all."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from taskflow.foundation.limits import Rate
from taskflow.foundation.settings import Settings
from tests.api.two import Process, process
from tests.client import PASSWORD, Client
from tests.foundation.redis.store import Store

TASKS = "/api/v1/tasks"


@pytest.fixture
async def narrow(settings: Settings, store: Store) -> AsyncIterator[Process]:
    """A process that lets four requests of an address through, and five of a user."""
    there = replace(settings, redis_url=store.url, workers=1)
    async with process(replace(there, rate_limit_ip=Rate(4, 3600), rate_limit_user=Rate(5, 3600)), 1) as one:
        yield one


@pytest.fixture
def fresh(store: Store) -> Iterator[Store]:
    """The store, running again and empty afterwards."""
    yield store
    if store.process is None:
        store.start()
    forget(store)


def forget(store: Store) -> None:
    with store.client() as redis:
        redis.flushall()


def forget_the_limits(store: Store) -> None:
    with store.client() as redis:
        for key in redis.scan_iter("limit:*"):
            redis.delete(key)


@pytest.mark.parametrize("lost", [forget_the_limits, forget, Store.kill], ids=["nothing", "sessions", "redis"])
async def test_a_token_of_an_ended_session_spends_the_limit_of_its_address_and_not_its_owners(
    both: list[Client], narrow: Process, fresh: Store, lost: Callable[[Store], None]
) -> None:
    ada, _ = both
    credentials = {"email": ada.signed_in["user"]["email"], "password": PASSWORD}
    thief = Client(narrow.http, (await ada.post("/api/v1/auth/login", credentials)).json())
    await ada.post("/api/v1/auth/logout", {"refresh_token": thief.signed_in["refresh_token"]})
    lost(fresh)

    stolen = [await thief.get(TASKS) for _ in range(6)]
    own = [await narrow.client(ada).get(TASKS) for _ in range(6)]

    assert [answer.status_code for answer in stolen] == [401] * 4 + [429] * 2
    assert {answer.headers["ratelimit-policy"] for answer in stolen} == {'"ip";q=4;w=3600'}
    assert [answer.status_code for answer in own] == [200] * 5 + [429]
    assert {answer.headers["ratelimit-policy"] for answer in own} == {'"user";q=5;w=3600'}


async def test_of_an_ended_session_the_database_is_asked_once(
    both: list[Client], narrow: Process, fresh: Store
) -> None:
    ada, _ = both
    await ada.post("/api/v1/auth/logout", {"refresh_token": ada.signed_in["refresh_token"]})
    forget(fresh)
    await narrow.client(ada).get(TASKS)

    await narrow.backend.database.close()
    again = await narrow.client(ada).get(TASKS)

    assert again.status_code == 401


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("space={eve}", 404, "space_not_found"),
        ("%73pace={eve}", 404, "space_not_found"),
        ("%73%70%61%63%65={eve}", 404, "space_not_found"),
        ("spac%65=%30{eve_but_one}", 404, "space_not_found"),
        ("space={eve}&space={eve}", 400, "bad_query"),
        ("space={ada}&%73pace={eve}", 400, "bad_query"),
        ("%73pace={eve}&space={ada}", 400, "bad_query"),
        ("space=", 422, "invalid"),
        ("%73pace=", 422, "invalid"),
        ("space", 400, "bad_query"),
        ("%2573pace={eve}", 400, "bad_query"),
        ("space={ada},{eve}", 422, "invalid"),
    ],
)
async def test_however_a_query_writes_its_space_nothing_is_made_in_another(
    both: list[Client], query: str, status: int, code: str
) -> None:
    ada, other = both
    eve = (await other.registered()).id
    asked = query.format(ada=ada.id, eve=eve, eve_but_one=eve[1:])

    made = await ada.post(f"{TASKS}?{asked}", {"title": "x"})

    assert (made.status_code, made.json()["code"]) == (status, code)
    assert (await ada.get(TASKS)).json()["items"] == []


@pytest.mark.parametrize("query", ["space={ada}", "%73pace={ada}", "space=%30{ada_but_one}"])
async def test_however_a_query_writes_ones_own_space_it_is_found(both: list[Client], query: str) -> None:
    ada, _ = both

    made = await ada.post(f"{TASKS}?{query.format(ada=ada.id, ada_but_one=ada.id[1:])}", {"title": "x"})

    assert (made.status_code, made.json()["space_id"]) == (201, ada.id)


async def test_of_a_space_that_is_not_ones_own_the_gate_takes_no_lease(both: list[Client], store: Store) -> None:
    ada, other = both
    eve = (await other.registered()).id

    await ada.get(f"{TASKS}?space={eve}")

    with store.client() as redis:
        assert redis.keys(f"known:*{eve}*") == []


@pytest.mark.parametrize("other", ["Bearer {token}", "Basic YTpi", "Bearer x", ""])
async def test_a_request_with_two_authorizations_has_none(both: list[Client], other: str) -> None:
    ada, _ = both
    token = ada.signed_in["access_token"]
    lines = [("authorization", line.format(token=token)) for line in ("Bearer {token}", other)]

    answers = [await ada.http.get(TASKS, headers=headers) for headers in (lines, lines[::-1], lines[:1])]

    assert [answer.status_code for answer in answers] == [401, 401, 200]


@pytest.mark.usefixtures("fresh")
async def test_the_limit_says_what_is_left_behind_all_commands_of_a_call(both: list[Client], narrow: Process) -> None:
    ada = narrow.client(both[0])
    commands = [{"id": str(uuid4()), "type": "fold_task"} for _ in range(60)]  # cost 3

    answers = [await ada.post("/api/v1/sync", {"commands": each}) for each in (commands, [], commands)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["ratelimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0"]
