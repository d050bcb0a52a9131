"""When a task is due, for any day, moment and zone: what replaces what, and which wall-clock time it is listed by."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some
from msgspec import UNSET

from taskflow.features.tasks.due import FIRST, LAST, NEVER, Due, checked, due_after, due_of
from taskflow.features.tasks.model import CreateTask, Task, UpdateTask
from taskflow.foundation.refusal import Invalid
from tests.account import Person
from tests.drawn import IDS, dates, moments, zones

MIDNIGHT_UTC = datetime(2026, 11, 24, tzinfo=UTC)
NOTHING_DUE = Task(
    id=IDS[0],
    space_id=UUID(int=0),
    title="Pay rent",
    description="",
    status="todo",
    priority=0,
    due_date=None,
    due_at=None,
    due_zone=None,
    recurrence=None,
    recurs_from=None,
    series_id=None,
    project_id=None,
    section_id=None,
    parent_id=None,
    label_ids=[],
    assignee_id=None,
    position="A",
    created_by=UUID(int=0),
    created_at=MIDNIGHT_UTC,
    updated_at=MIDNIGHT_UTC,
    completed_at=None,
    seq=1,
)  # fmt: skip - a row


def in_calendar(at: datetime, zone: str) -> bool:
    """Whether a moment has a date between the years 1 and 9999, in UTC and in its zone, and is no limit of both."""
    try:
        here, there = at.astimezone(UTC).replace(tzinfo=None), at.astimezone(ZoneInfo(zone))
    except OverflowError:
        return False
    return bool(there) and FIRST <= here <= LAST


@some.composite
def at_a_moment(draw: some.DrawFn) -> Due:
    at, zone = draw(moments), draw(zones)
    assume(in_calendar(at, zone))
    return Due(at=at, zone=zone)


on_a_day = dates.map(lambda day: Due(on=day))
any_due = some.just(Due()) | on_a_day | at_a_moment()


def task_due(due: Due) -> Task:
    return msgspec.structs.replace(NOTHING_DUE, due_date=due.on, due_at=due.at, due_zone=due.zone)


def after(due: Due, **fields: Any) -> Due:
    """When a task that was due so is due after a change of these fields."""
    return due_after(task_due(due), UpdateTask(id=IDS[0], **fields))


def refused(due: Due, **fields: Any) -> str:
    """The member that is named where the change is refused."""
    with pytest.raises(Invalid) as refusal:
        after(due, **fields)
    (fault,) = refusal.value.errors
    return fault.pointer


@given(before=any_due, day=dates)
def test_a_day_takes_the_place_of_whatever_was_there(before: Due, day: date) -> None:
    assert after(before, due_date=day) == Due(on=day)


@given(before=any_due, wanted=at_a_moment())
def test_a_moment_with_its_zone_takes_the_place_of_whatever_was_there(before: Due, wanted: Due) -> None:
    assert after(before, due_at=wanted.at, due_zone=wanted.zone) == wanted


@given(before=at_a_moment(), at=moments)
def test_a_moment_alone_keeps_the_zone_and_needs_one(before: Due, at: datetime) -> None:
    assume(in_calendar(at, str(before.zone)))

    assert after(before, due_at=at) == Due(at=at, zone=before.zone)
    assert refused(Due(), due_at=at) == refused(Due(on=date(2026, 12, 1)), due_at=at) == "/due_zone"


@given(before=at_a_moment(), zone=zones)
def test_a_zone_alone_keeps_the_moment_and_needs_one(before: Due, zone: str) -> None:
    assume(before.at and in_calendar(before.at, zone))

    assert after(before, due_zone=zone) == Due(at=before.at, zone=zone)
    assert refused(Due(), due_zone=zone) == refused(Due(on=date(2026, 12, 1)), due_zone=zone) == "/due_zone"


@given(day=on_a_day, moment=at_a_moment())
def test_null_takes_away_what_it_names_and_nothing_else(day: Due, moment: Due) -> None:
    assert after(day, due_date=None) == after(moment, due_at=None) == Due()
    assert after(day, due_at=None) == after(day, due_zone=None) == day
    assert after(moment, due_date=None) == moment
    assert refused(moment, due_zone=None) == "/due_zone"


@given(before=any_due, day=dates, moment=at_a_moment())
def test_a_day_beside_a_moment_is_refused(before: Due, day: date, moment: Due) -> None:
    assert refused(before, due_date=day, due_at=moment.at) == "/due_date"
    assert refused(before, due_date=day, due_at=moment.at, due_zone=moment.zone) == "/due_date"


@given(
    before=any_due,
    day=some.just(UNSET) | some.none() | dates,
    at=some.just(UNSET) | some.none() | moments,
    zone=some.just(UNSET) | some.none() | zones,
)
def test_any_change_is_refused_or_leaves_a_day_a_moment_in_a_zone_or_nothing(
    before: Due, day: Any, at: Any, zone: Any
) -> None:
    args = UpdateTask(id=IDS[0], due_date=day, due_at=at, due_zone=zone)
    try:
        made = due_after(task_due(before), args)
    except Invalid as refusal:
        assert refusal.errors[0].pointer in {"/due_date", "/due_at", "/due_zone"}  # noqa: PT017 - refused is right too
        return

    assert (made.at is None) == (made.zone is None)
    assert made.on is None or made.at is None
    assert due_after(task_due(made), args) == made, "the same change again changes nothing"


@given(due=at_a_moment())
def test_a_moment_is_listed_by_what_the_clock_on_its_wall_shows(due: Due) -> None:
    assert due.at
    assert due.zone

    shown = due.at.astimezone(ZoneInfo(due.zone)).replace(tzinfo=None)

    assert due.local == min(max(shown, FIRST), LAST)
    assert due.local < Due().local


@given(earlier=on_a_day, later=on_a_day)
def test_days_are_listed_in_their_order_each_before_what_has_none(earlier: Due, later: Due) -> None:
    assert earlier.on
    assert later.on

    assert (earlier.local < later.local) == (earlier.on < later.on)
    assert earlier.local < NEVER


@pytest.mark.parametrize(
    ("at", "zone", "wall"),
    [
        ("2026-03-29T00:59:59Z", "Europe/Berlin", "2026-03-29 01:59:59"),
        ("2026-03-29T01:00:00Z", "Europe/Berlin", "2026-03-29 03:00:00"),  # no clock there showed 02:00
        ("2026-10-25T00:30:00Z", "Europe/Berlin", "2026-10-25 02:30:00"),
        ("2026-10-25T01:30:00Z", "Europe/Berlin", "2026-10-25 02:30:00"),  # every clock there showed it twice
        ("2011-12-30T09:59:59Z", "Pacific/Apia", "2011-12-29 23:59:59"),
        ("2011-12-30T10:00:00Z", "Pacific/Apia", "2011-12-31 00:00:00"),  # there was no 30th
        ("2026-12-01T00:00:00Z", "America/St_Johns", "2026-11-30 20:30:00"),
        ("1890-01-01T00:00:00Z", "Europe/Berlin", "1890-01-01 00:53:28"),  # before there were zones: the sun's own time
    ],
)
def test_where_clocks_are_changed_a_moment_stays_itself(at: str, zone: str, wall: str) -> None:
    due = checked(None, datetime.fromisoformat(at), zone)

    assert due.at == datetime.fromisoformat(at)
    assert due.local == datetime.fromisoformat(wall)


@pytest.mark.parametrize(
    ("at", "zone"),
    [
        ("0001-01-01T00:00:00+14:00", "UTC"),
        ("9999-12-31T23:59:59-12:00", "UTC"),
        ("9999-12-31T23:59:59+00:00", "Asia/Tokyo"),
        ("0001-01-01T00:00:01+00:00", "America/New_York"),
        ("0001-01-01T00:00:00+00:00", "UTC"),
        ("9999-12-31T23:59:59.999999+00:00", "UTC"),
    ],
)
def test_a_moment_before_the_year_1_or_behind_9999_is_refused(at: str, zone: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked(None, datetime.fromisoformat(at), zone)

    assert refusal.value.errors[0].pointer == "/due_at"


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../UTC", "europe/berlin", "UTC ", "localtime", "+02:00"])
def test_what_is_no_zone_is_refused(zone: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked(None, MIDNIGHT_UTC, zone)

    assert refusal.value.errors[0].pointer == "/due_zone"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(due=any_due)
async def test_whatever_is_due_comes_back_from_the_database_as_it_went_in(person: Person, due: Due) -> None:
    made = await person.do(CreateTask(title="Pay rent", due_date=due.on, due_at=due.at, due_zone=due.zone))

    assert due_of(msgspec.convert(made, Task)) == due


def test_the_first_and_the_last_day_are_days_like_any_other() -> None:
    first, last = Due(on=date.min), Due(on=date.max)

    assert first.local.date() == date.min
    assert first.local < datetime.combine(date.min + timedelta(days=1), time())
    assert last.local == datetime.combine(date.max, time())
