"""A task that went to another space, back: whichever of the two spaces is asked."""

from collections.abc import AsyncIterator
from uuid import UUID

from taskflow.features.activity.model import Entry
from taskflow.features.sharing.model import Back
from taskflow.features.sharing.moving_back import move_back
from taskflow.features.spaces.access import Access, enter_also, reached
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.work import Work
from taskflow.features.tasks.errors import TaskNotFound
from taskflow.features.undo import queries
from taskflow.features.undo.finding import change_at
from taskflow.features.undo.model import Undo


async def spaces_of(work: Work, access: Access, args: Undo) -> AsyncIterator[UUID]:
    """The spaces that undoing writes to; asked before the locks, for these are taken in the order of their ids.

    What a move says of itself never changes; whether it is the caller's is asked again under the locks.
    """
    yield access.space_id
    change = await change_at(work, access, args) if args.kind == "task" else None
    other = await beyond(work, change) if change and change.account_id == access.account_id else None
    if other is not None:
        for space_id in await reached(work, access.account_id, other):
            yield space_id


async def beyond(work: Work, change: Entry) -> UUID | None:
    """The other space of a move: where the task came from, or where it went."""
    if change.kind != "task" or change.operation not in {"move_task", "undo"}:
        return None
    came, here = change.changes.get("space_id", (None, None))
    if came is not None:
        return UUID(came) if here == str(work.space_id) else None
    return await queries.went_to(work, work.space_id, change.id, change.seq)


async def moved_back(work: Work, access: Access, change: Entry, other: UUID) -> Back:
    """Take a task back to where it was; the transaction then stands where it stood."""
    came, there = change, access
    if "space_id" not in change.changes:
        there = await enter_also(work, access.account_id, other, Role.EDITOR)
        who = (str(access.space_id), access.account_id)
        found = await queries.arrival(work, other, change.id, *who)
        if found is None:
            raise TaskNotFound
        came = found
    back = await move_back(work, there, came)
    await work.step(access.space_id)
    return back
