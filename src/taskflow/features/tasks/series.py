"""The series of a recurring task: what is done makes the next one, what is not done after all takes it back."""

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UnsetType

from taskflow.features.accounts.queries import account
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.work import Work
from taskflow.features.tasks import queries
from taskflow.features.tasks.due import Due, due_of
from taskflow.features.tasks.model import LaterOne, Task
from taskflow.features.tasks.recurrence import Next, next_due, next_id, read_rule
from taskflow.features.tasks.wanted import columns
from taskflow.foundation.telemetry import meters


async def make_next(work: Work, access: Access, done: Task, today: date | UnsetType) -> int:
    """Make the next one of a task that is done, under the next number; how many were made: none where it is there.

    It is as the one that is done, but open, without its sub-tasks and comments, and not for somebody who has left.
    Its id follows from the series and the date; what was deleted with that id is brought back in its row.
    """
    following = await next_of(work, access, done, today)
    if following is None or await later_one(work, done) is not None:
        return 0
    assignee_id = await present(work, done.assignee_id)
    wanted = msgspec.structs.replace(at(done, following), status="todo", completed_at=None, assignee_id=assignee_id)
    named = (next_id(wanted.series_id or done.id, following.due.local.date()), *columns(wanted))
    await work.take(1)
    made = await queries.insert_next(work, work.space_id, *named, access.account_id, work.now, work.next)
    if made is None:
        return 0
    work.stamp()
    work.afterwards(lambda: meters.tasks_created.add(1))
    return 1


async def next_of(work: Work, access: Access, task: Task, today: date | UnsetType) -> Next | None:
    """When a task of a series comes next, if it is done or skipped now; None where the series ends, or is none."""
    if task.recurrence is None or due_of(task) == Due():
        return None
    done = await wall_clock(work, access, task, today)
    return next_due(read_rule(task.recurrence), task.recurs_from or "due", due_of(task), done)


async def wall_clock(work: Work, access: Access, task: Task, today: date | UnsetType) -> datetime:
    """What clock and calendar show, in the task's zone or else the person's; on `today`, if they say what day it is."""
    zone = task.due_zone or ("UTC" if isinstance(today, date) else await zone_of(work, access))
    clock = work.now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if isinstance(today, UnsetType):
        return clock
    return min(max(clock, datetime.combine(today, time.min)), datetime.combine(today, time.max))


async def zone_of(work: Work, access: Access) -> str:
    """The time zone of the person's profile, which lies in their own space."""
    here = work.space_id
    await work.step(access.account_id)
    person = await account(work, access.account_id)
    await work.step(here)
    return person.time_zone if person else "UTC"


async def later_one(work: Work, task: Task) -> LaterOne | None:
    """The first task of the series behind this one."""
    return await queries.later_one(work, work.space_id, task.series_id, due_of(task).local)


async def present(work: Work, account_id: UUID | None) -> UUID | None:
    """An account, if it is a member still."""
    if account_id is None:
        return None
    return (await queries.references(work, work.space_id, None, None, None, account_id)).assignee_id


def at(task: Task, following: Next) -> Task:
    """A task at its next time."""
    due = following.due
    return msgspec.structs.replace(
        task,
        due_date=due.on,
        due_at=due.at,
        due_zone=due.zone,
        recurrence=following.recurrence,
    )


async def next_to_go(work: Work, task: Task) -> UUID | None:
    """The next one that a task made when it was done, if nobody has touched it since."""
    if task.recurrence is None or task.series_id is None:
        return None
    found = await later_one(work, task)
    if found is None or not found.untouched or found.id != next_id(task.series_id, found.due_local.date()):
        return None
    return found.id
