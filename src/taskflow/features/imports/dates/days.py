"""Calendar dates in words of a language: a day, or a moment, only where they name one for certain."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from taskflow.features.imports.dates.words import month
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
    """A day, or a moment (UTC) with its zone; `no_zone`: only the day is taken, for its zone is not known here."""

    on: date | None = None
    at: datetime | None = None
    zone: str | None = None
    no_zone: bool = False


def calendar_day(words: str, language: str) -> date | None:
    """The day that the words name, where they name one and no time."""
    found = calendar_due(words, language, "")
    return found.on if found and not found.no_zone else None


def on_day(day: date, clock: time | None, zone: str) -> Due:
    """A day, with a time if there is one; raises Invalid where that lies outside of the calendar."""
    if clock is None:
        return Due(on=day)
    if zone not in zones():
        return Due(on=day, no_zone=True)
    return Due(at=in_utc(datetime.combine(day, clock, ZoneInfo(zone)), zone), zone=zone)


def calendar_due(words: str, language: str, zone: str) -> Due | None:
    """When the words say, in single spaces; None where they are none of the forms above."""
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
    if clock is None or "offset" not in parts:
        return on_day(day, clock, zone)
    at = datetime.combine(day, clock, _offset(parts["offset"].strip()))
    place = zone if zone in zones() else "UTC"
    return Due(at=in_utc(at, place), zone=place)


def _clock(parts: dict[str, str]) -> time | None:
    hour = parts.get("hour") or parts.get("hour_alone") or parts.get("hour_h")
    if hour is None:
        return None
    half = (parts.get("half") or parts.get("half_alone") or "").lower()
    minute = int(parts.get("minute") or parts.get("minute_h") or 0)
    return time(on_the_clock(int(hour), half), minute, int(parts.get("second", 0)))


def on_the_clock(hour: int, half: str) -> int:
    """The hour of the day, of which `half` is a, p or empty; raises ValueError."""
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
