"""Sockets that end: tokens, sessions and servers do, and nothing is left of them."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from taskflow.features.spaces.work import Work
from taskflow.features.sync.live.times import Times
from taskflow.foundation.clock import now
from taskflow.foundation.redis import keys
from taskflow.foundation.settings import Settings
from tests.client import Client
from tests.features.spaces.team import waiting
from tests.features.sync.live.sockets import Serving, closed, serving
from tests.foundation.redis.store import Store

SECOND = timedelta(seconds=1)


async def test_a_bad_token_and_one_of_an_ended_session_are_refused(both: list[Serving], ada: Client) -> None:
    await ada.post("/api/v1/auth/logout", {"refresh_token": ada.signed_in["refresh_token"]})

    codes = []
    for client in (Client(ada.http, {"access_token": "x.y.z"}), ada):
        async with both[1].socket() as live:
            await live.hello(client)
            codes.append(live.code)

    assert codes == [4401, 4403]


async def test_a_session_that_is_revoked_is_cut_off_everywhere_and_the_others_go_on(
    both: list[Serving], ada: Client
) -> None:
    password = {"email": ada.signed_in["user"]["email"], "password": "correct horse battery 9"}
    second = Client(ada.http, (await ada.post("/api/v1/auth/login", password)).json())
    async with both[0].socket() as one, both[1].socket() as other, both[1].socket() as first:
        for live, client in ((one, second), (other, second), (first, ada)):
            await live.hello(client)

        await second.post("/api/v1/auth/logout", {"refresh_token": second.signed_in["refresh_token"]})

        assert [await one.ends(), await other.ends()] == [4403, 4403]
        assert await first.quiet()


async def test_a_revocation_that_nobody_told_of_is_found(settings: Settings, ada: Client, store: Store) -> None:
    there = replace(settings, redis_url=store.url, workers=2)
    async with serving(there, Times(sessions_s=0.05)) as process, process.socket() as live:
        await live.hello(ada)
        session_id = process.backend.tokens.verify(ada.signed_in["access_token"])
        assert session_id

        with store.client() as redis:
            redis.set(keys.session(ada.id, session_id.session_id), "revoked")

        assert await live.ends() == 4403


async def test_a_token_that_runs_out_ends_the_socket_unless_another_was_shown(both: list[Serving], ada: Client) -> None:
    backend = both[0].backend
    caller = backend.tokens.verify(ada.signed_in["access_token"])
    assert caller
    issued = now()
    short = backend.tokens.mint(
        caller.account_id, caller.session_id, issued, issued.replace(microsecond=0) + 2 * SECOND
    )
    async with both[0].socket() as one, both[0].socket() as renewed:
        for live in (one, renewed):
            await live.hello(Client(ada.http, {"access_token": short}))
        await renewed.hello(ada)

        assert await one.ends() == 4401
        assert await renewed.quiet()


async def test_somebody_else_may_not_take_a_socket_over(both: list[Serving], ada: Client, mia: Client) -> None:
    async with both[0].socket() as live:
        await live.hello(ada)

        assert await live.hello(mia) is None
        assert live.code == 4401


async def test_nothing_listens_where_there_are_no_sockets(both: list[Serving], ada: Client) -> None:
    async with both[0].socket() as live:
        await live.hello(ada)
    hub = both[0].application.hub

    await closed(both[0])

    assert (hub.watched, hub.accounts) == ({}, {})


async def test_who_is_drained_is_told_when_to_come_back(settings: Settings, ada: Client, store: Store) -> None:
    there = replace(settings, redis_url=store.url, workers=2)
    async with serving(there) as process, process.socket() as live:
        await live.hello(ada)
        task_id = str(uuid4())
        await live.say(type="commands", commands=[{"id": task_id, "type": "create_task", "args": {"title": "Late"}}])
        await live.until("results")

        process.drain.begin()
        told = await live.until("drain")

        assert 0 <= told["retry_after"] <= 1
        assert await live.ends() == 1012


async def test_commands_that_are_under_way_are_answered_before_a_drained_socket_is_closed(
    settings: Settings, ada: Client, store: Store
) -> None:
    there = replace(settings, redis_url=store.url, workers=2)
    command = {"id": str(uuid4()), "type": "create_task", "args": {"title": "Late"}}
    async with serving(there) as process, process.socket() as live:
        await live.hello(ada)

        async with Work(process.backend.database, UUID(ada.id)) as work:
            await work.take(0)
            await live.say(type="commands", commands=[command])
            await waiting(process.backend)
            process.drain.begin()
            assert await live.until("drain")

        answered = await live.until("results")
        assert [(result["id"], result["ok"]) for result in answered["results"]] == [(command["id"], True)]
        assert await live.ends() == 1012
