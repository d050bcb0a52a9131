"""What a change deleted, back in its rows: all of a cascade at once, each row with a number of its own."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from taskflow.features.activity.model import Entry
from taskflow.features.activity.record import difference
from taskflow.features.labels.errors import LabelNameTaken
from taskflow.features.spaces.work import Work
from taskflow.features.tasks.model import Task
from taskflow.features.tasks.placing import check_depth
from taskflow.features.tasks.queries import task
from taskflow.features.undo import queries
from taskflow.features.undo.errors import PlaceDeleted
from taskflow.features.undo.model import Outcome
from taskflow.features.undo.queries import Gone
from taskflow.foundation.refusal import Invalid
from taskflow.foundation.statements import Many, Run

RESTORE: dict[str, Run] = {  # in this order: what others hang on comes back first
    "project": queries.restore_projects,
    "label": queries.restore_labels,
    "section": queries.restore_sections,
    "task": queries.restore_tasks,
    "comment": queries.restore_comments,
}
LOSE: dict[str, Many[UUID]] = {
    "parent_id": queries.lose_parents,
    "project_id": queries.lose_projects,
    "section_id": queries.lose_sections,
    "label_ids": queries.lose_labels,
    "assignee_id": queries.lose_assignees,
}


async def require_place(work: Work, change: Entry) -> None:
    """Raise LabelNameTaken or PlaceDeleted where what a change deleted has no place to come back to."""
    which = (work.space_id, change.id, change.seq)
    if change.kind == "label" and await queries.namesake(work, *which) is not None:
        raise LabelNameTaken
    if await queries.homeless(work, *which, change.kind) is not None:
        raise PlaceDeleted


def width(gone: Sequence[Gone]) -> int:
    """How many numbers bring things back: each keeps its place among them."""
    return max(kind.last_seq for kind in gone) + 1 - min(kind.first_seq for kind in gone) if gone else 0


async def bring_back(work: Work, change: Entry, gone: Sequence[Gone]) -> Outcome:
    """Bring things back under the next numbers; what in them pointed to what is gone by now, they go without."""
    if not gone:
        return Outcome({})
    numbers = work.stamps(width(gone))
    further = numbers[0] - min(kind.first_seq for kind in gone)
    kinds = {kind.kind for kind in gone}
    for kind, restore in RESTORE.items():
        if kind in kinds:
            await restore(work, work.space_id, change.first_seq, change.seq, further, work.now)
    return await without(work, change, numbers) if "task" in kinds else Outcome({})


async def without(work: Work, change: Entry, numbers: range) -> Outcome:
    """Take out of the tasks that came back what is gone or elsewhere: those fields are kept as they have to be."""
    which = (work.space_id, numbers[0], numbers[-1])
    before = await named_task(work, change)
    kept = {field for field, lose in LOSE.items() if await lose(work, *which)}
    await queries.follow_parents(work, *which)
    after = await named_task(work, change)
    if before is None or after is None:
        return Outcome({}, frozenset(kept))
    changes = difference(before, await not_too_deep(work, after))
    return Outcome(changes, frozenset(kept | changes.keys()))


async def named_task(work: Work, change: Entry) -> Task | None:
    """The task that a change was about, if it was about one."""
    return await task(work, work.space_id, change.id) if change.kind == "task" else None


async def not_too_deep(work: Work, task: Task) -> Task:
    """A task that came back; without its parent, where that went too deep for it."""
    if task.parent_id is None:
        return task
    try:
        await check_depth(work, task, task)
    except Invalid:
        await queries.lose_parent(work, work.space_id, task.id)
        return msgspec.structs.replace(task, parent_id=None)
    return task
