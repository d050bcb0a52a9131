"""Catching up: of every space that an account is in, what a device that holds cursors still lacks."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from taskflow.api.paging import PAGE_BYTES
from taskflow.features.spaces.access import Access, enter_all
from taskflow.features.spaces.model import Role
from taskflow.features.sync.changes import page_at
from taskflow.features.sync.cursor import Place, moment, seal, unseal
from taskflow.features.sync.knowing import UNKNOWN, Entrances, Known, known_of
from taskflow.features.sync.model import PAGE_ROWS, Standing
from taskflow.features.sync.protocol import Gone, SpacePage
from taskflow.features.sync.queries import standing
from taskflow.features.sync.shown import as_sent, written
from taskflow.foundation.backend import Backend
from taskflow.foundation.database import Transaction
from taskflow.foundation.keys import Keyring
from taskflow.foundation.redis import keys
from taskflow.foundation.redis.known import Raise, after_read, usable

Spaces = dict[UUID, SpacePage | Gone]
Cursors = Mapping[Any, str]  # by space: a UUID, however it was read

entrances = Entrances()


class Lacking(Struct):
    """A space, what is known of it, and where a device stands in it; `place` is None where it has to begin anew."""

    access: Access
    known: Known
    cursor: str | None
    place: Place | None


class Room(Struct):
    """What a call's answer may still take."""

    rows: int = PAGE_ROWS
    size: int = PAGE_BYTES

    @property
    def left(self) -> bool:
        """Whether another space's page may begin."""
        return self.rows > 0 and self.size > 0


async def catch_up(
    backend: Backend, account_id: UUID, cursors: Cursors, seen: Mapping[str, int] | None = None, lease: str = ""
) -> Spaces:
    """What changed in each space since its cursor; the database is asked for those alone that are not up to date.

    Of a space for which there was no room in this answer there is `more`, from the cursor that was shown.
    A number that is known is of no use below the one the client has `seen`. `lease`: where the caller holds the
    personal space's already.
    """
    accesses, known = await entered(backend, account_id, seen or {}, lease)
    began = moment()
    spaces: Spaces = {space_id: Gone() for space_id in cursors.keys() - {access.space_id for access in accesses}}
    behind: list[Lacking] = []
    for access in accesses:
        each = lacking(backend.keyring, access, known.get(access.space_id, UNKNOWN), cursors, began)
        if each.place is not None and each.place.number == each.known.number and not each.known.behind:
            spaces[access.space_id] = SpacePage(
                seal(backend.keyring, access.space_id, Place(each.place.number, began)), each.place.number
            )
        else:
            behind.append(each)
    if behind:
        spaces |= await read(backend, behind, began)
    return spaces


async def entered(
    backend: Backend, account_id: UUID, seen: Mapping[str, int], lease: str
) -> tuple[list[Access], dict[UUID, Known]]:
    """The account's accesses, held as long as its personal space stays the same, and what is known of the spaces."""
    there = entrances.get(account_id)
    if there is not None:
        known = noted(await known_of(backend.turn, [each.space_id for each in there.accesses]), account_id, seen, lease)
        home = known[account_id]
        if home.number == there.number and not home.behind:
            return there.accesses, known
    there = await enter_all(backend.database, account_id)
    entrances.keep(account_id, there)
    known = noted(await known_of(backend.turn, [each.space_id for each in there.accesses]), account_id, seen, lease)
    home = known[account_id]
    # What is shown of who is where is of that number: a page of the personal space at an older one would go back.
    behind = home.behind or home.number is None or home.number < there.number
    return there.accesses, {**known, account_id: msgspec.structs.replace(home, behind=behind)}


def noted(known: dict[UUID, Known], account_id: UUID, seen: Mapping[str, int], lease: str) -> dict[UUID, Known]:
    """The same, with the lease that the caller holds, and where the client has seen more."""
    home = known.get(account_id, UNKNOWN)
    held = {**known, account_id: msgspec.structs.replace(home, lease=home.lease or lease)}
    return {
        space_id: msgspec.structs.replace(each, behind=not usable(each.number, seen.get(str(space_id), 0)))
        for space_id, each in held.items()
    }


def lacking(keyring: Keyring, access: Access, known: Known, cursors: Cursors, began: int) -> Lacking:
    """Where a device stands in a space: at its cursor, or at the beginning of a first load."""
    cursor = cursors.get(access.space_id)
    place = Place(0, began) if cursor is None else unseal(keyring, access.space_id, cursor)
    return Lacking(access, known, cursor, place)


async def read(backend: Backend, behind: Iterable[Lacking], began: int) -> Spaces:
    """The pages of several spaces, one after the other in one connection, until the answer is full."""
    spaces: Spaces = {}
    told: list[Raise] = []
    room = Room()
    lacks = iter(behind)
    first = next(lacks)
    async with backend.database.transaction(first.access.space_id) as transaction:
        for each in (first, *lacks):
            space_id = each.access.space_id
            if transaction.space_id != space_id:
                await transaction.enter(space_id)
            spaces[space_id] = page = await page_of(backend.keyring, transaction, each, began, room)
            known = None if isinstance(page, Gone) else each.known
            if known and isinstance(page, SpacePage):
                found = after_read(keys.known(space_id), known.number, page.seq, known.lease)
                told += [found] if found else []
    await backend.turn.raise_all(told)
    return spaces


async def page_of(
    keyring: Keyring, transaction: Transaction, each: Lacking, began: int, room: Room
) -> SpacePage | Gone:
    """One space's page, taken out of the room."""
    stands = await standing(transaction, transaction.space_id, each.access.account_id)
    if stands is None or not may_read(each.access, stands):
        return Gone()
    resync = each.place is None or not stands.past(each.place.number)
    place = Place(0, began) if resync or each.place is None else each.place
    if place.number == stands.seq:
        return SpacePage(seal(keyring, transaction.space_id, Place(place.number, began)), stands.seq)
    if not room.left:
        return postponed(keyring, transaction.space_id, place, stands.seq, resync=resync)
    page = await page_at(transaction, stands.seq, place.number, room.rows)
    rows = written(page, room.size)
    room.rows, room.size = room.rows - rows.rows, room.size - rows.size
    since = place.since if rows.more else began
    return as_sent(rows, seal(keyring, transaction.space_id, Place(rows.number, since)), resync=resync)


def may_read(access: Access, stands: Standing) -> bool:
    """Whether the account is in the space, by the space's own word."""
    own = access.space_id == access.account_id
    return own or (stands.role is not None and Role.named(stands.role) is not Role.FORMER)


def postponed(keyring: Keyring, space_id: UUID, place: Place, seq: int, *, resync: bool) -> SpacePage:
    """A space for which there was no room: to be asked for again, from where the device stands."""
    return SpacePage(seal(keyring, space_id, place), seq, more=True, resync=resync)
