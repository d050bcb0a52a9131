"""An export as CSV: the tasks, a row each, with names where the JSON has ids."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from taskflow.features.exports.queries import PAGE, everything, exported_members
from taskflow.features.spaces.queries import space
from taskflow.features.tasks.model import Task
from taskflow.foundation.database import Transaction

COLUMNS = (
    "space",
    "id",
    "parent_id",
    "project",
    "section",
    "title",
    "description",
    "status",
    "priority",
    "labels",
    "assignee",
    "due_date",
    "due_at",
    "due_zone",
    "recurrence",
    "recurs_from",
    "created_at",
    "completed_at",
)  # fmt: skip - the columns of a row
# A spreadsheet takes a cell that begins so for a formula, and does what it says.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Rank = tuple[str, UUID]  # a position, and the id for those that share one


async def table(transaction: Transaction, space_ids: Sequence[UUID]) -> AsyncIterator[tuple[bytes, int]]:
    """The table in pieces, with the number of tasks in each."""
    yield rows([COLUMNS]), 0
    for space_id in space_ids:
        await transaction.enter(space_id)
        names = await Names.of(transaction, space_id)
        pages = [page async for page in everything(transaction, space_id, "tasks")]
        tasks = in_order([task for page in pages for task in page if isinstance(task, Task)], names)
        for page in (tasks[first : first + PAGE] for first in range(0, len(tasks), PAGE)):
            yield rows([cells(task, names) for task in page]), len(page)


def in_order(tasks: list[Task], names: "Names") -> list[Task]:
    """As a person sees them: by project, section and position, a sub-task below its own."""
    known = {task.id: task for task in tasks}

    def path(task: Task) -> list[Rank]:
        above = known.get(task.parent_id) if task.parent_id else None
        return [*(path(above) if above else []), (task.position, task.id)]

    return sorted(tasks, key=lambda task: (names.rank(task.project_id), names.rank(task.section_id), path(task)))


class Names:
    """What the ids of a space are called, and which of them stand before others."""

    def __init__(self, name: str, names: dict[UUID, str], ranks: dict[UUID, Rank]) -> None:
        """The name of the space, and of what its tasks point to."""
        self.space = name
        self.names = names
        self.ranks = ranks

    @classmethod
    async def of(cls, transaction: Transaction, space_id: UUID) -> "Names":
        """Read them."""
        known = await space(transaction, space_id)
        names = {member.id: member.name for member in await exported_members(transaction, space_id)}
        ranks: dict[UUID, Rank] = {}
        for kind in ("labels", "projects", "sections"):
            async for page in everything(transaction, space_id, kind):
                things: list[Any] = page
                names |= {thing.id: thing.name for thing in things}
                ranks |= {thing.id: (thing.position, thing.id) for thing in things}
        return cls(known.name, names, ranks)

    def __getitem__(self, thing_id: UUID | None) -> str:
        """The name of a thing, empty where there is none."""
        return "" if thing_id is None else self.names.get(thing_id, "")

    def rank(self, thing_id: UUID | None) -> list[Rank]:
        """Where a thing stands among its like; none stands before all."""
        return [self.ranks[thing_id]] if thing_id in self.ranks else []


def cells(task: Task, names: Names) -> list[object]:
    """A task's row."""
    return [
        names.space,
        task.id,
        task.parent_id,
        names[task.project_id],
        names[task.section_id],
        task.title,
        task.description,
        task.status,
        task.priority,
        ", ".join(name for label in task.label_ids if (name := names[label])),
        names[task.assignee_id],
        task.due_date,
        task.due_at,
        task.due_zone,
        task.recurrence,
        task.recurs_from,
        task.created_at,
        task.completed_at,
    ]  # fmt: skip - in the order of the columns


def rows(lines: Sequence[Sequence[object]]) -> bytes:
    """Rows as RFC 4180 has them."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([written(cell) for cell in line] for line in lines)
    return out.getvalue().encode()


def written(cell: object) -> str:
    """A cell's text, harmless to a spreadsheet."""
    if cell is None:
        return ""
    text = cell.isoformat().replace("+00:00", "Z") if isinstance(cell, datetime) else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
