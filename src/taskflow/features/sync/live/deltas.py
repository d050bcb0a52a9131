"""Deltas: what changed in a space after a number, read once for all sockets of the process that lack the same."""

import asyncio
from functools import partial
from typing import TypeVar
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

from taskflow.features.spaces.access import Access, Everywhere, enter_all
from taskflow.features.spaces.model import Member
from taskflow.features.sync.changes import Page, page_after
from taskflow.features.sync.cursor import Place, moment, seal
from taskflow.features.sync.shown import shown
from taskflow.foundation.backend import Backend

K = TypeVar("K")
T = TypeVar("T")

LARGEST = 64 * 1024  # bytes that are pushed of a space at once; what is more is fetched


class Delta(Struct, frozen=True):
    """A page as it is pushed (None: too large), the space's number behind it, and who is no longer in the space."""

    page: Raw | None
    number: int
    former: frozenset[UUID]


class Deltas:
    """Reads for the sockets of a process; who asks for the same while it is read waits for the same answer."""

    def __init__(self, backend: Backend) -> None:
        """Nothing is on its way."""
        self._backend = backend
        self._deltas: dict[tuple[UUID, int, int], asyncio.Task[Delta]] = {}
        self._entrances: dict[tuple[UUID, int], asyncio.Task[Everywhere]] = {}

    async def after(self, access: Access, position: int, number: int) -> Delta:
        """What changed after a position, at a number or later; raises SpaceNotFound, or Unavailable."""
        key = (access.space_id, position, number)
        if key not in self._deltas:
            self._deltas[key] = asyncio.create_task(self._read(access, position))
            self._deltas[key].add_done_callback(partial(over, self._deltas, key))
        return await asyncio.shield(self._deltas[key])

    async def entrances(self, account_id: UUID, number: int) -> Everywhere:
        """Where an account may enter, as its personal space has it at a number or later; raises as `after` does."""
        key = (account_id, number)
        if key not in self._entrances:
            self._entrances[key] = asyncio.create_task(enter_all(self._backend.database, account_id))
            self._entrances[key].add_done_callback(partial(over, self._entrances, key))
        return await asyncio.shield(self._entrances[key])

    async def _read(self, access: Access, position: int) -> Delta:
        page = await page_after(self._backend.database, access, position)
        cursor = seal(self._backend.keyring, access.space_id, Place(page.number, moment()))
        encoded = b"" if page.more else msgspec.json.encode(shown(page, cursor))
        pushed = not page.more and len(encoded) <= LARGEST
        return Delta(Raw(encoded) if pushed else None, page.seq, former(page))


def over(reading: dict[K, asyncio.Task[T]], key: K, task: asyncio.Task[T]) -> None:
    """Read anew from now on; a failure was told to those who waited, if any still did."""
    del reading[key]
    if not task.cancelled():
        task.exception()


def former(page: Page) -> frozenset[UUID]:
    """The members who have left, by a page."""
    members = (change.thing for change in page.changes if isinstance(change.thing, Member))
    return frozenset(member.id for member in members if member.role == "former")
