"""When a task of Todoist's is due: the words of its DATE cell, once or again and again."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from taskflow.features.imports.dates.days import calendar_due, on_day
from taskflow.features.imports.dates.repetition import read_repetition
from taskflow.features.imports.dates.words import repeats
from taskflow.features.spaces.model import zones
from taskflow.features.tasks.model import RecursFrom
from taskflow.foundation.refusal import Invalid

NO_DAY = "they name no certain day, for the file does not say on which day it was exported"
UNSURE = "they can be read as more than one day, or as none"
YEAR = re.compile(r"[0-9]{4}")  # with one the day of the export would tell no more
NO_RULE = "they are no rule that can be said here"
NO_ZONE = "only the day is taken: the file names no time zone that is known here"


@dataclass(frozen=True, slots=True)
class TodoistDue:
    """What the cell says; `missing` is why it is not read, or not wholly. `until` is the last day of a rule.

    `begun` is the first one, where the words name none.
    """

    on: date | None = None
    at: datetime | None = None
    zone: str | None = None
    missing: str | None = None
    repeats: bool = False
    rule: str | None = None
    recurs_from: RecursFrom | None = None
    until: date | None = None
    begun: date | None = None


def due(words: str, language: str, zone: str, at: datetime) -> TodoistDue:
    """Read the DATE, DATE_LANG and TIMEZONE cells of a row; `at` is now, from which repetition without a start goes."""
    words, language, zone = " ".join(words.split()), language.strip(), zone.strip()
    if not words:
        return TodoistDue()
    if repeats(words):
        return _repeating(words, language, zone, at) or TodoistDue(missing=NO_RULE, repeats=True)
    found = calendar_due(words, language, zone)
    if found is None:
        return TodoistDue(missing=UNSURE if YEAR.search(words) else NO_DAY)
    return TodoistDue(found.on, found.at, found.zone, NO_ZONE if found.no_zone else None)


def _repeating(words: str, language: str, zone: str, at: datetime) -> TodoistDue | None:
    today = at.astimezone(ZoneInfo(zone if zone in zones() else "UTC")).date()
    found = read_repetition(words, language, today)
    if found is None:
        return None
    try:
        first = on_day(found.first, found.clock, zone)
    except Invalid:
        return None
    missing = NO_ZONE if first.no_zone else None
    return TodoistDue(
        first.on,
        first.at,
        first.zone,
        missing,
        repeats=True,
        rule=found.rule,
        recurs_from=found.recurs_from,
        until=found.until,
        begun=found.begun,
    )  # fmt: skip - the day, and how it comes again
