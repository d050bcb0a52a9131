"""Work: one transaction on one space, holding its lock and its numbers."""

from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import UUID

from msgspec import Struct

from taskflow.features.spaces.errors import PreconditionFailed, SpaceNotFound
from taskflow.features.spaces.queries import take
from taskflow.foundation.database import Database, Transaction

Thing = TypeVar("Thing")
Progress = Callable[[int, int], None]  # rows done, rows in all


class Changed(Struct, Generic[Thing], frozen=True):
    """What an operation did: the thing as it is now (None: it is gone)."""

    thing: Thing | None


class Work(Transaction):
    """A transaction whose first statement takes the space's lock and its numbers."""

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
        self.number = 0  # the space's number now, ours included
        self.before = 0  # the space's number when the lock was taken
        self.taken = 0  # how many numbers are ours
        self.stamped = 0  # how many of them stand in a row
        self.progress: Progress = progress or (lambda _done, _total: None)
        self._afterwards: list[Callable[[], None]] = []

    async def take(self, count: int) -> None:
        """Take the lock, and `count` numbers (0: only the lock); raises SpaceNotFound."""
        number = await take(self, self.space_id, count)
        if number is None:
            raise SpaceNotFound
        self.number = number
        self.taken += count
        if not self.before:
            self.before = number - count

    def stamp(self) -> int:
        """The next of the numbers taken, for one row."""
        self.stamped += 1
        if self.stamped > self.taken:
            msg = "more rows than numbers: take them first"
            raise RuntimeError(msg)
        return self.number - self.taken + self.stamped

    async def give_back(self) -> None:
        """Return the numbers that no row carries: after a repeat, or a change of nothing."""
        spare = self.taken - self.stamped
        if spare:
            await self.take(-spare)

    def afterwards(self, act: Callable[[], None]) -> None:
        """Do this when the transaction has committed, and only then."""
        self._afterwards.append(act)

    def committed(self) -> None:
        """Do what waits for the commit."""
        for act in self._afterwards:
            act()

    def expect(self, seq: int) -> None:
        """Raise PreconditionFailed where the writer holds an older state of the thing."""
        if self.if_match is not None and seq not in self.if_match:
            raise PreconditionFailed
