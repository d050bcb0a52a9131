"""The hub: all live sockets of a process, and what wakes them."""

import asyncio
import random
from collections import Counter
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from math import ceil
from typing import Any, TypeVar
from uuid import UUID

from taskflow.api.gate import Gate, RateLimited
from taskflow.api.socket import Closed, Code, Socket
from taskflow.features.spaces.queries import number
from taskflow.features.sync.knowing import UNKNOWN, Known, known_of
from taskflow.features.sync.live.deltas import Deltas
from taskflow.features.sync.live.session import Session
from taskflow.features.sync.live.times import SOCKETS_A_SECOND, SOCKETS_MOST, STRANGERS_MOST, WINDOW_S, Times
from taskflow.foundation.backend import Backend
from taskflow.foundation.redis import keys
from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.redis.revocations import REVOKED
from taskflow.foundation.redis.wakes import Wakes
from taskflow.foundation.refusal import Unavailable
from taskflow.foundation.serving.drain import Drain

K = TypeVar("K")
T = TypeVar("T")
TOGETHER = 8  # looks at the database at once, of 20 connections

PATH = "/api/v1/live"


class Hub:
    """Wakes sockets when a space has a new number or a session was revoked, and looks again by itself.

    It listens while there are sockets.
    """

    def __init__(self, backend: Backend, drain: Drain, times: Times | None = None) -> None:
        """Have no sockets yet."""
        self.backend, self.times, self.deltas = backend, times or Times(), Deltas(backend)
        self._wakes = Wakes(backend.redis, self._heard, self._back)
        self.sessions: set[Session] = set()
        self.accounts: Counter[UUID] = Counter()
        self.strangers: Counter[str] = Counter()  # by address
        self.watched: dict[str, tuple[UUID, set[Session]]] = {}
        self._looking: asyncio.Task[None] | None = None
        self._work: set[asyncio.Task[Any]] = set()
        self._few = asyncio.Semaphore(TOGETHER)
        drain.tell(self._drain)

    async def serve(self, socket: Socket, gate: Gate) -> None:
        """One socket, from its upgrade to its end; raises RateLimited where its address has too many silent ones."""
        socket.send_s = self.times.send_s
        session = Session(self, socket, gate)
        if self.strangers[session.address] >= STRANGERS_MOST:
            raise RateLimited(retry_after=ceil(self.times.hello_s))
        self._open(session)
        try:
            with suppress(Closed):
                await socket.accept()
                await session.live()
        finally:
            self._close(session)

    def _open(self, session: Session) -> None:
        self.sessions.add(session)
        self.strangers[session.address] += 1
        self._wakes.open()
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())

    def _close(self, session: Session) -> None:
        self.sessions.discard(session)
        for space_id in session.pushing.spaces:
            self.leave(session, space_id)
        if session.caller:
            count_out(self.accounts, session.account_id)
        else:
            count_out(self.strangers, session.address)
        if not self.sessions:
            self._wakes.close()
            if self._looking:
                self._looking.cancel()
                self._looking = None

    def enter(self, session: Session) -> bool:
        """Count a socket in, now that it is known whose; False where its account has too many."""
        count_out(self.strangers, session.address)
        self.accounts[session.account_id] += 1
        return self.accounts[session.account_id] <= SOCKETS_MOST

    async def watch(self, session: Session, space_ids: list[UUID]) -> None:
        """Hear of these spaces too; then ask once how far they are, and whether the session still lives."""
        for space_id in space_ids:
            self.watched.setdefault(keys.channel(space_id), (space_id, set()))[1].add(session)
        await self._wakes.watch(map(keys.channel, space_ids))
        await self._ask(space_ids)
        await self._look_at(session, surely=False)

    async def finished(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something to its end, whoever waits for it: what commits is made known, though its socket has ended."""
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._over)
        return await asyncio.shield(task)

    def _over(self, task: asyncio.Task[Any]) -> None:
        """A refusal was told to who waited, if anybody still did."""
        self._work.discard(task)
        if not task.cancelled():
            task.exception()

    def leave(self, session: Session, space_id: UUID) -> None:
        """Hear of a space no longer."""
        channel = keys.channel(space_id)
        if watched := self.watched.get(channel):
            watched[1].discard(session)
            if not watched[1]:
                del self.watched[channel]
                self._wakes.leave([channel])

    def _heard(self, channel: str, said: bytes) -> None:
        space_id, sessions = self.watched.get(channel, (None, ()))
        text = said.decode()
        if space_id is None:
            return
        if text.startswith(REVOKED):
            for session in [*sessions]:
                if session.account_id == space_id and str(session.session_id) == text[len(REVOKED) :]:
                    session.end(Code.REVOKED)
        elif text.isdecimal():
            self._tell(space_id, int(text))

    def _tell(self, space_id: UUID, newest: int) -> None:
        for session in [*self.watched.get(keys.channel(space_id), (None, ()))[1]]:
            session.pushing.hear(space_id, newest)

    def _back(self) -> None:
        """What was said meanwhile is lost."""
        self._do(self._look_again())

    async def _look(self) -> None:
        """Look at sessions and numbers, again and again: a publish may be lost."""
        elapsed = 0.0
        while True:
            wait = min(self.times.sessions_s, self.times.numbers_s)
            await asyncio.sleep(wait)
            elapsed += wait
            if elapsed >= self.times.numbers_s:
                elapsed = 0.0
                await self._look_again()
            else:
                await self._look_at_all(surely=False)

    async def _look_again(self) -> None:
        await self._look_at_all(surely=True)
        await self._ask([space_id for space_id, _ in self.watched.values()])

    async def _look_at_all(self, *, surely: bool) -> None:
        known = [session for session in self.sessions if session.caller]
        await asyncio.gather(*(self._look_at(session, surely=surely) for session in known))

    async def _look_at(self, session: Session, *, surely: bool) -> None:
        with suppress(Unavailable):
            if not await session.lives(surely=surely):
                session.end(Code.REVOKED)

    async def _ask(self, space_ids: Iterable[UUID]) -> None:
        """Ask Redis how far spaces are, and the database of those that it does not know."""
        asked = [*space_ids]
        known = await known_of(self.backend.turn, asked)
        await asyncio.gather(*(self._learn(space_id, known.get(space_id, UNKNOWN)) for space_id in asked))

    async def _learn(self, space_id: UUID, known: Known) -> None:
        newest = known.number
        if newest is None:
            with suppress(Unavailable):
                async with self._few, self.backend.database.transaction(space_id) as transaction:
                    newest = await number(transaction, space_id)
            if newest is None:
                return
            if known.lease:
                with suppress(RedisDown):
                    await self.backend.turn.raise_number(keys.known(space_id), newest, known.lease)
        self._tell(space_id, newest)

    def _drain(self) -> None:
        """Send everybody elsewhere, over a time in which others can take them."""
        window = min(max(len(self.sessions) / SOCKETS_A_SECOND, WINDOW_S[0]), WINDOW_S[1])
        for session in [*self.sessions]:
            self._do(session.drain(round(random.uniform(0, window), 3)))  # noqa: S311 - spreads, hides nothing

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)


def count_out(counter: Counter[K], key: K) -> None:
    """One less; who has none is forgotten."""
    counter[key] -= 1
    if not counter[key]:
        del counter[key]
