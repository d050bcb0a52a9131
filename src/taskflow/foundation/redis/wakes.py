"""Wakes: what is published on the channels that a process listens to; its one connection comes back by itself."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import hiredis
from redis.asyncio import Redis
from redis.exceptions import RedisError

from taskflow.foundation.redis.connection import dialled
from taskflow.foundation.redis.line import packed, settle

TIMEOUT_S = 2.0
AGAIN_S = 0.1
# A connection that is dead and does not say so is noticed after twice this.
PING_EVERY_S = 2.0
TOGETHER = 1_000

Heard = Callable[[str, bytes], None]
log = logging.getLogger(__name__)


class Wakes:
    """Listens while it is open; `heard` gets a channel and what was said there, `back` is called after each loss.

    What was said while the connection was lost is lost: whoever is called back asks what has become of things.
    """

    def __init__(self, redis: Redis, heard: Heard, back: Callable[[], None]) -> None:
        """Listen to nothing yet."""
        self._pool, self._heard, self._back = redis.connection_pool, heard, back
        self._channels: set[str] = set()
        self._ear: _Ear | None = None
        self._staying: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()

    def open(self) -> None:
        """Connect, and stay so."""
        if self._staying is None:
            self._staying = asyncio.get_running_loop().create_task(self._stay())

    def close(self) -> None:
        """Let go, and forget all channels."""
        self._channels.clear()
        self._tried.clear()
        if self._staying:
            self._staying.cancel()
            self._staying = None

    async def watch(self, channels: Iterable[str]) -> None:
        """Return when nothing that is said there from now on is missed; after 2 s where Redis is down."""
        new = set(channels) - self._channels
        self._channels |= new
        await self._tried.wait()
        if self._ear:
            self._ear.say("SUBSCRIBE", new)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ear.answer(), TIMEOUT_S)

    def leave(self, channels: Iterable[str]) -> None:
        """Listen there no longer."""
        old = set(channels) & self._channels
        self._channels -= old
        if self._ear:
            self._ear.say("UNSUBSCRIBE", old)

    async def _stay(self) -> None:
        first = True
        while True:
            ear = _Ear(self._heard)
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    ear.listen(await dialled(self._pool))
                    ear.say("SUBSCRIBE", self._channels)
                    self._ear = ear
                    await ear.answer()
                self._tried.set()
                if not first:
                    self._back()
                first = False
                await ear.hear_on()
            except (RedisError, OSError):
                first = False
            finally:
                self._ear = None
                ear.give_up()
            self._tried.set()
            await asyncio.sleep(AGAIN_S)


class _Ear(asyncio.Protocol):
    """A connection that redis-py has opened, and that only listens from now on."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._reader = hiredis.Reader(notEnoughData=NotImplemented)
        self._answers: deque[asyncio.Future[Any]] = deque()
        self._writer: asyncio.StreamWriter | None = None
        self._over = False

    def listen(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer  # kept, for it closes the transport when it is collected
        writer.transport.set_protocol(self)

    def say(self, word: str, channels: Iterable[str]) -> None:
        named = list(channels)
        for start in range(0, len(named), TOGETHER):
            self._write(packed(word, *named[start : start + TOGETHER]))

    def answer(self) -> asyncio.Future[Any]:
        """Settled when Redis has done all that it was told before."""
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self._over:
            done.set_result(None)
        else:
            self._answers.append(done)
            self._write(packed("PING"))
        return done

    async def hear_on(self) -> None:
        """Return when the connection is lost; raises TimeoutError (an OSError) when it is dead."""
        while not self._over:
            await asyncio.sleep(PING_EVERY_S)
            await asyncio.wait_for(self.answer(), PING_EVERY_S)

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        while (reply := self._reader.gets()) is not NotImplemented:
            self._take(reply)

    def _take(self, reply: Any) -> None:
        """A message, the answer to a PING, or the word of a subscription (which says nothing)."""
        if not isinstance(reply, list) or reply[0] == b"pong":
            if self._answers:
                settle(self._answers.popleft(), None)
        elif reply[0] == b"message":
            try:
                self._heard(reply[1].decode(), reply[2])
            except Exception:
                log.exception("what listens to Redis failed")

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._over = True
        while self._answers:
            settle(self._answers.popleft(), None)

    def give_up(self) -> None:
        if self._writer:
            self._writer.transport.abort()

    def _write(self, words: bytes) -> None:
        if self._writer and not self._over:
            self._writer.transport.write(words)
