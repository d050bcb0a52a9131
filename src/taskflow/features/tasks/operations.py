"""What can be done with tasks; to delete one stands in `trash`, for it takes along what hangs on it."""

from typing import Any
from uuid import UUID

import msgspec

from taskflow.features.activity.model import Changes
from taskflow.features.activity.record import Named, difference, made_so, record
from taskflow.features.labels.queries import labels_there
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.work import Changed, Work
from taskflow.features.tasks.errors import SeriesEnds, TaskDoesNotRecur, TaskDone, TaskExists, TaskNotFound
from taskflow.features.tasks.model import CreateTask, SkipTask, Task, UpdateTask
from taskflow.features.tasks.placing import placed
from taskflow.features.tasks.queries import bury_next, insert_task, task, task_known
from taskflow.features.tasks.row import rewrite_task
from taskflow.features.tasks.series import at, make_next, next_of, next_to_go
from taskflow.features.tasks.wanted import changed, columns, new_task
from taskflow.foundation.operation import operation
from taskflow.foundation.refusal import Invalid
from taskflow.foundation.telemetry import meters


@operation("create_task", inverse="delete")
async def create_task(work: Work, access: Access, args: CreateTask) -> Changed[Task]:
    """Make a task; the same create again (id and content) is the same task."""
    await work.take(1)
    await access.require(work, Role.EDITOR)
    wanted = await new_place(work, new_task(work, access, args), args)
    made = wanted and await insert_task(
        work, work.space_id, args.id, *columns(wanted), access.account_id, work.now, work.next
    )
    if made is None:
        return Changed(await same_as_before(work, access, args))
    work.stamp()
    work.afterwards(lambda: meters.tasks_created.add(1))
    return Changed(made)


async def new_place(work: Work, wanted: Task, args: CreateTask) -> Task | None:
    """A new task where it may be; None where it may not, and was made before. Raises Invalid."""
    try:
        return await placed(work, None, wanted, args)
    except Invalid:
        if await task_known(work, work.space_id, args.id) is None:
            raise
        return None


async def same_as_before(work: Work, access: Access, args: CreateTask) -> Task:
    """The task that this very create made before; raises TaskExists where the id is another's, or a deleted one's."""
    there = await task(work, work.space_id, args.id)
    if there is None:
        raise TaskExists
    asked = as_asked(new_task(work, access, args), args)
    if await made_so(work, there, asked):
        return there
    left = await labels_there(work, work.space_id, asked["label_ids"])  # one that was deleted is on no task any more
    if left == asked["label_ids"] or not await made_so(work, there, {**asked, "label_ids": left}):
        raise TaskExists
    return there


def as_asked(wanted: Task, args: CreateTask) -> dict[str, Any]:
    """What a create asks for, as the task then has it; a sub-task is wherever its parent has gone since."""
    asked = {field: getattr(wanted, field) for field in args.__struct_fields__} | {"position": args.position}
    return asked if args.parent_id is None else asked | {"project_id": msgspec.UNSET, "section_id": msgspec.UNSET}


@operation("update_task", inverse="rewrite")
async def update_task(work: Work, access: Access, args: UpdateTask) -> Changed[Task]:
    """Change fields of a task; a change of nothing takes no number.

    A recurring task that gets done makes the next one; one that is not done after all takes the next one back, if
    nobody has touched it. Sub-tasks go along to another project or section, and stay as they are when it gets done.
    """
    await work.take(1)
    await access.require(work, Role.EDITOR)
    before = await find_task(work, args.id)
    wanted = await placed(work, before, changed(before, args, work.now), args)
    if wanted == before:
        return Changed(before)
    made = await make_next(work, access, wanted, args.today) if gets(before, wanted, done=True) else 0
    going = await next_to_go(work, before) if gets(before, wanted, done=False) else None
    if going is not None:
        await work.take(1)
        number = work.stamp()
    after = await rewrite_task(work, wanted, work.stamp(), before)
    if going is not None:
        await bury_next(work, work.space_id, going, number, after.seq, work.now)
    changes = difference(before, after)
    along: Changes = {"made": (int(going is not None), made)} if going or made else {}
    await record(work, access, "update_task", Named("task", after.id, after.id), {**changes, **along})
    return Changed(after)


def gets(before: Task, after: Task, *, done: bool) -> bool:
    """Whether a change makes a task done, or not done."""
    return (before.status == "done", after.status == "done") == (not done, done)


async def find_task(work: Work, task_id: UUID) -> Task:
    """The task to write to; raises TaskNotFound, or PreconditionFailed where the writer holds an older state."""
    return await work.find(task, task_id, TaskNotFound)


@operation("skip_task", inverse="rewrite")
async def skip_task(work: Work, access: Access, args: SkipTask) -> Changed[Task]:
    """Leave out one time of a recurring task: it is due when the next one would be."""
    await work.take(1)
    await access.require(work, Role.EDITOR)
    before = await find_task(work, args.id)
    if before.recurrence is None:
        raise TaskDoesNotRecur
    if before.status == "done":
        raise TaskDone
    following = await next_of(work, access, before, args.today)
    if following is None:
        raise SeriesEnds
    after = await rewrite_task(work, at(before, following), work.stamp(), before)
    await record(work, access, "skip_task", Named("task", after.id, after.id), difference(before, after))
    return Changed(after)
