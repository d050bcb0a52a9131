"""Due dates as Todoist writes them: words in a language, a calendar day only where they name one for certain."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from taskflow.features.imports.date_words import month, repeats
from taskflow.features.spaces.model import zones
from taskflow.features.tasks.due import in_utc
from taskflow.foundation.refusal import Invalid

WORDS_MOST = 100
NOON = 12
GREGORIAN_MONTHS = 12

CLOCK = r"""
    (?: [ ]?T | ,?[ ] (?: (?:at|um|kl\.?|klo|om|à|às|as|alle|ore|a[ ]las|o|в|saat)[ ] | @[ ]? )? )
    (?: (?P<hour>[0-9]{1,2}) : (?P<minute>[0-9]{2}) (?: :(?P<second>[0-9]{2}) (?:\.[0-9]{1,9})? )?
        (?: [ ]?(?P<half>[ap])\.?m\.? | [ ]uhr )?
      | (?P<hour_alone>[0-9]{1,2}) [ ]? (?P<half_alone>[ap])\.?m\.?
      | (?P<hour_h>[0-9]{1,2}) h (?P<minute_h>[0-9]{2})? )
    (?P<offset> Z | [ ]?[+-][0-9]{2}:?[0-9]{2} )?
"""
WORD = r"[^\W\d_]{3,20}"
ORDINAL = r"st|nd|rd|th|er|º|\."
DAYS = (
    r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})",
    r"(?P<day>[0-9]{1,2})\.[ ]?(?P<month>[0-9]{1,2})\.[ ]?(?P<year>[0-9]{4})",
    rf"(?P<day>[0-9]{{1,2}})(?:{ORDINAL})?[ -](?:de[ ])?(?P<name>{WORD})\.?,?[ -](?:de[ ])?(?P<year>[0-9]{{4}})",
    rf"(?P<name>{WORD})\.?[ ](?P<day>[0-9]{{1,2}})(?:{ORDINAL})?,?[ ](?P<year>[0-9]{{4}})",
    r"(?P<year>[0-9]{4})[ ]?[年년][ ]?(?P<month>[0-9]{1,2})[ ]?[月월][ ]?(?P<day>[0-9]{1,2})[ ]?[日일]",
    r"(?P<first>[0-9]{1,2})/(?P<second_number>[0-9]{1,2})/(?P<year>[0-9]{4})",
)
FORMS = [re.compile(rf"(?:{day})(?:{CLOCK})?", re.IGNORECASE | re.VERBOSE) for day in DAYS]


@dataclass(frozen=True, slots=True)
class Due:
    """What the words say: a day, or a moment (UTC) with its zone; `missing` is why they are not read, or not wholly."""

    on: date | None = None
    at: datetime | None = None
    zone: str | None = None
    missing: str | None = None
    repeats: bool = False


NO_DAY = "they name no certain day, for the file does not say on which day it was exported"
NO_ZONE = "only the day is taken: the file names no time zone that is known here"


def due(words: str, language: str, zone: str) -> Due:
    """Read the DATE, DATE_LANG and TIMEZONE cells of a row."""
    words = " ".join(words.split())
    if not words:
        return Due()
    if repeats(words):
        return Due(missing="repeating tasks have no place yet", repeats=True)
    return _calendar_due(words, language.strip(), zone.strip()) or Due(missing=NO_DAY)


def _calendar_due(words: str, language: str, zone: str) -> Due | None:
    if len(words) > WORDS_MOST:
        return None
    for form in FORMS:
        if found := form.fullmatch(words):
            parts = {name: part for name, part in found.groupdict().items() if part}
            try:
                return _moment(_day(parts, language), parts, zone)
            except (ValueError, Invalid):
                return None
    return None


def _day(parts: dict[str, str], language: str) -> date:
    year = int(parts["year"])
    if "name" in parts:
        return date(year, month(parts["name"], language) or 0, int(parts["day"]))
    if "first" in parts:
        return _slashed(year, int(parts["first"]), int(parts["second_number"]))
    return date(year, int(parts["month"]), int(parts["day"]))


def _slashed(year: int, first: int, second: int) -> date:
    """3/4/2026 is a day in March or in April; 13/4/2026 and 4/13/2026 are certain."""
    if first > GREGORIAN_MONTHS or first == second:
        return date(year, second, first)
    return date(year, first, second if second > GREGORIAN_MONTHS else 0)


def _moment(day: date, parts: dict[str, str], zone: str) -> Due:
    clock = _clock(parts)
    if clock is None:
        return Due(on=day)
    place = ZoneInfo(zone) if zone in zones() else None
    if "offset" in parts:
        at = datetime.combine(day, clock, _offset(parts["offset"].strip()))
        return Due(at=in_utc(at, zone if place else "UTC"), zone=zone if place else "UTC")
    if place is None:
        return Due(on=day, missing=NO_ZONE)
    return Due(at=in_utc(datetime.combine(day, clock, place), zone), zone=zone)


def _clock(parts: dict[str, str]) -> time | None:
    hour = parts.get("hour") or parts.get("hour_alone") or parts.get("hour_h")
    if hour is None:
        return None
    half = (parts.get("half") or parts.get("half_alone") or "").lower()
    minute = int(parts.get("minute") or parts.get("minute_h") or 0)
    return time(_hour(int(hour), half), minute, int(parts.get("second", 0)))


def _hour(hour: int, half: str) -> int:
    if not half:
        return hour
    if not 1 <= hour <= NOON:
        raise ValueError(hour)
    return hour % NOON + (NOON if half == "p" else 0)


def _offset(text: str) -> tzinfo:
    if text in "Zz":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))
