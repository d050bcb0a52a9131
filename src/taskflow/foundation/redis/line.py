"""One connection to Redis: commands follow each other without waiting, and each is answered in its turn."""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import ConnectionPool
from redis.exceptions import RedisError

from taskflow.foundation.redis.connection import RedisDown, dialled

TIMEOUT_S = 2.0
PROBE_EVERY_S = 0.1
# What a server that is no longer the primary answers: the next connection finds the one that is.
DEMOTED = "READONLY"

Then = Callable[[Any], None]
log = logging.getLogger(__name__)


class Line:
    """Sends packed commands, connects again by itself, and says RedisDown where no answer comes within 2 s.

    A command on its way when the connection is lost is sent once more, so it may run twice.
    While Redis is down everybody is told so at once; one attempt at a time finds out whether it is back.
    """

    def __init__(self, redis: Redis) -> None:
        """Open nothing yet: the first command does."""
        self._pool = redis.connection_pool
        self._wire: _Wire | None = None
        self._unsent: deque[_Command] = deque()
        self._opening: asyncio.Task[None] | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._down: RedisDown | None = None
        self._probe_at = 0.0
        self._closed = False
        self.connected_at = math.inf

    async def command(self, *words: str | int | bytes) -> Any:
        """Send one command and return its reply. Raises RedisDown, also where it was refused."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.send(packed(*words), partial(settle, answer))
        reply = await answer
        if isinstance(reply, (RedisDown, hiredis.ReplyError)):
            raise RedisDown(*reply.args) from reply
        return reply

    def send(self, words: bytes, then: Then) -> None:
        """Send a packed command; `then` is called with its reply, a hiredis.ReplyError, or a RedisDown."""
        command = _Command(words, then, asyncio.get_running_loop().time() + TIMEOUT_S)
        if self._wire:
            self._wire.send(command)
            self._arm()
        elif self._down:
            command.tell(self._down)
            self._probe()
        else:
            self._unsent.append(command)
            self._open()

    def _probe(self) -> None:
        if not self._closed and asyncio.get_running_loop().time() >= self._probe_at:
            self._open()

    def _open(self) -> None:
        if not self._opening:
            self._opening = asyncio.get_running_loop().create_task(self._connect())

    async def _connect(self) -> None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                self._wire = await _connected(self._pool, self._lost)
        except (RedisError, OSError) as error:
            self._fail(self._unsent, str(error))
        else:
            self._down, self.connected_at = None, asyncio.get_running_loop().time()
            while self._unsent:
                self._wire.send(self._unsent.popleft())
            self._arm()
        finally:
            self._opening = None

    def _arm(self) -> None:
        if not self._watch and self._wire and self._wire.sent:
            self._watch = asyncio.get_running_loop().call_at(self._wire.sent[0].until, self._look)

    def _look(self) -> None:
        """Give the connection up when its oldest command has waited too long; one timer watches all of them."""
        self._watch = None
        wire = self._wire
        if wire and wire.sent and wire.sent[0].until <= asyncio.get_running_loop().time():
            self._wire = None
            self._fail(wire.give_up(), "")
        self._arm()

    def _lost(self, wire: "_Wire") -> None:
        if self._wire is wire:
            self._wire = None
        commands = wire.give_up()
        self._unsent.extend(command for command in commands if command.tries == 1 and not self._closed)
        if self._unsent:
            self._open()
        if over := deque(command for command in commands if command.tries > 1 or self._closed):
            self._fail(over, "the connection was lost")

    def _fail(self, commands: "deque[_Command]", reason: str) -> None:
        self._down = RedisDown(reason or f"no answer within {TIMEOUT_S:.0f} s")
        self._probe_at = asyncio.get_running_loop().time() + PROBE_EVERY_S
        while commands:
            commands.popleft().tell(self._down)

    async def close(self) -> None:
        """Let go: what was written still arrives; whoever waits for an answer, or comes, gets RedisDown."""
        self._closed, self._down = True, RedisDown("closed")
        if self._opening:
            self._opening.cancel()
            await asyncio.wait((self._opening,))
        self._fail(self._unsent, "closed")
        if self._watch:
            self._watch.cancel()
        if self._wire:
            await self._wire.close()


class _Command:
    """A command on its way."""

    __slots__ = ("packed", "then", "tries", "until")

    def __init__(self, packed: bytes, then: Then, until: float) -> None:
        self.packed, self.then, self.until, self.tries = packed, then, until, 0

    def tell(self, outcome: Any) -> None:
        try:
            self.then(outcome)
        except Exception:
            log.exception("what waited for Redis failed")


class _Wire(asyncio.Protocol):
    """A connection that redis-py has opened, without the task and the stream that it would use for each reply.

    They cost 26 of 37 us of an ask that goes alone.
    """

    def __init__(self, writer: asyncio.StreamWriter, lost: Callable[["_Wire"], None]) -> None:
        # The writer is kept, for it closes the transport when it is collected.
        self._writer, self._transport = writer, writer.transport
        self._reader = hiredis.Reader(notEnoughData=NotImplemented)
        self._lost, self._over = lost, asyncio.get_running_loop().create_future()
        self.sent: deque[_Command] = deque()
        self._transport.set_protocol(self)

    def send(self, command: _Command) -> None:
        command.tries += 1
        self.sent.append(command)
        self._transport.write(command.packed)

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        while (reply := self._reader.gets()) is not NotImplemented:
            if isinstance(reply, hiredis.PushNotification):
                continue
            if isinstance(reply, hiredis.ReplyError) and str(reply).startswith(DEMOTED):
                self._transport.close()
            self.sent.popleft().tell(reply)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._over.set_result(None)
        self._lost(self)

    def give_up(self) -> deque[_Command]:
        sent, self.sent = self.sent, deque()
        self._transport.abort()
        return sent

    async def close(self) -> None:
        self._transport.close()
        await self._over


async def _connected(pool: ConnectionPool, lost: Callable[[_Wire], None]) -> _Wire:
    return _Wire(await dialled(pool), lost)


def packed(*command: str | int | bytes) -> bytes:
    """Lay a command out for the wire."""
    laid_out: bytes = hiredis.pack_command(command)  # type: ignore[arg-type]  # its stub knows tuples of one thing
    return laid_out


def settle(done: asyncio.Future[Any], outcome: Any) -> None:
    """Set the result, unless the one who waits was cancelled."""
    if not done.done():
        done.set_result(outcome)
