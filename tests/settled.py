"""A Redis that is gone by: every process waits a while after it has found it."""

import asyncio

from taskflow.foundation.redis.ask import Ask
from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.redis.turn import Turn


async def settled(turn: Turn) -> None:
    """Return when a process goes by the numbers of its Redis."""
    await found(turn)
    while not turn.settled():  # noqa: ASYNC110 - it is the clock that tells
        await asyncio.sleep(0.05)


async def found(turn: Turn) -> None:
    """Return when a process has found its Redis."""
    while True:
        try:
            await turn.ask(Ask())
        except RedisDown:
            await asyncio.sleep(0.01)
        else:
            return
