"""Work: one transaction on one space, or on several, holding their locks and their numbers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from datetime import timedelta
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from taskflow.features.spaces.errors import PreconditionFailed, SpaceNotFound
from taskflow.features.spaces.queries import take
from taskflow.foundation.clock import now
from taskflow.foundation.database import Database, Transaction
from taskflow.foundation.refusal import NotFound
from taskflow.foundation.statements import Maybe

Thing = TypeVar("Thing")
TURN_S = 3.0  # as lock_timeout
NEXT_MOMENT = timedelta(microseconds=1)  # what positions by the time tell apart
Progress = Callable[[int, int], None]  # rows done, rows in all


class Stamped(Protocol):
    """A row with the number of its last change."""

    @property
    def seq(self) -> int:
        """That number."""


Row = TypeVar("Row", bound=Stamped)


class Changed(Struct, Generic[Thing], frozen=True):
    """What an operation did: the thing as it is now (None: it is gone).

    `kept`: what a repeat of the request is answered instead, where the thing shows a secret this once.
    """

    thing: Thing | None
    kept: Thing | None = None


class Numbers(Struct):
    """One space's numbers in this transaction.

    `now`: the space's number, ours included. `before`: its number when the lock was taken. `taken`: how many are ours.
    `stamped`: how many of those stand in a row. `since`: how many did so when the operation under way began, and
    `asked`: how many it asked for.
    """

    now: int
    before: int
    taken: int = 0
    stamped: int = 0
    since: int = 0
    asked: int = 0


class Work(Transaction):
    """A transaction whose first statement takes the space's lock and its numbers."""

    busy = ()  # whoever works tries again

    def __init__(
        self,
        database: Database,
        space_id: UUID,
        *,
        if_match: frozenset[int] | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Prepare; `if_match` are the numbers of which the thing must have one, `progress` is told of long work."""
        super().__init__(database, space_id)
        self.if_match = if_match
        self.spaces: dict[UUID, Numbers] = {}  # those whose lock is held
        self.told = {space_id}  # those whose numbers the answer may name: the caller is in them
        self.progress: Progress = progress or (lambda _done, _total: None)
        self.once_held: Callable[[], Awaitable[None]] | None = None  # done when the first space's lock has been taken
        self._home = space_id
        self._turn = database.turn(space_id)
        self._afterwards: list[Callable[[], None]] = []

    async def __aenter__(self) -> Self:
        """Open it in its turn among those who write to the space; raises LockNotAvailableError, as the lock would."""
        try:
            async with asyncio.timeout(TURN_S):
                await self._turn.acquire()
        except TimeoutError as late:
            raise asyncpg.LockNotAvailableError from late
        try:
            return await super().__aenter__()
        except BaseException:
            self._turn.release()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit, or roll back what failed; it is the next one's turn."""
        try:
            await super().__aexit__(kind, error, trace)
        finally:
            self._turn.release()

    @property
    def held(self) -> Numbers:
        """The numbers of the space that the transaction stands in; raises KeyError before its lock is taken."""
        return self.spaces[self.space_id]

    @property
    def number(self) -> int:
        """The space's number now, ours included."""
        return self.held.now

    @property
    def last(self) -> int:
        """The number that was stamped last."""
        held = self.held
        return held.now - held.taken + held.stamped

    @property
    def next(self) -> int:
        """The number that the next row is stamped with; it is this, never `number`, that a new row is written under."""
        return self.last + 1

    @property
    def first(self) -> int:
        """The number that the operation under way stamps, or has stamped, first."""
        held = self.held
        return held.now - held.taken + held.since + 1

    async def lock(self, *space_ids: UUID) -> None:
        """Take the locks of several spaces, always in the order of their ids, and stand in the first one named.

        Raises SpaceNotFound where the first one is not there; of others that are not there nothing is found later.
        """
        for space_id in sorted(set(space_ids)):
            await self.enter(space_id)
            with nullcontext() if space_id == space_ids[0] else suppress(SpaceNotFound):
                await self.take(0)
        await self.enter(space_ids[0])

    async def take(self, count: int) -> None:
        """Take the lock, and `count` numbers more for this operation (0: only the lock); raises SpaceNotFound.

        The database is asked for those alone that no operation before in this transaction has left over.
        """
        held = self.spaces.get(self.space_id)
        if held is None:
            number = await self._raised(count)
            self.spaces[self.space_id] = Numbers(number, number - count, taken=count, asked=count)
            await self._greet()
            return
        held.asked += count
        missing = held.since + held.asked - held.taken
        if missing > 0:
            held.now = await self._raised(missing)
            held.taken += missing

    async def _raised(self, count: int) -> int:
        """The space's number, raised by so many; raises SpaceNotFound."""
        number: int | None = await take(self, self.space_id, count)
        if number is None:
            raise SpaceNotFound
        return number

    async def _greet(self) -> None:
        """Do what waits for the first space's lock."""
        if self.once_held is not None and self.space_id == self._home:
            act, self.once_held = self.once_held, None
            await act()

    def born(self, number: int) -> None:
        """Hold a space that this transaction has just made, whose first rows go up to `number`."""
        self.spaces[self.space_id] = Numbers(number, number)
        self.told.add(self.space_id)

    def stamp(self) -> int:
        """The next of the numbers taken, for one row."""
        return self.stamps(1)[0]

    def stamps(self, count: int) -> range:
        """The next `count` of the numbers taken, for as many rows."""
        held = self.held
        held.stamped += count
        if held.stamped > held.since + held.asked:
            msg = "more rows than numbers: take them first"
            raise RuntimeError(msg)
        return range(self.last - count + 1, self.last + 1)

    def begin(self) -> None:
        """An operation begins: what it stamps is told apart from what others in the same transaction did.

        Its moment is a later one: what goes to the end of a list by the time goes behind what they put there.
        """
        self.now = max(now(), self.now + NEXT_MOMENT)
        for held in self.spaces.values():
            held.since, held.asked = held.stamped, 0

    @property
    def wrote(self) -> bool:
        """Whether the operation under way has stamped a row."""
        return any(held.stamped > held.since for held in self.spaces.values())

    @asynccontextmanager
    async def trying(self) -> AsyncIterator[None]:
        """What raises in here is undone and nothing before it: rows, numbers, and what waits for the commit."""
        spaces = {space_id: msgspec.structs.replace(held) for space_id, held in self.spaces.items()}
        told, afterwards, here = {*self.told}, [*self._afterwards], self.space_id
        await self.savepoint()
        try:
            yield
        except BaseException:
            await self.back()
            self.spaces, self.told, self._afterwards, self.space_id = spaces, told, afterwards, here
            raise
        await self.release()

    async def give_back(self) -> None:
        """Return the numbers that no row carries: after a repeat, or a change of nothing."""
        home = self.space_id
        for space_id, held in self.spaces.items():
            if held.taken > held.stamped:
                await self.step(space_id)
                held.now = await self._raised(held.stamped - held.taken)
                held.taken = held.stamped
        await self.step(home)

    async def step(self, space_id: UUID) -> None:
        """Stand in a space, if that is not where the transaction stands already."""
        if space_id != self.space_id:
            await self.enter(space_id)

    def afterwards(self, act: Callable[[], None]) -> None:
        """Do this when the transaction has committed, and only then."""
        self._afterwards.append(act)

    def committed(self) -> None:
        """Do what waits for the commit."""
        for act in self._afterwards:
            act()

    async def find(self, live: Maybe[Row], thing_id: UUID, missing: type[NotFound]) -> Row:
        """The thing to write to; raises what says that it is missing, or PreconditionFailed as `expect` does."""
        found = await live(self, self.space_id, thing_id)
        if found is None:
            raise missing
        self.expect(found.seq)
        return found

    def expect(self, seq: int) -> None:
        """Raise PreconditionFailed where the writer holds an older state of the thing."""
        if self.if_match is not None and seq not in self.if_match:
            raise PreconditionFailed
