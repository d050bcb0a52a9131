"""All that the requests of one event-loop turn ask of Redis, in one script call."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from functools import partial
from itertools import count, repeat
from typing import Any, TypeVar
from uuid import uuid4

from redis.asyncio import Redis

from taskflow.foundation.redis.ask import Ask, Reply, Session, arguments, replies
from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.redis.known import Raise
from taskflow.foundation.redis.line import settle
from taskflow.foundation.redis.publishing import Publishing, Raised
from taskflow.foundation.redis.script import Script

# The script spreads the keys of the asks over Lua's stack, which ends at 2,700 asks.
TOGETHER = 500
REVOKED_MS = 15 * 60 * 1000
# A Redis that was killed is found again by every process in 0.1 s, and told what was written meanwhile.
SETTLE_S = 2.0

T = TypeVar("T")
log = logging.getLogger(__name__)
Then = Callable[[Reply | RedisDown], None]


class Turn:
    """Gathers asks and raises until the loop turns, then sends them together. Belongs to one event loop."""

    def __init__(self, redis: Redis) -> None:
        """Open nothing yet: the first ask does."""
        self._script = Script.named(redis, "turn.lua")
        self._publishing = Publishing(self.submit_raise)
        self._asks: list[tuple[Ask, Then]] = []
        self._raises: list[tuple[Raise, Raised]] = []
        self._scheduled = False
        self._name = uuid4().hex
        self._calls = count()

    async def ask(self, ask: Ask) -> Reply:
        """Ask together with the others of this turn. Raises RedisDown."""
        done: asyncio.Future[Reply | RedisDown] = asyncio.get_running_loop().create_future()
        self.submit(ask, partial(settle, done))
        reply = await done
        if isinstance(reply, RedisDown):
            raise RedisDown(*reply.args) from reply
        return reply

    async def ask_all(self, asks: Iterable[Ask]) -> list[Reply]:
        """Ask for several in one call. Raises RedisDown."""
        done: list[asyncio.Future[Reply | RedisDown]] = []
        for ask in asks:
            done.append(asyncio.get_running_loop().create_future())
            self.submit(ask, partial(settle, done[-1]))
        found = []
        for reply in await asyncio.gather(*done):
            if isinstance(reply, RedisDown):
                raise RedisDown(*reply.args) from reply
            found.append(reply)
        return found

    def submit(self, ask: Ask, then: Then) -> None:
        """Ask without a task: `then` is called with the reply, or with the RedisDown."""
        self._asks.append((ask, then))
        self._schedule()

    def settled(self) -> bool:
        """Whether numbers may be gone by: a Redis that has just come back has not heard of all that was written."""
        return asyncio.get_running_loop().time() - self._script.connected_at >= SETTLE_S

    async def raise_number(self, key: str, number: int, lease: str | None) -> None:
        """Make a number known that was read (`lease` as the reply had it) or written (None). Raises RedisDown.

        One that is there only grows, and lives 30 s from then. A missing one is set by the holder of the lease alone;
        anyone else takes the lease away.
        """
        done: asyncio.Future[RedisDown | None] = asyncio.get_running_loop().create_future()
        self.submit_raise(Raise(key, number, lease or ""), partial(settle, done))
        if error := await done:
            raise RedisDown(*error.args) from error

    async def raise_all(self, numbers: Iterable[Raise]) -> None:
        """Make several numbers known that were read, in one call; a Redis that is down knows none."""
        done: list[asyncio.Future[RedisDown | None]] = []
        for number in numbers:
            done.append(asyncio.get_running_loop().create_future())
            self.submit_raise(number, partial(settle, done[-1]))
        await asyncio.gather(*done)

    def submit_raise(self, number: Raise, then: Raised) -> None:
        """Raise without a task: `then` is called with None, or with the RedisDown."""
        self._raises.append((number, then))
        self._schedule()

    async def publish(self, key: str, number: int, channel: str = "") -> None:
        """Make a written number known and wake the channel: returns after 1 s at most, and goes on trying for 30 s."""
        await self._publishing.publish(Raise(key, number, "", channel))

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._scheduled = False
        asks, self._asks = self._asks, []
        raises, self._raises = self._raises, []
        for start in range(0, max(len(asks), len(raises)), TOGETHER):
            end = start + TOGETHER
            self._call(asks[start:end], raises[start:end])

    def _call(self, asks: list[tuple[Ask, Then]], raises: list[tuple[Raise, Raised]]) -> None:
        lease = f"{self._name}.{next(self._calls)}"
        keys, args = arguments([ask for ask, _ in asks], [number for number, _ in raises], lease)
        self._script.submit(keys, args, partial(_replied, asks, raises, lease))

    async def remember_session(self, key: str, ttl_ms: int) -> Session:
        """Put a session back that PostgreSQL has, unless it was revoked meanwhile: says which. Raises RedisDown."""
        was = await self.command("SET", key, "1", "NX", "GET", "PX", ttl_ms)
        return "revoked" if was == b"revoked" else "alive"

    async def revoke_session(self, key: str) -> None:
        """Revoke a session for as long as an access token lives, 15 min. Raises RedisDown."""
        await self.command("SET", key, "revoked", "PX", REVOKED_MS)

    async def command(self, *words: str | int | bytes) -> Any:
        """Send one command by itself and return its reply. Raises RedisDown, also where it was refused."""
        return await self._script.command(*words)

    async def close(self) -> None:
        """Let go; whoever waits or asks from now on gets RedisDown."""
        await self._publishing.close()
        await self._script.close()


def _replied(
    asks: list[tuple[Ask, Then]], raises: list[tuple[Raise, Raised]], lease: str, reply: bytes | RedisDown
) -> None:
    error = reply if isinstance(reply, RedisDown) else None
    each: Iterable[Reply | RedisDown] = repeat(reply) if isinstance(reply, RedisDown) else replies(reply, lease)
    for (_, then), answer in zip(asks, each, strict=False):
        _guarded(then, answer)
    for _, raised in raises:
        _guarded(raised, error)


def _guarded(then: Callable[[T], None], outcome: T) -> None:
    try:
        then(outcome)
    except Exception:
        log.exception("what waited for Redis failed")
