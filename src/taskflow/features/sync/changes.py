"""A page of changes: what a device that holds a number still lacks."""

from msgspec import Struct

from taskflow.features.spaces.access import Access
from taskflow.features.spaces.errors import SpaceNotFound
from taskflow.features.spaces.queries import number
from taskflow.features.sync.model import PAGE_ROWS, Change
from taskflow.features.sync.queries import changes
from taskflow.foundation.database import Database, Transaction


class Page(Struct, frozen=True):
    """Changes in order, the number up to which they are complete, whether there are more behind it; the space's own."""

    changes: list[Change]
    number: int
    more: bool
    seq: int


async def page_after(database: Database, access: Access, held: int, rows: int = PAGE_ROWS) -> Page:
    """The changes after a number; a page may end anywhere, for each row has its own number.

    The space's number is read first: what commits between the two statements is seen again by the next page.
    """
    async with database.transaction(access.space_id) as transaction:
        reached = await number(transaction, access.space_id)
        if reached is None:
            raise SpaceNotFound
        return await page_at(transaction, reached, held, rows)


async def page_at(transaction: Transaction, reached: int, held: int, rows: int = PAGE_ROWS) -> Page:
    """The same in an open transaction, in which the space's number has just been read."""
    found = await changes(transaction, transaction.space_id, held, rows)
    more, last = len(found) == rows, found[-1].seq if found else reached
    seq = max(reached, last)
    return Page(found, last if more else seq, more, seq)
