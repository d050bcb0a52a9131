"""What comes next in a series of tasks: RFC 5545 by python-dateutil, asked for one month or year at a time.

The library looks up to the year 9999 for a day that never comes (the 30th of February: 0.2 s yearly, 3 s daily), and
neither COUNT nor UNTIL stops it. So each question is about one span, and no more than `SPANS` of them are asked: what
comes is found in 0.1 ms, and what never does is given up after 1 to 4 ms.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Literal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import msgspec
from dateutil import rrule
from msgspec import Struct

from taskflow.features.tasks.due import Due, in_utc
from taskflow.features.tasks.model import RecursFrom
from taskflow.features.tasks.rule import Rule, read_rule
from taskflow.foundation.refusal import Invalid, invalid

__all__ = ["Next", "Rule", "coming", "next_due", "next_id", "read_rule"]

SPANS = 50  # the 29th of February is a Monday every 28 years, or 40 where a century has no leap year
MONTHS = 12 * SPANS  # looked at, not asked for: those that BYMONTH leaves out
ONE_SPAN = 120_000  # years or months to the span behind it: past the year 9999
DAY = timedelta(days=1)


class Next(Struct, frozen=True):
    """The next one of a series: when it is due, and its own rule, whose COUNT is one less."""

    due: Due
    recurrence: str


def next_due(rule: Rule, recurs_from: RecursFrom, due: Due, done: datetime) -> Next | None:
    """What follows a task that is completed, or skipped, at this time; None where its series ends.

    `done` is what clock and calendar show: in the zone of a moment, where the person is for a day. From the due date
    it is the first of the series (which begins at that date) that lies in the future: behind the due date, and behind
    the day of completion or, where a time is set, its moment. From completion the series begins on the day of
    completion, and the next one lies behind the due date too. COUNT counts this task and those to come.
    A time that a clock skips there is read by the offset before the gap (and stays so: 02:30 goes on as 03:30), one
    that it shows twice is the first.
    """
    day = due.local.date()
    if due == Due() or rule.count == 1:
        return None
    after = max(day, done.date())
    if due.at is not None and recurs_from == "due" and day < done.date() and done.time() < due.local.time():
        after -= DAY
    found = following(rule, day if recurs_from == "due" else done.date(), after)
    moved = None if found is None else on_day(due, found)
    if moved is None or ended(rule, moved):
        return None
    count = None if rule.count is None else rule.count - 1
    return Next(moved, msgspec.structs.replace(rule, count=count).text)


def coming(rule: Rule, due: Due) -> Rule:
    """The rule, where anything comes after the first that is due; raises Invalid."""
    if due == Due():
        raise invalid("/recurrence", "needs a due date to begin with")
    if next_due(msgspec.structs.replace(rule, count=None), "due", due, due.local) is None:
        raise invalid("/recurrence", "never comes again after the due date")
    return rule


def next_id(series_id: UUID, day: date) -> UUID:
    """The id of a series' task on that day, by its own calendar: who makes it twice makes the same one."""
    return uuid5(series_id, day.isoformat())


def on_day(due: Due, day: date) -> Due | None:
    """The same on another day, at the same time of day in its zone; None outside of the years 1 to 9999."""
    if due.at is None or due.zone is None:
        return Due(on=day)
    try:
        return Due(at=in_utc(datetime.combine(day, due.local.time(), ZoneInfo(due.zone)), due.zone), zone=due.zone)
    except Invalid:
        return None


def ended(rule: Rule, due: Due) -> bool:
    """Whether a date lies behind the rule's UNTIL; a day is compared with its day alone."""
    until = rule.until
    if until is None:
        return False
    if due.at is None or not isinstance(until, datetime):
        return due.local.date() > (until.date() if isinstance(until, datetime) else until)
    return due.local > until if until.tzinfo is None else due.at > until


def following(rule: Rule, anchor: date, after: date) -> date | None:
    """The first day of a series behind `after`, which is no earlier than the series' beginning."""
    for first in islice(spans(rule, anchor, after), SPANS):
        for day in days_in(rule, anchor, max(first, after)):
            if day > after and in_step(rule, anchor, day):
                return day
    return None


def spans(rule: Rule, anchor: date, after: date) -> Iterator[date]:
    """The first days of the months (of a monthly rule) or years in which the rule may come."""
    if rule.freq == "MONTHLY":
        for month in islice(steps(month_of(anchor), month_of(after), month_of(date.max), rule.interval), MONTHS):
            if not rule.months or month % 12 + 1 in rule.months:
                yield date(month // 12, month % 12 + 1, 1)
        return
    interval = rule.interval if rule.freq == "YEARLY" else 1
    for year in steps(anchor.year, after.year, date.max.year, interval):
        yield date(year, 1, 1)


def month_of(day: date) -> int:
    """The month, counted through all years."""
    return day.year * 12 + day.month - 1


def steps(begin: int, least: int, most: int, step: int) -> range:
    """The numbers from `least` to `most` that lie whole steps behind `begin`."""
    return range(begin + -((begin - least) // step) * step, most + 1, step)


def days_in(rule: Rule, anchor: date, first: date) -> Iterator[date]:
    """The days of the rule in one span, from `first` on; the library stumbles at the ends of the calendar."""
    freq: Literal[0, 1] = rrule.MONTHLY if rule.freq == "MONTHLY" else rrule.YEARLY
    with suppress(ValueError):
        for found in rrule.rrule(
            freq,
            dtstart=datetime.combine(first, time()),
            interval=ONE_SPAN,
            wkst=rrule.weekday(rule.week_start),
            bysetpos=rule.places or None,
            byweekno=rule.weeks or None,
            byyearday=rule.year_days or None,
            **lists(rule, anchor),
        ):
            yield found.date()


def lists(rule: Rule, anchor: date) -> dict[str, Any]:
    """Months, month days and weekdays; what a rule does not say is as in its first day."""
    months, month_days, days = rule.months, rule.month_days, rule.days
    if rule.freq == "DAILY" and not days:
        days = tuple((0, day) for day in range(7))
    elif (rule.freq == "WEEKLY" or rule.weeks) and not days:
        days = ((0, anchor.weekday()),)
    elif not (days or month_days or rule.year_days):
        month_days = (anchor.day,)
        months = months or ((anchor.month,) if rule.freq == "YEARLY" else ())
    return {"bymonth": months or None, "bymonthday": month_days or None, "byweekday": weekdays(rule, days)}


def weekdays(rule: Rule, days: tuple[tuple[int, int], ...]) -> list[rrule.weekday] | None:
    """Weekdays as the library takes them: where one has a number, one without is each of its numbers."""
    if not any(nth for nth, _ in days):
        return [rrule.weekday(day) for _, day in days] or None
    most = 5 if rule.freq == "MONTHLY" or rule.months else 53
    return [rrule.weekday(day, nth) for each, day in days for nth in ([each] if each else range(1, most + 1))]


def in_step(rule: Rule, anchor: date, day: date) -> bool:
    """Whether a day lies whole intervals behind the first one (months and years are stepped through already)."""
    if rule.freq == "DAILY":
        return (day - anchor).days % rule.interval == 0
    if rule.freq == "WEEKLY":
        return (week_of(day, rule.week_start) - week_of(anchor, rule.week_start)) % rule.interval == 0
    return True


def week_of(day: date, week_start: int) -> int:
    """The week, counted through all years."""
    return (day.toordinal() - 1 - week_start) // 7
