"""Moments that a program kept without their zone, as days and times of the account's own."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from taskflow.features.imports.reading import Reading, ReadTask, Refused
from taskflow.features.tasks.due import in_utc
from taskflow.foundation.refusal import Invalid

IN_ALL_MONTHS = 28


def in_zone(reading: Reading, zone: str) -> Reading:
    """The reading with every due date in a zone, and every rule with its end; raises Refused."""
    return replace(reading, tasks=[_rule_ended(_placed(task, zone), zone) for task in reading.tasks])


def _placed(task: ReadTask, zone: str) -> ReadTask:
    if task.due_at is None or task.due_zone is not None:
        return task
    try:
        local = in_utc(task.due_at, zone).astimezone(ZoneInfo(zone))
    except Invalid:
        raise Refused(task.line, "due is outside of the calendar", task.file) from None
    recurrence = _at_month_s_end(task.recurrence, local.day)
    if local.time() == time():
        return replace(task, due_at=None, due_date=local.date(), recurrence=recurrence)
    return replace(task, due_zone=zone, recurrence=recurrence)


def _at_month_s_end(rule: str | None, day: int) -> str | None:
    """A month without a 31st has its last day instead, as a program without rules reckons."""
    if rule is None or not rule.startswith("FREQ=MONTHLY") or "BY" in rule or day <= IN_ALL_MONTHS:
        return rule
    days = ",".join(map(str, range(IN_ALL_MONTHS, day + 1)))
    return f"{rule};BYMONTHDAY={days};BYSETPOS=-1"


def _rule_ended(task: ReadTask, zone: str) -> ReadTask:
    """A rule's end is a day where the task is due on a day, else a moment in UTC (RFC 5545, 3.3.10)."""
    if task.recurrence is None or task.recurs_until is None:
        return task
    day, moment = _last(task.recurs_until, task.due_zone or zone)
    end = f"{day:%Y%m%d}" if task.due_at is None else f"{moment:%Y%m%dT%H%M%SZ}"
    return replace(
        task, recurrence=f"{task.recurrence};UNTIL={end.rjust(16 if task.due_at else 8, '0')}", recurs_until=None
    )


def _last(until: date | datetime, zone: str) -> tuple[date, datetime]:
    """The last day and the last moment; at the calendar's very limits the zone makes no difference."""
    place = ZoneInfo(zone)
    if isinstance(until, datetime):
        with suppress(OverflowError):
            return until.astimezone(place).date(), until
        return until.date(), until
    end = time(23, 59, 59)
    with suppress(OverflowError):
        return until, datetime.combine(until, end, place).astimezone(UTC)
    return until, datetime.combine(until, end, UTC)
