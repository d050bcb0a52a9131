"""Bringing many tasks in: all of a file, or nothing."""

from uuid import UUID

import msgspec
from msgspec import Struct

from taskflow.features.imports.queries import insert_tasks, taken_ids
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.work import Changed, Work
from taskflow.features.tasks.due import NEVER
from taskflow.features.tasks.model import CreateTask
from taskflow.features.tasks.operations import new_row
from taskflow.foundation.operation import Args, operation
from taskflow.foundation.telemetry import meters

ROWS_A_STATEMENT = 1_000  # some 0.5 MB of JSON each


class ImportTasks(Args, frozen=True, kw_only=True):
    """Tasks with ids that follow from what they were read from: the same file twice names the same ones."""

    tasks: list[CreateTask]


class Imported(Struct, frozen=True):
    """The ids that were made, in the order of the arguments; the others were there, or had been deleted since."""

    made: list[UUID]


@operation("import_tasks", inverse="delete")
async def import_tasks(work: Work, access: Access, args: ImportTasks) -> Changed[Imported]:
    """Make those of the tasks whose ids are free, each with a number of its own, in one transaction."""
    await work.take(0)
    await access.require(work, Role.EDITOR)
    there = set(await taken_ids(work, access.space_id, [task.id for task in args.tasks]))
    new = [task for task in first_of_each(args.tasks) if task.id not in there]
    await work.take(len(new))
    rows = [as_json(new_row(work, access, task, work.stamp(), nth)) for nth, task in enumerate(new)]
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        batch = msgspec.json.encode(rows[start : start + ROWS_A_STATEMENT]).decode()
        await insert_tasks(work, access.space_id, batch)
        work.progress(min(start + ROWS_A_STATEMENT, len(rows)), len(rows))
    work.afterwards(lambda: meters.tasks_created.add(len(new)))
    return Changed(Imported([task.id for task in new]))


def first_of_each(tasks: list[CreateTask]) -> list[CreateTask]:
    """The tasks in their order; of several with one id the first."""
    named: dict[UUID, CreateTask] = {}
    for task in tasks:
        named.setdefault(task.id, task)
    return list(named.values())


def as_json(row: dict[str, object]) -> dict[str, object]:
    """A row as jsonb_to_recordset reads it: a moment that never comes is written in words."""
    return {column: "infinity" if value is NEVER else value for column, value in row.items()}
