"""Numbers that were written and are to be known, tried again while Redis is down."""

import asyncio
from collections.abc import Callable
from functools import partial

from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.redis.known import Raise

WAIT_S = 1.0
RETRY_S = 0.1
# An older number lives 30 s at most: after that nobody can be misled any more.
KEEP_S = 30.0
# 20 MB; where there are more, the one nearest to its end goes.
KEYS = 50_000
TOGETHER = 500

Raised = Callable[[RedisDown | None], None]


class Publishing:
    """Keeps the newest number of each key that Redis did not take, for 30 s, and goes on trying."""

    def __init__(self, submit: Callable[[Raise, Raised], None]) -> None:
        """Take the function that raises numbers, several in one call."""
        self._submit = submit
        self._late: dict[str, _Late] = {}
        self._trying: asyncio.Task[None] | None = None
        self._closed = False

    async def publish(self, number: Raise) -> None:
        """Return when the number is known, or after 1 s."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        timer = loop.call_later(WAIT_S, _finish, done)
        self._submit(number, partial(self._first_try, number, done))
        try:
            await done
        finally:
            timer.cancel()
            if late := self._late.get(number.key):
                late.waiting.discard(done)

    def _first_try(self, number: Raise, done: asyncio.Future[None], error: RedisDown | None) -> None:
        if error is None or self._closed:
            _finish(done)
        else:
            self._keep(number, done)

    def _keep(self, number: Raise, done: asyncio.Future[None]) -> None:
        before = self._late.pop(number.key, None)
        newest = before.number if before and before.number.number > number.number else number
        late = _Late(newest, asyncio.get_running_loop().time() + KEEP_S, before.waiting if before else set())
        if not done.done():
            late.waiting.add(done)
        if len(self._late) >= KEYS:
            del self._late[next(iter(self._late))]
        # At the end of the dict, which is thereby in the order of the ends.
        self._late[number.key] = late
        if self._trying is None:
            self._trying = asyncio.get_running_loop().create_task(self._try_on())

    async def _try_on(self) -> None:
        try:
            while self._late:
                await asyncio.sleep(RETRY_S)
                self._forget_old()
                # One finds out whether Redis is back; the others follow when it is.
                if await self._try([late.number for late in self._late.values()][:1]):
                    await self._try_all()
        finally:
            self._trying = None

    def _forget_old(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._late and (first := next(iter(self._late.values()))).until < now:
            del self._late[first.number.key]

    async def _try_all(self) -> None:
        numbers = [late.number for late in self._late.values()]
        for start in range(0, len(numbers), TOGETHER):
            await self._try(numbers[start : start + TOGETHER])

    async def _try(self, numbers: list[Raise]) -> bool:
        """Say whether Redis took them all."""
        loop = asyncio.get_running_loop()
        tries: list[asyncio.Future[bool]] = []
        for number in numbers:
            tries.append(done := loop.create_future())
            self._submit(number, partial(self._tried, number, done))
        return all(await asyncio.gather(*tries))

    def _tried(self, number: Raise, done: asyncio.Future[bool], error: RedisDown | None) -> None:
        late = self._late.get(number.key)
        if error is None and late and late.number.number <= number.number:
            del self._late[number.key]
            for waiting in late.waiting:
                _finish(waiting)
        if not done.done():
            done.set_result(error is None)

    async def close(self) -> None:
        """Stop trying."""
        self._closed = True
        if self._trying:
            self._trying.cancel()
            await asyncio.wait((self._trying,))


class _Late:
    """A number that Redis did not take yet."""

    __slots__ = ("number", "until", "waiting")

    def __init__(self, number: Raise, until: float, waiting: set[asyncio.Future[None]]) -> None:
        self.number, self.until, self.waiting = number, until, waiting


def _finish(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)
