"""Catching up: of every space that an account is in, what a device that holds cursors still lacks."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

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
from taskflow.foundation.redis.known import Raise, after_read

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


async def catch_up(backend: Backend, account_id: UUID, cursors: Cursors) -> Spaces:
    """What changed in each space since its cursor; the database is asked for those alone that are not up to date.

    Of a space for which there was no room in this answer there is `more`, from the cursor that was shown.
    """
    accesses, known = await entered(backend, account_id)
    began = moment()
    spaces: Spaces = {space_id: Gone() for space_id in cursors.keys() - {access.space_id for access in accesses}}
    behind: list[Lacking] = []
    for access in accesses:
        each = lacking(backend.keyring, access, known.get(access.space_id, UNKNOWN), cursors, began)
        if each.place is not None and each.place.number == each.known.number:
            spaces[access.space_id] = SpacePage(
                seal(backend.keyring, access.space_id, Place(each.place.number, began)), each.place.number
            )
        else:
            behind.append(each)
    if behind:
        spaces |= await read(backend, behind, began)
    return spaces


async def entered(backend: Backend, account_id: UUID) -> tuple[list[Access], dict[UUID, Known]]:
    """The account's accesses, held as long as its personal space stays the same, and what is known of the spaces."""
    there = entrances.get(account_id)
    if there is not None:
        known = await known_of(backend.turn, [access.space_id for access in there.accesses])
        if known.get(account_id, UNKNOWN).number == there.number:
            return there.accesses, known
    there = await enter_all(backend.database, account_id)
    entrances.keep(account_id, there)
    return there.accesses, await known_of(backend.turn, [access.space_id for access in there.accesses])


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
            if not room.left:
                spaces[space_id] = postponed(backend.keyring, each, began)
                continue
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
    page = await page_at(transaction, stands.seq, place.number, room.rows)
    rows = written(page, room.size)
    room.rows, room.size = room.rows - rows.rows, room.size - rows.size
    since = place.since if rows.more else began
    return as_sent(rows, seal(keyring, transaction.space_id, Place(rows.number, since)), resync=resync)


def may_read(access: Access, stands: Standing) -> bool:
    """Whether the account is in the space, by the space's own word."""
    own = access.space_id == access.account_id
    return own or (stands.role is not None and Role.named(stands.role) is not Role.FORMER)


def postponed(keyring: Keyring, each: Lacking, began: int) -> SpacePage:
    """A space for which there was no room: to be asked for again, from where the device stands."""
    cursor = seal(keyring, each.access.space_id, Place(0, began)) if each.cursor is None else each.cursor
    held = each.place.number if each.place else 0
    return SpacePage(cursor, max(each.known.number or 0, held), more=True)
