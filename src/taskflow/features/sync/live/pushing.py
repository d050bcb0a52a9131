"""Pushing: the changes of a socket's spaces, read from the database when there is something new.

Nothing waits in a queue: what happened while a message was on its way is in the next one.
"""

import asyncio
from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Raw

from taskflow.features.spaces.access import Access, own
from taskflow.features.spaces.errors import SpaceNotFound
from taskflow.features.sync.live.deltas import LARGEST, Delta, Deltas
from taskflow.features.sync.live.messages import Changes, Stale, told
from taskflow.features.sync.live.times import Times
from taskflow.features.sync.live.watching import Watch, Watching
from taskflow.features.sync.protocol import Gone, SpacePage
from taskflow.foundation.refusal import Unavailable

GONE = Raw(msgspec.json.encode(Gone()))


class Listener(Protocol):
    """Who is told; `account_id` is known once somebody has said hello."""

    deltas: Deltas
    times: Times

    @property
    def account_id(self) -> UUID:
        """Whose spaces they are."""

    async def send(self, message: bytes) -> None:
        """Send a message; raises TooSlow or Closed."""

    async def watch(self, space_ids: list[UUID]) -> None:
        """Hear of these spaces too."""

    def leave(self, space_id: UUID) -> None:
        """Hear of a space no longer."""


class Pushing:
    """What one socket is told of by itself; while `still` is held, nothing is."""

    def __init__(self, listener: Listener) -> None:
        """Tell nothing before a hello was answered."""
        self._listener = listener
        self._watching = Watching()
        self._accesses: dict[UUID, Access] | None = None
        self._news = asyncio.Event()
        self.still = asyncio.Lock()

    @property
    def spaces(self) -> list[UUID]:
        """The spaces that it is told of."""
        return [*self._watching.spaces]

    def begin(self, pages: Mapping[UUID, SpacePage]) -> None:
        """Go on from what a hello was answered."""
        for space_id in self._watching.spaces.keys() - pages.keys():
            self._drop(space_id)
        for space_id, page in pages.items():
            self._watching.begin(space_id, page.seq, more=page.more)
        self._accesses = None
        self._news.set()

    def hear(self, space_id: UUID, number: int) -> None:
        """A space has come to a number."""
        if self._watching.hear(space_id, number):
            self._news.set()

    async def push(self) -> None:
        """Tell what is new, for ever; raises TooSlow or Closed."""
        while True:
            await self._news.wait()
            self._news.clear()
            async with self.still:
                try:
                    await self._tell()
                except (Unavailable, TimeoutError, asyncpg.PostgresError):
                    again = asyncio.get_running_loop().call_later(self._listener.times.again_s, self._news.set)
                else:
                    continue
            try:
                await self._news.wait()
            finally:
                again.cancel()

    async def _tell(self) -> None:
        account_id = self._listener.account_id
        pages: dict[UUID, Raw] = {}
        if account_id in self._watching.due():
            pages |= await self._entrances(account_id)
        for space_id in self._watching.due():
            watch = self._watching.spaces[space_id]
            if watch.stale is not None:
                await self._stale(space_id, watch, watch.heard)
                continue
            pages |= await self._space(space_id, watch)
            if sum(len(bytes(page)) for page in pages.values()) > LARGEST:
                await self._changes(pages)
                pages = {}
        await self._changes(pages)

    async def _changes(self, pages: dict[UUID, Raw]) -> None:
        if pages:
            await self._listener.send(told(Changes(pages)))

    async def _stale(self, space_id: UUID, watch: Watch, number: int) -> None:
        watch.stale = number
        await self._listener.send(told(Stale(space_id, number)))

    async def _space(self, space_id: UUID, watch: Watch) -> dict[UUID, Raw]:
        """What is new in a space, as far as it is pushed."""
        heard = watch.heard
        try:
            access = await self._access(space_id)
            delta: Delta = await self._listener.deltas.after(access, watch.position, heard)
        except SpaceNotFound:
            return self._gone(space_id)
        if self._listener.account_id in delta.former:
            return self._gone(space_id)
        if delta.page is None:
            await self._stale(space_id, watch, max(delta.number, watch.heard))
            return {}
        new = delta.number > watch.position
        watch.position = max(watch.position, delta.number)
        if watch.heard == heard:
            watch.heard = min(heard, watch.position)  # a number that a restore has taken back is not waited for
        return {space_id: delta.page} if new else {}

    async def _entrances(self, account_id: UUID) -> dict[UUID, Raw]:
        """Look again which spaces the account is in: new ones are told of from their beginning, left ones are gone."""
        number = self._watching.spaces[account_id].heard
        everywhere = await self._listener.deltas.entrances(account_id, number)
        self._accesses = {access.space_id: access for access in everywhere.accesses}
        new = self._accesses.keys() - self._watching.spaces.keys()
        for space_id in new:
            self._watching.spaces[space_id] = Watch(heard=0)
        await self._listener.watch([*new])
        gone = self._watching.spaces.keys() - self._accesses.keys()
        return {space_id: GONE for left in gone for space_id in self._gone(left)}

    async def _access(self, space_id: UUID) -> Access:
        account_id = self._listener.account_id
        if space_id == account_id:
            return own(account_id)
        if self._accesses is None:
            everywhere = await self._listener.deltas.entrances(account_id, -1)
            self._accesses = {access.space_id: access for access in everywhere.accesses}
        if space_id not in self._accesses:
            raise SpaceNotFound
        return self._accesses[space_id]

    def _gone(self, space_id: UUID) -> dict[UUID, Raw]:
        self._drop(space_id)
        return {space_id: GONE}

    def _drop(self, space_id: UUID) -> None:
        self._watching.spaces.pop(space_id, None)
        self._listener.leave(space_id)
