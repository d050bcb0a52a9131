"""Sockets that say nothing, garbage or too much, or never read: the others are undisturbed."""

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from uuid import uuid4

import pytest

from taskflow.features.sync.live.times import SOCKETS_MOST, STRANGERS_MOST, Times
from taskflow.foundation.limits import Rate
from taskflow.foundation.redis import keys
from taskflow.foundation.settings import Settings
from tests.client import Client
from tests.features.sync.live.sockets import Serving, closed, serving
from tests.foundation.redis.store import Store


@pytest.mark.parametrize(
    "text",
    [
        *("", "no JSON", "[]", "{}", '{"type": "sing"}', '{"type": "commands"}'),
        *('{"type": "commands", "commands": [{}]}', '{"type": "commands", "commands": [], "x": 1}', "[" * 5000),
        *('{"type": "hello"}', '{"type": "hello", "access_token": 1}'),
    ],
)
async def test_garbage_is_answered_with_a_problem_and_the_socket_goes_on(
    both: list[Serving], ada: Client, text: str
) -> None:
    async with both[0].socket() as live:
        await live.hello(ada)

        await live.say_text(text)
        answered = await live.hear()

        assert answered["type"] == "problem"
        assert answered["status"] in {400, 422}
        assert await live.quiet()


@pytest.mark.parametrize("text", ["", "no JSON", '{"type": "commands", "commands": []}', '{"type": "hello"}'])
async def test_who_begins_with_anything_but_a_hello_is_asked_who_they_are(both: list[Serving], text: str) -> None:
    async with both[0].socket() as live:
        await live.say_text(text)

        assert await live.ends() == 4401


async def test_who_says_nothing_is_asked_who_they_are(settings: Settings) -> None:
    async with serving(settings, Times(hello_s=0.01)) as process, process.socket() as live:
        assert await live.ends() == 4401


async def test_a_frame_that_is_too_large_ends_its_socket_alone(both: list[Serving], ada: Client) -> None:
    async with both[0].socket() as large, both[0].socket() as other:
        await large.hello(ada)
        await other.hello(ada)

        await large.say_text("x" * 5_000_000)

        assert await large.ends() == 4429
        assert await other.quiet()


async def test_who_asks_and_never_reads_is_sent_away_and_the_others_go_on(
    settings: Settings, both: list[Serving], ada: Client, store: Store
) -> None:
    there = replace(settings, redis_url=store.url, workers=2)
    for _ in range(10):
        await ada.task("Long", description="x" * 16_000)
    async with serving(there, Times(send_s=0.2)) as process, both[1].socket() as other, process.socket() as deaf:
        await other.hello(ada)

        for _ in range(100):
            await deaf.say(type="hello", access_token=ada.signed_in["access_token"])
        task = await ada.task("For the others")

        assert await other.brings(task["id"])
        await closed(process)
        assert await deaf.ends() == 4409


async def test_who_takes_no_ping_is_sent_away(settings: Settings, ada: Client, store: Store) -> None:
    there = replace(settings, redis_url=store.url, workers=2)
    async with serving(there, ping_s=0.1) as process, process.socket() as deaf:
        await deaf.hello(ada)

        await closed(process)

        assert await deaf.ends() == 4409


async def test_messages_count_against_the_user(settings: Settings, store: Store, ada: Client) -> None:
    there = replace(settings, redis_url=store.url, workers=2, rate_limit_user=Rate(6, 3600))
    command = {"type": "update_task", "args": {}}
    async with serving(there) as process, process.socket() as live:
        with store.client() as redis:
            redis.delete(keys.limit(ada.id))
        await live.hello(ada)
        await live.say_text("garbage")
        await live.say(type="commands", commands=[{"id": str(uuid4()), **command} for _ in range(61)])  # costs 4
        await live.say_text("garbage")

        assert [(await live.hear())["type"] for _ in range(2)] == ["problem", "results"]
        assert await live.ends() == 4429


async def test_an_account_has_no_more_than_so_many_sockets_on_a_process(both: list[Serving], ada: Client) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(SOCKETS_MOST):
            await (await stack.enter_async_context(both[0].socket())).hello(ada)
        one_more = await stack.enter_async_context(both[0].socket())

        assert await one_more.hello(ada) is None
        assert one_more.code == 4429


async def test_an_address_has_no_more_than_so_many_sockets_that_have_not_said_hello(
    settings: Settings, store: Store, ada: Client
) -> None:
    there = replace(settings, redis_url=store.url, workers=2)
    async with serving(there) as process, AsyncExitStack() as stack:
        silent = [await stack.enter_async_context(process.socket()) for _ in range(STRANGERS_MOST)]
        one_more = await stack.enter_async_context(process.socket())
        await silent[0].hello(ada)
        silent[1].close()
        while len(process.application.hub.sessions) == STRANGERS_MOST:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
        again = [await stack.enter_async_context(process.socket()) for _ in range(3)]

        assert (one_more.status, json.loads(one_more.refusal)["code"]) == (429, "rate_limited")
        assert [each.status for each in again] == [101, 101, 429]
        assert (await again[0].hello(ada))["type"] == "changes"
    assert not process.application.hub.strangers


async def test_half_a_character_refuses_its_command_alone(both: list[Serving], ada: Client) -> None:
    async with both[0].socket() as live:
        await live.hello(ada)

        await live.say(
            type="commands", commands=[{"id": str(uuid4()), "type": "create_task", "args": {"title": "\ud83d"}}]
        )
        results = (await live.until("results"))["results"]

        assert [result["problem"]["code"] for result in results] == ["invalid"]
