"""Moving back: a task returns to the space that it left, and to what it was there, which its tombstone says."""

from uuid import UUID

import msgspec

from taskflow.features.activity.model import Entry
from taskflow.features.activity.record import DELETED, Named, difference, record
from taskflow.features.projects.queries import project, section
from taskflow.features.sharing import queries
from taskflow.features.sharing.arriving import arrive, require_free
from taskflow.features.sharing.leaving import ids_of, leave, load_of_task
from taskflow.features.sharing.model import Back, Load, Row
from taskflow.features.spaces.access import Access, enter_also
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.work import Work
from taskflow.features.tasks.model import DEPTH_MOST, Task
from taskflow.features.tasks.operations import find_task
from taskflow.features.tasks.queries import lineage, task
from taskflow.features.trash.operations import bury
from taskflow.features.trash.queries import bury_labels

NOWHERE: Row = {"project_id": None, "section_id": None, "parent_id": None}  # where another has its id and left since


async def move_back(work: Work, access: Access, moved: Entry) -> Back:
    """Take a task that a move brought here to where it was, with all that hangs on it; the locks of both are held.

    Raises TaskNotFound where it is here no more, SpaceNotFound or RoleTooLow where the way back is closed.
    """
    origin, arrived_in = (UUID(space_id) for space_id in moved.changes["space_id"])
    if arrived_in != access.space_id:
        return Back(await find_task(work, moved.id), [*moved.changes])  # it went on since
    before = await find_task(work, moved.id)
    load = await load_of_task(work, before.id)
    left_over = await queries.labels_left_over(work, work.space_id, moved.first_seq, moved.seq, ids_of(load.tasks))
    there = await enter_also(work, access.account_id, origin, Role.EDITOR)
    await require_free(work, load)
    past = await past_of(work, load, moved, access.space_id)
    arrived = await arrive(work, there, load, past.place)
    after = msgspec.convert(arrived.tasks[0] | {"space_id": origin}, Task)
    await record(work, there, "undo", Named("task", after.id, after.id), difference(before, after))
    await work.step(access.space_id)
    await bury(work, (bury_labels, left_over))
    await leave(work, load, origin)
    await record(work, access, "undo", Named("task", after.id, after.id), DELETED)
    return Back(after, kept(after, moved))


class Past(msgspec.Struct, frozen=True):
    """What the rows that come back were: their tombstones, where they go, which labels and people are still here."""

    moved: Entry
    left: dict[str, Row]
    where: Row
    here: set[str]

    def place(self, row: Row) -> Row:
        """What is another in a task now that it is back."""
        named = row["id"] == str(self.moved.id)
        where = self.where if named else {field: self.where[field] for field in ("project_id", "section_id")}
        was = self.left.get(row["id"])
        return where if was is None else where | self.former(row, was, named=named)

    def former(self, row: Row, was: Row, *, named: bool) -> Row:
        """The labels and the one to do it as they were; other labels are found by name, as what comes here anew."""
        fields: Row = {}
        if self.untouched(row, "label_ids", named=named) and self.here.issuperset(was["label_ids"]):
            fields["label_ids"] = was["label_ids"]
        if self.untouched(row, "assignee_id", named=named) and was["assignee_id"] in self.here:
            fields["assignee_id"] = was["assignee_id"]
        return fields

    def untouched(self, row: Row, field: str, *, named: bool) -> bool:
        """Whether a field is as the move left it: of the task that was named its activity says so."""
        if row["seq"] <= self.moved.seq:
            return True
        return named and field in self.moved.changes and self.moved.changes[field][1] == row[field]


async def past_of(work: Work, load: Load, moved: Entry, left_to: UUID) -> Past:
    """What the rows that come back were when they left."""
    rows = await queries.left_tasks(work, work.space_id, ids_of(load.tasks), left_to)
    left = {row["id"]: row for row in rows}
    named = {row["assignee_id"] for row in rows} | {label_id for row in rows for label_id in row["label_ids"]}
    here = await queries.still_here(work, work.space_id, [*(named - {None})])
    where = await former_place(work, left.get(str(moved.id), NOWHERE), levels_of(load.tasks))
    return Past(moved, left, where, {str(each) for each in here})


async def former_place(work: Work, was: Row, levels: int) -> Row:
    """The place that a task had, as far as it is still there; a parent is followed to where it is now."""
    parent = None if was["parent_id"] is None else await task(work, work.space_id, was["parent_id"])
    above = [] if parent is None else await lineage(work, work.space_id, parent.id, DEPTH_MOST)
    if parent is not None and len(above) + levels <= DEPTH_MOST:
        return {"project_id": parent.project_id, "section_id": parent.section_id, "parent_id": parent.id}
    project_id, section_id = was["project_id"], was["section_id"]
    if project_id is not None and await project(work, work.space_id, project_id) is None:
        project_id = None
    if project_id is None or (section_id is not None and await section(work, work.space_id, section_id) is None):
        section_id = None
    return {"project_id": project_id, "section_id": section_id, "parent_id": None}


def levels_of(tasks: list[Row]) -> int:
    """How many levels of tasks there are, each task standing behind its parent."""
    levels: dict[str | None, int] = {}
    for row in tasks:
        levels[row["id"]] = levels.get(row["parent_id"], 0) + 1
    return max(levels.values())


def kept(after: Task, moved: Entry) -> list[str]:
    """The fields that are not as they were before the move."""
    form = msgspec.to_builtins(after)
    return [field for field, (old, _) in moved.changes.items() if form[field] != old]
