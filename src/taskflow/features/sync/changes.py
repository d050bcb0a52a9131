"""A page of changes: what a device that holds a number still lacks."""

from msgspec import Struct

from taskflow.features.spaces.access import Access
from taskflow.features.spaces.errors import SpaceNotFound
from taskflow.features.spaces.queries import number
from taskflow.features.sync.model import PAGE_ROWS, Change
from taskflow.features.sync.queries import changes
from taskflow.foundation.database import Database


class Page(Struct, frozen=True):
    """Changes in order, the number up to which they are complete, and whether there are more behind it."""

    changes: list[Change]
    number: int
    more: bool


async def page_after(database: Database, access: Access, held: int, rows: int = PAGE_ROWS) -> Page:
    """The changes after a number; a page may end anywhere, for each row has its own number.

    The space's number is read first: what commits between the two statements is seen again by the next page.
    """
    async with database.transaction(access.space_id) as transaction:
        reached = await number(transaction, access.space_id)
        found = await changes(transaction, access.space_id, held, rows)
    if reached is None:
        raise SpaceNotFound
    more = len(found) == rows
    return Page(found, found[-1].seq if more else max(reached, found[-1].seq if found else reached), more)
