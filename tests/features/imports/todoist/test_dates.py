import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as some

from taskflow.features.imports.todoist.due import TodoistDue
from taskflow.features.imports.todoist.due import due as due_at
from taskflow.features.tasks.recurrence import read_rule

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
FIRST = date(2026, 12, 1)


def due(words: str, language: str, zone: str) -> TodoistDue:
    return due_at(words, language, zone, NOW)


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("2026-12-01", "en"),
        ("2026/12/1", ""),
        ("1 Dec 2026", "en"),
        ("1 December 2026", "en"),
        ("1st Dec. 2026", "en"),
        ("Dec 1 2026", "en"),
        ("dec 1, 2026", "en"),
        ("December 1st, 2026", "en"),
        ("1. Dez. 2026", "de"),
        ("1.12.2026", "de"),
        ("1er déc. 2026", "fr"),
        ("1 de dezembro de 2026", "pt_BR"),
        ("1 декабря 2026", "ru"),
        ("2026年12月1日", "ja"),
        ("  1   Dec\n2026 ", "en"),
    ],
)
def test_words_that_name_one_calendar_day_are_that_day(words: str, language: str) -> None:
    found = due(words, language, "Europe/Berlin")

    assert (found.on, found.at, found.missing) == (FIRST, None, None)


@pytest.mark.parametrize("language", ["da", "de", "en", "es", "fi", "fr", "it", "nb", "nl", "pl", "pt", "ru", "sv"])
def test_every_month_is_known_in_every_language_by_its_name(language: str) -> None:
    from taskflow.features.imports.dates.words import NAMES  # noqa: PLC0415

    for number, spellings in enumerate(NAMES[language].split(), start=1):
        for name in spellings.split("|"):
            assert due(f"2 {name.title()} 2026", language, "").on == date(2026, number, 2)


@pytest.mark.parametrize(
    "words",
    [
        "2026-12-01 14:30",
        "2026-12-01T14:30:00",
        "2026-12-01 at 14:30",
        "Dec 1 2026 2:30pm",
        "1 Dec 2026 @ 2:30 PM",
        "1. Dez 2026 um 14:30 Uhr",
        "1 Dec 2026 14h30",
        "2026-12-01T13:30:00.000000Z",
        "2026-12-01T15:30+02:00",
    ],
)
def test_a_time_with_its_zone_is_a_moment(words: str) -> None:
    found = due(words, "de", "Europe/Berlin")

    assert (found.on, found.at, found.zone) == (None, datetime(2026, 12, 1, 13, 30, tzinfo=UTC), "Europe/Berlin")


@pytest.mark.parametrize(("words", "hour"), [("12am", 0), ("12:00 pm", 12), ("1am", 1), ("11 p.m.", 23)])
def test_noon_and_midnight_are_told_apart(words: str, hour: int) -> None:
    assert due(f"Dec 1 2026 {words}", "en", "UTC").at == datetime(2026, 12, 1, hour, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "localtime"])
def test_a_time_without_a_known_zone_gives_the_day_and_says_so(zone: str) -> None:
    found = due("1 Dec 2026 9am", "en", zone)

    assert (found.on, found.at, found.zone) == (FIRST, None, None)
    assert found.missing is not None


@pytest.mark.parametrize(
    "words",
    [
        "today",
        "in 5 days",
        "morgen 09:00",
        "27 Jan",
        "friday",
        "3/4/2026",
        "31 Feb 2026",
        "32 Dec 2026",
        "1 Jui 2026",
        "1 Dec 2026 25:00",
        "1 Dec 2026 13pm",
        "0001-01-01T00:00+23:59",
        "9999-12-31T23:59Z",
        "99:99",
        "1 Dec 2026 and then some",
        "9" * 100_000,
        "\u0661 Dec 2026",
    ],
)
def test_words_that_name_no_certain_day_are_not_guessed_at(words: str) -> None:
    found = due(words, "fr", "Europe/Berlin")

    assert (found.on, found.at, found.repeats) == (None, None, False)
    assert found.missing is not None


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("in 5 days", "they name no certain day, for the file does not say on which day it was exported"),
        ("27 Jan", "they name no certain day, for the file does not say on which day it was exported"),
        ("3/4/2026", "they can be read as more than one day, or as none"),
        ("31 Feb 2026", "they can be read as more than one day, or as none"),
    ],
)
def test_the_day_of_the_export_is_missed_where_it_would_tell(words: str, why: str) -> None:
    assert due(words, "en", "Europe/Berlin").missing == why


@pytest.mark.parametrize(
    "words",
    [
        "every day",
        "every! 3 months",
        "9am every monday",
        "täglich",
        "jeden 15.",
        "alle 2 Tage",
        "毎日",
        "every 1 Dec 2026",
    ],
)
def test_words_that_repeat_are_told_from_those_that_can_not_be_read(words: str) -> None:
    assert due(words, "en", "").repeats


@pytest.mark.parametrize(
    ("words", "rule", "first"),
    [
        ("every day", "FREQ=DAILY", date(2026, 11, 25)),
        ("daily", "FREQ=DAILY", date(2026, 11, 25)),
        ("Every Monday", "FREQ=WEEKLY;BYDAY=MO", date(2026, 11, 30)),
        ("every mon, wed and fri", "FREQ=WEEKLY;BYDAY=MO,WE,FR", date(2026, 11, 25)),
        ("every other tuesday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", date(2026, 12, 1)),
        ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", date(2026, 11, 25)),
        ("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2", date(2026, 11, 25)),
        ("every quarter", "FREQ=MONTHLY;INTERVAL=3", date(2026, 11, 25)),
        ("every 15th", "FREQ=MONTHLY;BYMONTHDAY=15", date(2026, 12, 15)),
        ("every 1, 15", "FREQ=MONTHLY;BYMONTHDAY=1,15", date(2026, 12, 1)),
        ("every last day", "FREQ=MONTHLY;BYMONTHDAY=-1", date(2026, 11, 30)),
        ("every last friday", "FREQ=MONTHLY;BYDAY=-1FR", date(2026, 11, 27)),
        ("every 1st and 3rd monday of the month", "FREQ=MONTHLY;BYDAY=1MO,3MO", date(2026, 12, 7)),
        ("every 27 jan", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=27", date(2027, 1, 27)),
        ("every jan 14, jul 14", "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=14", date(2027, 1, 14)),
        ("every feb 29", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", date(2028, 2, 29)),
        ("every 3 days starting 2027-01-01", "FREQ=DAILY;INTERVAL=3", date(2027, 1, 1)),
    ],
)
def test_repetition_is_a_rule_and_the_first_day_that_it_names(words: str, rule: str, first: date) -> None:
    found = due(words, "en", "Europe/Berlin")

    assert (found.rule, found.recurs_from, found.on, found.missing) == (rule, "due", first, None)
    assert read_rule(rule).text == rule


@pytest.mark.parametrize("words", ["every! 3 days", "after 3 days", "ev! 3 day"])
def test_repetition_from_completion_says_so(words: str) -> None:
    found = due(words, "en", "UTC")

    assert (found.rule, found.recurs_from, found.on) == ("FREQ=DAILY;INTERVAL=3", "completion", NOW.date())


def test_repetition_begins_on_the_day_that_it_is_where_the_person_is() -> None:
    assert due("every day", "en", "Pacific/Kiritimati").on == date(2026, 11, 26)


@pytest.mark.parametrize(
    "words", ["every day at 9am", "9:00 every day", "every day @ 9:00", "every morning", "Every day 9AM"]
)
def test_repetition_with_a_time_is_due_at_a_moment(words: str) -> None:
    found = due(words, "en", "Europe/Berlin")

    assert (found.rule, found.at, found.zone) == ("FREQ=DAILY", datetime(2026, 11, 25, 8, tzinfo=UTC), "Europe/Berlin")


def test_repetition_ends_on_a_day_that_is_named() -> None:
    found = due("every week until 31 Dec 2026", "en", "")

    assert (found.rule, found.until) == ("FREQ=WEEKLY", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("words", "language", "rule"),
    [
        ("jeden Montag", "de", "FREQ=WEEKLY;BYDAY=MO"),
        ("alle 2 Wochen", "de", "FREQ=WEEKLY;INTERVAL=2"),
        ("täglich um 9:00", "de", "FREQ=DAILY"),
        ("jeden 15.", "de", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("jeden letzten Freitag im Monat", "de", None),
        ("tous les jours", "fr", "FREQ=DAILY"),
        ("cada lunes y miércoles", "es", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("毎日", "ja", None),
    ],
)
def test_repetition_in_another_language_is_read_where_its_words_are_known(
    words: str, language: str, rule: str | None
) -> None:
    assert due(words, language, "UTC").rule == rule


@pytest.mark.parametrize(
    "words",
    [
        "every full moon",
        "every 12 hours",
        "every",
        "every 0 days",
        "every 32nd",
        "every feb 30",
        "every weekend",
        "every 400 quarters",
        "every day at 25:00",
        "every day at 13pm",
        "every day until someday",
        "every 3 friday",
        "every 27 jan, 3 feb",
        "every week until 2020-01-01",
        "every other weekday",
        "every " + "x" * 100_000,
    ],
)
def test_repetition_that_no_rule_says_is_kept_as_words(words: str) -> None:
    found = due(words, "en", "UTC")

    assert (found.on, found.at, found.rule, found.repeats) == (None, None, None, True)
    assert found.missing is not None


def test_no_words_are_no_date() -> None:
    assert due("  ", "en", "Europe/Berlin").missing is None


VOCABULARY = re.findall(
    r"\S+",
    "every every! each after daily other 2 3rd 15th 31 1st last first second day days week month year quarter weekday "
    "monday mon, fri and sunday jan 29 feb december of the at 9am 23:59 morning night starting until 2027-01-01 "
    "2026-12-01 täglich jeden um , !",
)


@given(words=some.lists(some.sampled_from(VOCABULARY), max_size=9), language=some.sampled_from(["en", "de", "fr", ""]))
def test_any_words_are_read_or_kept_and_a_rule_begins_on_a_day_of_its_own(words: list[str], language: str) -> None:
    found = due(" ".join(words), language, "Europe/Berlin")

    if found.rule:
        first = found.on or found.at.astimezone(ZoneInfo("Europe/Berlin")).date()  # type: ignore[union-attr]
        start = datetime.combine(first, time())
        assert rrulestr(read_rule(found.rule).text, dtstart=start)[0] == start
        assert first >= NOW.date()
    elif found.repeats:
        assert found.missing
