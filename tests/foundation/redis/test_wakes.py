"""Wakes: whatever is said on a channel that is listened to is heard, and a loss is told of."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from taskflow.foundation.redis.connection import open_redis
from taskflow.foundation.redis.wakes import Wakes
from tests.foundation.redis.store import Store


class Listener:
    """What was heard, and how often the connection came back."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self.back: asyncio.Queue[None] = asyncio.Queue()

    def hear(self, channel: str, said: bytes) -> None:
        self.heard.put_nowait((channel, said))
        if said == b"break":
            raise ValueError

    def come_back(self) -> None:
        self.back.put_nowait(None)


@pytest.fixture
async def listener() -> Listener:
    return Listener()


@pytest.fixture
async def wakes(store: Store, listener: Listener) -> AsyncIterator[Wakes]:
    redis = await open_redis(store.url)
    wakes = Wakes(redis, listener.hear, listener.come_back)
    wakes.open()
    yield wakes
    wakes.close()
    await redis.aclose()


async def test_what_is_said_after_a_watch_is_heard_and_after_a_leave_it_is_not(
    store: Store, wakes: Wakes, listener: Listener
) -> None:
    with store.client() as redis:
        await wakes.watch(["a", "b"])
        redis.publish("a", "1")
        redis.publish("c", "2")
        wakes.leave(["a"])
        await wakes.watch(["c"])
        redis.publish("a", "3")
        redis.publish("c", "4")
        redis.publish("b", "5")

    heard = [await listener.heard.get() for _ in range(3)]
    assert heard == [("a", b"1"), ("c", b"4"), ("b", b"5")]


async def test_a_listener_that_fails_hears_the_next_one_all_the_same(
    store: Store, wakes: Wakes, listener: Listener
) -> None:
    await wakes.watch(["a"])

    with store.client() as redis:
        redis.publish("a", "break")
        redis.publish("a", "1")

    assert [(await listener.heard.get())[1] for _ in range(2)] == [b"break", b"1"]


async def test_a_connection_that_was_cut_comes_back_with_its_channels_and_says_so(
    store: Store, wakes: Wakes, listener: Listener
) -> None:
    await wakes.watch(["a"])

    with store.client() as redis:
        redis.client_kill_filter(_type="pubsub")
        await listener.back.get()
        redis.publish("a", "1")

    assert await listener.heard.get() == ("a", b"1")


async def test_a_redis_that_was_not_there_is_listened_to_when_it_comes(
    store: Store, wakes: Wakes, listener: Listener
) -> None:
    await wakes.watch(["a"])
    store.kill()
    await wakes.watch(["b"])
    store.start()

    await listener.back.get()
    with store.client() as redis:
        redis.publish("b", "1")

    assert await listener.heard.get() == ("b", b"1")
