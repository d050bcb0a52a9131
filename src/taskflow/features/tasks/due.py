"""When a task is due: on a day, or at a moment in some zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from taskflow.features.spaces.model import known_zone
from taskflow.features.tasks.model import CreateTask, Task, UpdateTask
from taskflow.foundation.operation import given
from taskflow.foundation.refusal import invalid

NEVER = datetime.max  # noqa: DTZ901 - what asyncpg writes as 'infinity': a wall-clock time has no zone
INSTANT = timedelta(microseconds=1)
FIRST, LAST = datetime.min + INSTANT, NEVER - INSTANT  # noqa: DTZ901 - what it writes as times, '-infinity' left out too


class Due(Struct, frozen=True):
    """A day, or a moment and its zone, or neither."""

    on: date | None = None
    at: datetime | None = None
    zone: str | None = None

    @property
    def local(self) -> datetime:
        """The wall-clock time to sort and filter by, in the task's own zone; `NEVER` without a date."""
        if self.on is not None:
            return max(datetime.combine(self.on, time()), FIRST)
        if self.at is not None and self.zone is not None:
            return min(max(self.at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None), FIRST), LAST)
        return NEVER


def due_of(task: Task) -> Due:
    """When a task is due."""
    return Due(task.due_date, task.due_at, task.due_zone)


def due_asked(args: CreateTask) -> Due:
    """When a new task is to be due; raises Invalid."""
    return checked(args.due_date, args.due_at, args.due_zone)


def due_after(task: Task, args: UpdateTask) -> Due:
    """When a task is due after a change: a day takes the place of a moment, and the other way round; raises Invalid."""
    asked = given(args)
    if asked.keys().isdisjoint({"due_date", "due_at", "due_zone"}):
        return due_of(task)
    on, at, zone = asked.get("due_date"), asked.get("due_at"), asked.get("due_zone")
    if "due_date" not in asked and at is None:
        on = task.due_date
    if "due_at" not in asked and on is None:
        at = task.due_at
    if "due_zone" not in asked and at is not None:
        zone = task.due_zone
    return checked(on, at, zone)


def checked(on: date | None, at: datetime | None, zone: str | None) -> Due:
    """The three fields together; raises Invalid where they contradict each other."""
    if on is not None and at is not None:
        raise invalid("/due_date", "stands beside due_at: a task is due on a day or at a moment")
    if at is not None and zone is None:
        raise invalid("/due_zone", "is missing beside due_at")
    if at is None and zone is not None:
        raise invalid("/due_zone", "stands without due_at")
    if at is None or zone is None:
        return Due(on=on)
    return Due(at=in_utc(at, known_zone("/due_zone", zone)), zone=zone)


def in_utc(at: datetime, zone: str) -> datetime:
    """The moment in UTC; raises Invalid where it lies outside of the years 1 to 9999, here or in its zone."""
    try:
        at.astimezone(ZoneInfo(zone))
        moment = at.astimezone(UTC)
    except OverflowError as overflow:
        raise invalid("/due_at", "lies outside of the years 1 to 9999") from overflow
    if not FIRST <= moment.replace(tzinfo=None) <= LAST:
        raise invalid("/due_at", "is the very first or last moment of the calendar")
    return moment
