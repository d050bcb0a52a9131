"""Bringing many things in: all of a file, or nothing."""

from uuid import UUID

from msgspec import Struct

from taskflow.features.activity.record import Named, record
from taskflow.features.imports.model import ImportTasks
from taskflow.features.imports.placing import Placing
from taskflow.features.imports.queries import ARRIVE, labels_named, taken
from taskflow.features.imports.rows import KINDS, Rows, rows_of
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.work import Changed, Work
from taskflow.foundation.batches import batches
from taskflow.foundation.operation import operation
from taskflow.foundation.telemetry import meters


class Imported(Struct, frozen=True):
    """The ids that were made, kind by kind as asked for; the others were there, or had been deleted since.

    `gone` were not made, for what they belong to was deleted here since; `loose` are tasks outside of their project,
    section or parent for the same reason.
    """

    made: list[UUID]
    gone: list[UUID]
    loose: list[UUID]


@operation("import_tasks", inverse="delete")
async def import_tasks(work: Work, access: Access, args: ImportTasks) -> Changed[Imported]:
    """Make those of the things whose ids are free, each with a number of its own, in one transaction."""
    rows = rows_of(args, access, work.now)
    await work.take(0)
    await access.require(work, Role.EDITOR)
    placing = Placing.among(await taken(work, access.space_id, *([row["id"] for row in rows[kind]] for kind in KINDS)))
    named = await labels_named(work, access.space_id, [row["name"] for row in rows["labels"]])
    new = placing.rows(rows, named)
    made = [row["asked"] if "asked" in row else row["id"] for kind in KINDS for row in new[kind]]
    await work.take(len(made))
    await insert_all(work, access, new, len(made))
    if made:
        await record(work, access, "import_tasks", Named("space", access.space_id), {"made": (0, len(made))})
    work.afterwards(lambda: meters.tasks_created.add(len(new["tasks"])))
    return Changed(Imported(made, placing.gone, placing.loose))


async def insert_all(work: Work, access: Access, rows: Rows, whole: int) -> None:
    """Insert the rows of all kinds, each after what it points to, and tell how far it has come."""
    done = 0
    for kind in KINDS:
        for row in rows[kind]:
            row["seq"] = row["created_seq"] = work.stamp()
        for batch, count in batches(rows[kind]):
            await ARRIVE[kind](work, access.space_id, batch)
            done += count
            work.progress(done, whole)
