"""A recurrence rule: the RRULE value of RFC 5545, as far as whole days recur, read strictly and written in one way."""

import re
from datetime import UTC, date, datetime
from typing import Literal, get_args

from msgspec import Struct

from taskflow.foundation.refusal import Invalid, invalid

Freq = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
Until = date | datetime  # a day, what a clock on the wall shows, or a moment in UTC

RULE_MOST = 500  # characters; a rule that names every week of a year has 170
INTERVAL_MOST = 1000
COUNT_MOST = 10_000
PLACES_MOST = 12  # of BYSETPOS: each makes the library walk through the whole year
NTH_MOST = {"MONTHLY": 5, "YEARLY": 53}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PART = re.compile(r"([A-Z]+)=([0-9A-Z,+-]+)", re.ASCII)
NUMBER = re.compile(r"[+-]?[0-9]{1,5}", re.ASCII)
BY_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
UNTIL = re.compile(r"([0-9]{8})(T[0-9]{6})?(Z)?", re.ASCII)
# The largest number of each list; all but a month may also be counted from the end.
NUMBERED = {"BYMONTH": 12, "BYWEEKNO": 53, "BYYEARDAY": 366, "BYMONTHDAY": 31, "BYSETPOS": 366}
WITH: dict[str, frozenset[str]] = {
    "DAILY": frozenset({"BYMONTH", "BYMONTHDAY", "BYDAY"}),
    "WEEKLY": frozenset({"BYMONTH", "BYDAY"}),
    "MONTHLY": frozenset({"BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS"}),
    "YEARLY": frozenset({*NUMBERED, "BYDAY"}),
}
KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", *WITH["YEARLY"]})
TIMES = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})


class Rule(Struct, frozen=True):
    """A rule that keeps to the RFC; `days` are (which one of month or year, or 0 for each; weekday from Monday on)."""

    freq: Freq
    interval: int = 1
    count: int | None = None
    until: Until | None = None
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    days: tuple[tuple[int, int], ...] = ()
    places: tuple[int, ...] = ()
    week_start: int = 0

    @property
    def text(self) -> str:
        """The one text of this rule: parts in a fixed order, lists sorted, what goes without saying left out."""
        parts = {
            "FREQ": self.freq,
            "INTERVAL": str(self.interval) if self.interval > 1 else "",
            "COUNT": str(self.count or ""),
            "UNTIL": "" if self.until is None else until_text(self.until),
            "BYMONTH": listed(self.months),
            "BYWEEKNO": listed(self.weeks),
            "BYYEARDAY": listed(self.year_days),
            "BYMONTHDAY": listed(self.month_days),
            "BYDAY": ",".join(f"{nth or ''}{WEEKDAYS[day]}" for nth, day in self.days),
            "BYSETPOS": listed(self.places),
            "WKST": WEEKDAYS[self.week_start] if self.week_start else "",
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)


def until_text(until: Until) -> str:
    """An end as the RFC writes it (strftime writes the year 987 with three digits)."""
    text = f"{until.year:04}{until.month:02}{until.day:02}"
    if not isinstance(until, datetime):
        return text
    return f"{text}T{until:%H%M%S}{'' if until.tzinfo is None else 'Z'}"


def listed(numbers: tuple[int, ...]) -> str:
    """Numbers between commas."""
    return ",".join(map(str, numbers))


def read_rule(text: str) -> Rule:
    """The rule of a text like `FREQ=WEEKLY;INTERVAL=2;BYDAY=MO`, with or without `RRULE:` before it; raises Invalid."""
    parts = parts_of(text)
    freq = freq_of(parts)
    for name in parts.keys() & (NUMBERED.keys() | {"BYDAY"}) - WITH[freq]:
        raise wrong(f"has {name}, which does not go with FREQ={freq}")
    rule = Rule(
        freq,
        interval=number_of("INTERVAL", parts.get("INTERVAL", "1"), INTERVAL_MOST),
        count=number_of("COUNT", parts["COUNT"], COUNT_MOST) if "COUNT" in parts else None,
        until=until_of(parts["UNTIL"]) if "UNTIL" in parts else None,
        months=numbers_of(parts, "BYMONTH"),
        weeks=numbers_of(parts, "BYWEEKNO"),
        year_days=numbers_of(parts, "BYYEARDAY"),
        month_days=numbers_of(parts, "BYMONTHDAY"),
        days=days_of(parts.get("BYDAY"), freq),
        places=numbers_of(parts, "BYSETPOS"),
        week_start=week_start_of(parts.get("WKST", "MO")),
    )
    return agreeing(rule)


def parts_of(text: str) -> dict[str, str]:
    """The parts by name; raises Invalid."""
    if len(text) > RULE_MOST:
        raise wrong(f"is longer than {RULE_MOST} characters")
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").split(";"):
        match = PART.fullmatch(part)
        if match is None:
            raise wrong("is not made of parts like FREQ=WEEKLY;BYDAY=MO")
        name = match[1]
        if name in TIMES:
            raise wrong(f"has {name}: the time of day is that of due_at")
        if name not in KNOWN:
            raise wrong("has a part that is not one of " + ", ".join(sorted(KNOWN)))
        if name in parts:
            raise wrong(f"has {name} twice")
        parts[name] = match[2]
    return parts


def freq_of(parts: dict[str, str]) -> Freq:
    """How often it comes; raises Invalid."""
    for freq in get_args(Freq):
        if parts.get("FREQ") == freq:
            known: Freq = freq
            return known
    raise wrong("needs FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")


def number_of(name: str, text: str, most: int) -> int:
    """A number from 1 on; raises Invalid."""
    number = int(text) if NUMBER.fullmatch(text) else 0
    if not 1 <= number <= most:
        raise wrong(f"has {name} that is no number from 1 to {most:,}")
    return number


def numbers_of(parts: dict[str, str], name: str) -> tuple[int, ...]:
    """The numbers of a list, in order; raises Invalid."""
    if name not in parts:
        return ()
    most, least = NUMBERED[name], 1 if name == "BYMONTH" else -NUMBERED[name]
    numbers = {int(text) if NUMBER.fullmatch(text) else 0 for text in parts[name].split(",")}
    if 0 in numbers or min(numbers) < least or max(numbers) > most:
        raise wrong(f"has {name} outside of 1 to {most}" + ("" if least == 1 else f" or -{most} to -1"))
    return tuple(sorted(numbers))


def days_of(text: str | None, freq: Freq) -> tuple[tuple[int, int], ...]:
    """The weekdays of a list, in order; raises Invalid."""
    if text is None:
        return ()
    most = NTH_MOST.get(freq, 0)
    days = set()
    for written in text.split(","):
        match = BY_DAY.fullmatch(written)
        if match is None:
            raise wrong("has BYDAY that is not made of MO, TU, WE, TH, FR, SA and SU, as in MO or -1FR")
        nth = int(match[1]) if match[1] else 0
        if abs(nth) > most or (match[1] and nth == 0):
            raise wrong(f"has BYDAY with a number that does not go with FREQ={freq}")
        days.add((nth, WEEKDAYS.index(match[2])))
    return tuple(sorted(days))


def until_of(text: str) -> Until:
    """The last day or moment; raises Invalid."""
    match = UNTIL.fullmatch(text)
    try:
        if match is None or (match[3] and not match[2]):
            raise ValueError
        if match[2] is None:
            return date.fromisoformat(match[1])
        until = datetime.fromisoformat(match[1] + match[2])
    except ValueError:
        raise wrong("has UNTIL that is no date like 20261231 or 20261231T235959Z") from None
    return until.replace(tzinfo=UTC) if match[3] else until


def week_start_of(text: str) -> int:
    """The weekday that a week begins with; raises Invalid."""
    if text not in WEEKDAYS:
        raise wrong("has WKST that is not one of " + ", ".join(WEEKDAYS))
    return WEEKDAYS.index(text)


def agreeing(rule: Rule) -> Rule:
    """The rule, where its parts go together; raises Invalid."""
    if rule.count is not None and rule.until is not None:
        raise wrong("has both COUNT and UNTIL: it ends in one way")
    if rule.places and not (rule.months or rule.weeks or rule.year_days or rule.month_days or rule.days):
        raise wrong("has BYSETPOS, but no other list to pick from")
    if len(rule.places) > PLACES_MOST:
        raise wrong(f"has more than {PLACES_MOST} numbers in BYSETPOS")
    if rule.months and any(abs(nth) > NTH_MOST["MONTHLY"] for nth, _ in rule.days):
        raise wrong("has BYDAY with a number that no month has, beside BYMONTH")
    if rule.weeks and any(nth for nth, _ in rule.days):
        raise wrong("has BYDAY with a number, which does not go with BYWEEKNO")
    return rule


def wrong(sentence: str) -> Invalid:
    """What is wrong with a rule."""
    return invalid("/recurrence", sentence)
