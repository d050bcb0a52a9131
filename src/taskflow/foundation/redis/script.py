"""A Lua script that Redis keeps by its digest."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import files
from typing import Any, Self

import hiredis
from redis.asyncio import Redis

from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.redis.line import Line, packed, settle

Then = Callable[[Any], None]


class Script:
    """A script over a line of its own; it is sent again by itself where Redis has forgotten it."""

    def __init__(self, redis: Redis, source: str) -> None:
        """Open nothing yet: the first call does."""
        self._line = Line(redis)
        self._source = source
        self._digest = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()

    @classmethod
    def named(cls, redis: Redis, name: str) -> Self:
        """Make the script of a file in this folder."""
        return cls(redis, files("taskflow.foundation.redis").joinpath(name).read_text(encoding="utf-8"))

    @property
    def connected_at(self) -> float:
        """When the connection that is used now was made, by the loop's clock; infinity before the first."""
        return self._line.connected_at

    async def command(self, *words: str | int | bytes) -> Any:
        """Send one command over the same line and return its reply. Raises RedisDown, also where it was refused."""
        return await self._line.command(*words)

    async def call(self, keys: Sequence[str], args: Sequence[str | int]) -> Any:
        """Run it. Raises RedisDown; it may have run all the same, and twice where the connection was lost."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.submit(keys, args, partial(settle, answer))
        reply = await answer
        if isinstance(reply, RedisDown):
            raise RedisDown(*reply.args) from reply
        return reply

    def submit(self, keys: Sequence[str], args: Sequence[str | int], then: Then) -> None:
        """Run it without a task: `then` is called with the reply, or with the RedisDown."""
        call = (len(keys), *keys, *args)
        self._line.send(packed("EVALSHA", self._digest, *call), partial(self._replied, call, then))

    def _replied(self, call: tuple[str | int, ...], then: Then, reply: Any) -> None:
        if not isinstance(reply, hiredis.ReplyError):
            then(reply)
        elif str(reply).startswith("NOSCRIPT"):
            self._line.send(packed("EVAL", self._source, *call), partial(_sent_again, then))
        else:
            then(RedisDown(str(reply)))

    async def close(self) -> None:
        """Close the line; whoever waits or calls gets RedisDown."""
        await self._line.close()


def _sent_again(then: Then, reply: Any) -> None:
    then(RedisDown(str(reply)) if isinstance(reply, hiredis.ReplyError) else reply)
