"""What comes next in a series: what people expect of a day, a time in a zone, an end, and a rule that never comes."""

from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from taskflow.features.tasks.due import Due
from taskflow.features.tasks.recurrence import Next, coming, next_due, next_id, read_rule
from taskflow.foundation.refusal import Invalid

WEDNESDAY = date(2026, 11, 25)


def on(day: str) -> Due:
    return Due(on=date.fromisoformat(day))


def at(wall: str, zone: str = "Europe/Berlin") -> Due:
    return Due(at=datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), zone=zone)


def after(rule: str, due: Due, done: str | None = None) -> Due | None:
    """When the next one is due; done on time where nothing else is said."""
    found = next_due(read_rule(rule), "due", due, datetime.fromisoformat(done) if done else due.local)
    return found.due if found else None


def series(rule: str, due: Due, most: int = 4) -> list[str]:
    """The days that follow, each completed on time."""
    days: list[str] = []
    following: Next | None = Next(due, rule)
    while following and len(days) <= most:
        days.append(following.due.local.date().isoformat())
        following = next_due(read_rule(following.recurrence), "due", following.due, following.due.local)
    return days[1:]


@pytest.mark.parametrize(
    ("rule", "first", "then"),
    [
        ("FREQ=DAILY", "2026-12-30", ["2026-12-31", "2027-01-01"]),
        ("FREQ=DAILY;INTERVAL=3", "2026-11-25", ["2026-11-28", "2026-12-01"]),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-11-26", ["2026-11-27", "2026-11-30"]),
        ("FREQ=DAILY;INTERVAL=2;BYMONTH=12", "2026-11-25", ["2026-12-01", "2026-12-03"]),
        ("FREQ=WEEKLY", "2026-11-25", ["2026-12-02", "2026-12-09"]),
        ("FREQ=WEEKLY;BYDAY=SU,WE", "2026-11-25", ["2026-11-29", "2026-12-02"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-11-25", ["2026-12-07", "2026-12-21"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU", "1997-08-05", ["1997-08-10", "1997-08-19", "1997-08-24"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "1997-08-05", ["1997-08-17", "1997-08-19", "1997-08-31"]),
        ("FREQ=MONTHLY", "2026-01-31", ["2026-03-31", "2026-05-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", ["2026-02-28", "2026-03-31"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-25", ["2026-11-27", "2026-12-25"]),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "2026-11-25", ["2027-08-13", "2028-10-13"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-25", ["2026-11-30", "2026-12-31"]),
        ("FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10,11", "1997-09-10", ["1997-09-11", "1999-03-10"]),
        ("FREQ=YEARLY", "2024-02-29", ["2028-02-29", "2032-02-29"]),
        ("FREQ=YEARLY;BYMONTH=1", "2026-11-25", ["2027-01-25", "2028-01-25"]),
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=2TU,MO", "2026-12-30", ["2027-01-04", "2027-01-11", "2027-01-12"]),
        ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", ["1998-05-18", "1999-05-17"]),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", ["1998-05-11", "1999-05-17"]),
        ("FREQ=YEARLY;BYWEEKNO=20", "1997-05-12", ["1998-05-11", "1999-05-17"]),
        ("FREQ=YEARLY;BYYEARDAY=-1", "2026-11-25", ["2026-12-31", "2027-12-31"]),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05", ["2000-11-07"]),
    ],
)
def test_a_series_has_the_days_of_its_rule(rule: str, first: str, then: list[str]) -> None:
    assert series(rule, on(first))[: len(then)] == then


@pytest.mark.parametrize(
    ("done", "then"),
    [
        ("2026-11-23T09:00", "2026-12-02"),
        ("2026-11-25T09:00", "2026-12-02"),
        ("2026-11-28T09:00", "2026-12-02"),
        ("2026-12-02T09:00", "2026-12-09"),
        ("2027-12-01T09:00", "2027-12-08"),
    ],
)
def test_a_weekly_task_that_is_late_comes_next_on_its_own_weekday_in_the_future(done: str, then: str) -> None:
    assert after("FREQ=WEEKLY", on("2026-11-25"), done) == on(then)


def test_a_late_one_stays_in_step_with_its_due_date() -> None:
    assert after("FREQ=DAILY;INTERVAL=3", on("2026-11-01"), "2026-11-25T09:00") == on("2026-11-28")
    assert after("FREQ=WEEKLY;INTERVAL=2", on("2026-11-02"), "2026-11-25T09:00") == on("2026-11-30")
    assert after("FREQ=MONTHLY;INTERVAL=2", on("2026-01-05"), "2026-11-25T09:00") == on("2027-01-05")


@pytest.mark.parametrize(
    ("done", "then"),
    [
        ("2026-11-25T17:59", "2026-11-26T18:00"),
        ("2026-11-26T17:59", "2026-11-26T18:00"),
        ("2026-11-26T18:00", "2026-11-27T18:00"),
        ("2026-12-24T19:00", "2026-12-25T18:00"),
    ],
)
def test_a_time_that_is_still_ahead_today_is_the_next_one(done: str, then: str) -> None:
    assert after("FREQ=DAILY", at("2026-11-25T18:00"), done) == at(then)


@pytest.mark.parametrize(
    ("rule", "done", "then"),
    [
        ("FREQ=DAILY;INTERVAL=3", "2026-11-28T09:00", "2026-12-01"),
        ("FREQ=DAILY;INTERVAL=3", "2026-11-24T09:00", "2026-11-27"),
        ("FREQ=MONTHLY", "2026-12-03T09:00", "2027-01-03"),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-12-03T09:00", "2026-12-07"),
        ("FREQ=WEEKLY", "2026-11-18T09:00", "2026-12-02"),
    ],
)
def test_from_completion_the_interval_is_counted_from_that_day_and_never_back_to_the_due_date(
    rule: str, done: str, then: str
) -> None:
    found = next_due(read_rule(rule), "completion", on("2026-11-25"), datetime.fromisoformat(done))

    assert found
    assert found.due == on(then)


def test_from_completion_the_time_of_day_stays() -> None:
    found = next_due(
        read_rule("FREQ=DAILY;INTERVAL=2"),
        "completion",
        at("2026-11-25T18:00"),
        datetime.fromisoformat("2026-11-27T07:00"),
    )

    assert found
    assert found.due == at("2026-11-29T18:00")


@pytest.mark.parametrize(
    ("zone", "first", "then"),
    [
        ("Europe/Berlin", "2026-03-28T09:00", "2026-03-29T07:00:00+00:00"),  # 9 o'clock is an hour earlier
        ("Europe/Berlin", "2026-10-24T09:00", "2026-10-25T08:00:00+00:00"),
        ("Europe/Berlin", "2026-03-28T02:30", "2026-03-29T01:30:00+00:00"),  # no clock shows 02:30: it is 03:30
        ("Europe/Berlin", "2026-10-24T02:30", "2026-10-25T00:30:00+00:00"),  # every clock shows it twice: the first
        ("Asia/Kathmandu", "2026-11-25T00:10", "2026-11-25T18:25:00+00:00"),
    ],
)
def test_a_time_keeps_to_the_clock_on_the_wall_where_clocks_are_changed(zone: str, first: str, then: str) -> None:
    found = after("FREQ=DAILY", at(first, zone))

    assert found == Due(at=datetime.fromisoformat(then), zone=zone)


def test_the_days_of_a_rule_are_those_of_the_tasks_zone() -> None:
    monday_in_auckland = at("2026-11-30T08:00", "Pacific/Auckland")

    assert after("FREQ=WEEKLY;BYDAY=MO", monday_in_auckland) == at("2026-12-07T08:00", "Pacific/Auckland")


def test_a_count_is_that_of_this_one_and_those_to_come() -> None:
    assert series("FREQ=DAILY;COUNT=3", on("2026-11-25")) == ["2026-11-26", "2026-11-27"]
    found = next_due(read_rule("FREQ=DAILY;COUNT=3"), "due", on("2026-11-25"), datetime.fromisoformat("2026-11-25"))
    assert found
    assert found.recurrence == "FREQ=DAILY;COUNT=2"


@pytest.mark.parametrize(
    ("until", "due", "goes_on"),
    [
        ("20261126", on("2026-11-25"), True),
        ("20261125", on("2026-11-25"), False),
        ("20261126T000000", on("2026-11-25"), True),
        ("20261126T000000Z", on("2026-11-25"), True),
        ("20261126", at("2026-11-25T23:30"), True),
        ("20261126T090000", at("2026-11-25T09:00"), True),
        ("20261126T085959", at("2026-11-25T09:00"), False),
        ("20261126T080000Z", at("2026-11-25T09:00"), True),
        ("20261126T075959Z", at("2026-11-25T09:00"), False),
    ],
)
def test_a_series_goes_on_until_its_last_day_or_moment(until: str, due: Due, goes_on: bool) -> None:  # noqa: FBT001 - a row of the table
    assert (after(f"FREQ=DAILY;UNTIL={until}", due) is not None) == goes_on


def test_nothing_comes_behind_the_calendar() -> None:
    assert after("FREQ=DAILY", on("9999-12-31")) is None
    assert after("FREQ=WEEKLY;BYDAY=SU", on("9999-12-26")) is None
    assert after("FREQ=YEARLY;INTERVAL=1000", on("9500-01-01")) is None
    assert after("FREQ=DAILY", at("9999-12-30T23:59:59.999999", "UTC")) is None


def test_a_series_may_begin_with_the_calendar() -> None:
    assert after("FREQ=DAILY", on("0001-01-01")) == on("0001-01-02")
    assert after("FREQ=DAILY;INTERVAL=2", on("0001-01-01"), "2026-11-25T09:00") == on("2026-11-27")
    assert after("FREQ=WEEKLY;WKST=SU;INTERVAL=2", on("0001-01-01")) == on("0001-01-15")


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4,6,9,11",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=3",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=YEARLY;BYYEARDAY=1;BYMONTH=2",
        "FREQ=DAILY;UNTIL=20261125",
        "FREQ=DAILY;UNTIL=00010101",
    ],
)
def test_a_rule_that_never_comes_is_refused(rule: str) -> None:
    with pytest.raises(Invalid, match="never comes again"):
        coming(read_rule(rule), Due(on=WEDNESDAY))


def test_a_rule_needs_a_date_to_begin_with() -> None:
    with pytest.raises(Invalid, match="needs a due date"):
        coming(read_rule("FREQ=DAILY"), Due())


def test_a_rule_for_once_is_one() -> None:
    assert coming(read_rule("FREQ=DAILY;COUNT=1"), Due(on=WEDNESDAY)).count == 1


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("freq=weekly;byday=we,mo,mo;interval=2", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE"),
        ("RRULE:FREQ=DAILY", "FREQ=DAILY"),
        (" rrule:INTERVAL=1;FREQ=DAILY;WKST=MO ", "FREQ=DAILY"),
        ("BYDAY=+1MO,-1FR,TU;FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=-1FR,TU,1MO"),
        ("FREQ=DAILY;UNTIL=20261231", "FREQ=DAILY;UNTIL=20261231"),
        ("FREQ=DAILY;UNTIL=09870101T000000", "FREQ=DAILY;UNTIL=09870101T000000"),
        ("FREQ=DAILY;UNTIL=20261231T235959Z", "FREQ=DAILY;UNTIL=20261231T235959Z"),
        (
            "WKST=SU;BYSETPOS=-1;BYDAY=MO;BYMONTHDAY=1,-1;BYYEARDAY=2;BYMONTH=12,1;COUNT=9;FREQ=YEARLY",
            "FREQ=YEARLY;COUNT=9;BYMONTH=1,12;BYYEARDAY=2;BYMONTHDAY=-1,1;BYDAY=MO;BYSETPOS=-1;WKST=SU",
        ),
    ],
)
def test_the_same_rule_is_one_text(written: str, text: str) -> None:
    assert read_rule(written).text == text
    assert read_rule(text).text == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is not made of parts"),
        ("every day", "is not made of parts"),
        ("FREQ=DAILY;", "is not made of parts"),
        ("FREQ=DAILY\nEXDATE=20261231", "is not made of parts"),
        ("DTSTART:20261125\nRRULE:FREQ=DAILY", "is not made of parts"),
        ("FREQ=DAILY;COUNT=٣", "is not made of parts"),
        ("INTERVAL=2", "needs FREQ="),
        ("FREQ=HOURLY", "needs FREQ="),
        ("FREQ=SECONDLY", "needs FREQ="),
        ("FREQ=DAILY;FREQ=DAILY", "has FREQ twice"),
        ("FREQ=DAILY;BYEASTER=0", "has a part that is not one of"),
        ("FREQ=DAILY;BYHOUR=9", "the time of day is that of due_at"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL that is no number from 1 to 1,000"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL that is no number from 1 to 1,000"),
        ("FREQ=DAILY;INTERVAL=1001", "INTERVAL that is no number from 1 to 1,000"),
        ("FREQ=DAILY;COUNT=0", "COUNT that is no number from 1 to 10,000"),
        ("FREQ=DAILY;COUNT=99999999", "COUNT that is no number from 1 to 10,000"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20261231", "both COUNT and UNTIL"),
        ("FREQ=DAILY;UNTIL=20261301", "UNTIL that is no date"),
        ("FREQ=DAILY;UNTIL=20261231Z", "UNTIL that is no date"),
        ("FREQ=DAILY;UNTIL=00000101", "UNTIL that is no date"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH outside of 1 to 12"),
        ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH outside of 1 to 12"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY outside of 1 to 31 or -31 to -1"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,,2", "BYMONTHDAY outside of 1 to 31 or -31 to -1"),
        ("FREQ=YEARLY;BYYEARDAY=367", "BYYEARDAY outside of 1 to 366"),
        ("FREQ=YEARLY;BYWEEKNO=54", "BYWEEKNO outside of 1 to 53"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY that is not made of"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY with a number that does not go with FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYDAY=6MO", "BYDAY with a number that does not go with FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY with a number that does not go with FREQ=MONTHLY"),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=8MO", "a number that no month has"),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", "does not go with BYWEEKNO"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY, which does not go with FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYYEARDAY=1", "BYYEARDAY, which does not go with FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS, but no other list"),
        ("FREQ=YEARLY;BYDAY=MO;BYSETPOS=" + ",".join(map(str, range(1, 14))), "more than 12 numbers"),
        ("FREQ=DAILY;WKST=M", "WKST that is not one of"),
        ("FREQ=YEARLY;BYYEARDAY=" + ",".join(["1"] * 500), "longer than 500 characters"),
    ],
)
def test_what_is_no_rule_is_refused_in_words(text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_rule(text)

    (fault,) = refusal.value.errors
    assert fault.pointer == "/recurrence"
    assert sentence in fault.detail


def test_the_next_ones_id_follows_from_the_series_and_its_date() -> None:
    series_id = UUID("0193a000-0000-7000-8000-000000000001")

    assert next_id(series_id, WEDNESDAY) == next_id(series_id, at("2026-11-25T18:00").local.date())
    assert next_id(series_id, WEDNESDAY) != next_id(series_id, date(2026, 11, 26))
    assert next_id(series_id, WEDNESDAY) != next_id(UUID(int=1), WEDNESDAY)
    assert next_id(series_id, WEDNESDAY).version == 5


def test_midnight_belongs_to_the_day_that_begins() -> None:
    midnight = Due(
        at=datetime.combine(WEDNESDAY, time(), ZoneInfo("Europe/Berlin")).astimezone(UTC), zone="Europe/Berlin"
    )

    assert after("FREQ=DAILY", midnight) == at("2026-11-26T00:00")
