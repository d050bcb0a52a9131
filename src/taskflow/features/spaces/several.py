"""Several spaces read at once: each inside its own wall, by a few connections that go from one to the next."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from time import monotonic
from typing import Protocol, TypeVar
from uuid import UUID

from taskflow.api.shelf import WAIT_S, NotThereYet
from taskflow.features.spaces.access import Access, enter_all
from taskflow.features.spaces.errors import SpaceNotFound
from taskflow.foundation.database import Database, Transaction

AT_ONCE = 4  # connections of one request; with more, a list over 100 spaces came no sooner on 2 cores
AGAIN_S = 0.1


class Numbered(Protocol):
    """What was read of a space, at one of its numbers."""

    @property
    def number(self) -> int:
        """The space's number."""


Found = TypeVar("Found")
At = TypeVar("At", bound=Numbered)
Read = Callable[[Transaction, Access], Awaitable[Found]]


async def enter_several(database: Database, account_id: UUID, named: Collection[str] | None) -> list[Access]:
    """The account's access to these spaces, or to all that it is in; raises SpaceNotFound where it is not in one."""
    every = {str(access.space_id): access for access in (await enter_all(database, account_id)).accesses}
    if named is None:
        return [*every.values()]
    if not every.keys() >= {*named}:
        raise SpaceNotFound
    return [every[space] for space in sorted({*named})]


async def read_each(database: Database, accesses: Sequence[Access], read: Read[Found]) -> dict[UUID, Found]:
    """Read every one of these spaces; what was read of each."""
    left, found = deque(accesses), dict[UUID, Found]()

    async def walk() -> None:
        access = left.popleft()
        async with database.transaction(access.space_id) as transaction:
            found[access.space_id] = await read(transaction, access)
            while left:
                access = left.popleft()
                await transaction.enter(access.space_id)
                found[access.space_id] = await read(transaction, access)

    with database.spared(min(AT_ONCE, len(accesses)) - 1) as others:
        if others < 1:
            await walk()
            return found
        try:
            async with asyncio.TaskGroup() as walkers:
                for _ in range(1 + others):
                    walkers.create_task(walk())
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from failed
    return found


async def read_no_less(
    database: Database, accesses: Sequence[Access], read: Read[At], seen: Mapping[str, int]
) -> dict[UUID, At]:
    """Read each space at the number that the client has seen, at least; raises NotThereYet after 1 s."""
    found, until = await read_each(database, accesses, read), monotonic() + WAIT_S
    while late := [each for each in accesses if found[each.space_id].number < seen.get(str(each.space_id), 0)]:
        if monotonic() > until:
            raise NotThereYet
        await asyncio.sleep(AGAIN_S)
        found |= await read_each(database, late, read)
    return found
