"""For any rule and any date: the next one lies later or there is none, is what the library says, and soon found."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from dateutil import rrule
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from taskflow.features.tasks import recurrence
from taskflow.features.tasks.due import Due
from taskflow.features.tasks.recurrence import SPANS, next_due, read_rule
from taskflow.features.tasks.rule import Rule
from tests.drawn import dates
from tests.features.tasks.arguments import rules, walls
from tests.features.tasks.test_due import any_due

FREQS = {"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY, "YEARLY": rrule.YEARLY}


@settings(deadline=None)
@given(rule=rules, recurs_from=some.sampled_from(["due", "completion"]), due=any_due, done=walls)
def test_the_next_one_lies_behind_the_due_date_and_the_day_of_completion(
    rule: Rule, recurs_from: Any, due: Due, done: datetime
) -> None:
    found = next_due(rule, recurs_from, due, done)

    if found:
        assert found.due.zone == due.zone
        assert found.due.local > due.local
        assert found.due.local.date() >= done.date()
        assert due.at is None or found.due.local > done
        assert due.on is None or found.due.local.date() > done.date()
        assert read_rule(found.recurrence).text == found.recurrence


@settings(deadline=None)
@given(rule=rules, due=any_due, done=walls)
def test_no_rule_asks_the_library_for_more_than_some_spans(rule: Rule, due: Due, done: datetime) -> None:
    asked = Counted(rrule.rrule)
    with pytest.MonkeyPatch.context() as library:
        library.setattr(rrule, "rrule", asked)
        next_due(rule, "due", due, done)

    assert asked.spans <= SPANS
    assert asked.days <= SPANS * 366


@settings(deadline=None)
@given(rule=rules, first=dates.filter(lambda day: 1000 < day.year < 9000), later=some.integers(0, 1000))
def test_it_is_the_one_that_the_library_finds_in_the_whole_series(rule: Rule, first: date, later: int) -> None:
    assume(not rule.weeks or rule.days)  # where only the week is said, the library takes each day of it
    assume(all(nth == 0 for nth, _ in rule.days) or all(nth for nth, _ in rule.days))  # both: it takes none
    after = first + timedelta(days=later)
    found = recurrence.following(rule, first, after)
    assume(found)

    assert whole(rule, first).after(datetime.combine(after, time())) == datetime.combine(found or after, time())


def whole(rule: Rule, first: date) -> rrule.rrule:
    """The library's own series of a rule."""
    return rrule.rrule(
        FREQS[rule.freq],  # type: ignore[arg-type] # one of the numbers that it names
        dtstart=datetime.combine(first, time()),
        interval=rule.interval,
        wkst=rrule.weekday(rule.week_start),
        bymonth=rule.months or None,
        byweekno=rule.weeks or None,
        byyearday=rule.year_days or None,
        bymonthday=rule.month_days or None,
        byweekday=[rrule.weekday(day, nth or None) for nth, day in rule.days] or None,
        bysetpos=rule.places or None,
    )


class Counted:
    """The library's rule, and how much it was asked for."""

    def __init__(self, library: Callable[..., Iterable[datetime]]) -> None:
        self.library = library
        self.spans = self.days = 0

    def __call__(self, *args: Any, **fields: Any) -> Iterator[datetime]:
        self.spans += 1
        for day in self.library(*args, **fields):
            self.days += 1
            yield day
