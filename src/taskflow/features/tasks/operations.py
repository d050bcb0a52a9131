"""What can be done with tasks; to delete one stands in `trash`, for it takes along what hangs on it."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import UnsetType

from taskflow.features.activity.record import Named, difference, made_so, record
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.work import Changed, Work
from taskflow.features.tasks.due import due_after, due_asked, due_of
from taskflow.features.tasks.errors import TaskExists, TaskNotFound
from taskflow.features.tasks.model import CreateTask, Task, UpdateTask, described
from taskflow.features.tasks.order import title_key
from taskflow.features.tasks.queries import insert_task, rewrite_task, task
from taskflow.foundation import positions
from taskflow.foundation.operation import operation
from taskflow.foundation.telemetry import meters


@operation("create_task", inverse="delete")
async def create_task(work: Work, access: Access, args: CreateTask) -> Changed[Task]:
    """Make a task; the same create again (id and content) is the same task."""
    await work.take(1)
    await access.require(work, Role.EDITOR)
    made = await insert_task(work, *new_row(work, access, args, work.number).values())
    if made is None:
        return Changed(await same_as_before(work, args))
    work.stamp()
    work.afterwards(lambda: meters.tasks_created.add(1))
    return Changed(made)


def new_row(work: Work, access: Access, args: CreateTask, seq: int, nth: int = 0) -> dict[str, object]:
    """A new task's columns in the order of `insert_task`; raises Invalid where what is due contradicts itself.

    The `nth` of many stands behind those before it, by hand and in a list of the newest.
    """
    due = due_asked(args)
    return {
        "space_id": access.space_id,
        "id": args.id,
        "title": args.title,
        "title_key": title_key(args.title),
        "description": described(args.description),
        "status": args.status,
        "priority": args.priority,
        "due_date": due.on,
        "due_at": due.at,
        "due_zone": due.zone,
        "due_local": due.local,
        "position": positions.last(work.now, nth) if isinstance(args.position, UnsetType) else args.position,
        "created_by": access.account_id,
        "created_at": work.now - timedelta(microseconds=nth),
        "completed_at": work.now if args.status == "done" else None,
        "seq": seq,
    }


async def same_as_before(work: Work, args: CreateTask) -> Task:
    """The task that this very create made before; raises TaskExists where the id is another's, or a deleted one's."""
    there = await task(work, work.space_id, args.id)
    if there is None:
        raise TaskExists
    if not await made_so(work, there, msgspec.structs.asdict(msgspec.structs.replace(args, due_at=due_asked(args).at))):
        raise TaskExists
    return there


@operation("update_task", inverse="rewrite")
async def update_task(work: Work, access: Access, args: UpdateTask) -> Changed[Task]:
    """Change fields of a task; a change of nothing takes no number."""
    await work.take(1)
    await access.require(work, Role.EDITOR)
    before = await find_task(work, args.id)
    wanted = changed(before, args, work.now)
    if wanted == before:
        return Changed(before)
    due = due_of(wanted)
    after = await rewrite_task(
        work,
        access.space_id,
        before.id,
        wanted.title,
        title_key(wanted.title),
        wanted.description,
        wanted.status,
        wanted.priority,
        due.on,
        due.at,
        due.zone,
        due.local,
        wanted.position,
        wanted.completed_at,
        work.now,
        work.stamp(),
    )  # fmt: skip - one line a group of columns
    await record(work, access, "update_task", Named("task", after.id, after.id), difference(before, after))
    return Changed(after)


async def find_task(work: Work, task_id: UUID) -> Task:
    """The task to write to; raises TaskNotFound, or PreconditionFailed where the writer holds an older state."""
    found = await task(work, work.space_id, task_id)
    if found is None:
        raise TaskNotFound
    work.expect(found.seq)
    return found


def changed(before: Task, args: UpdateTask, now: datetime) -> Task:
    """The task as the arguments want it."""
    due = due_after(before, args)
    given = {
        field: value
        for field in ("title", "description", "status", "priority", "position")
        if (value := getattr(args, field)) is not msgspec.UNSET
    }
    described(given.get("description", ""))
    status = given.get("status", before.status)
    completed_at = (before.completed_at or now) if status == "done" else None
    return msgspec.structs.replace(
        before, **given, due_date=due.on, due_at=due.at, due_zone=due.zone, completed_at=completed_at
    )
