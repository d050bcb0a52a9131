from datetime import UTC, date, datetime

import pytest

from taskflow.features.imports.dates import due

FIRST = date(2026, 12, 1)


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
    from taskflow.features.imports.date_words import NAMES  # noqa: PLC0415

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


def test_no_words_are_no_date() -> None:
    assert due("  ", "en", "Europe/Berlin").missing is None
