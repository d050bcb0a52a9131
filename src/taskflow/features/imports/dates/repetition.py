"""Repetition as Todoist writes it ("every! 2 weeks at 9am"), as a rule of RFC 5545 where one says the same."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from taskflow.features.imports.dates.days import WORDS_MOST, calendar_day, on_the_clock
from taskflow.features.imports.dates.words import in_english, month
from taskflow.features.tasks.model import RecursFrom
from taskflow.features.tasks.rule import INTERVAL_MOST

DAYS_SEARCHED = 366 * 8  # the longest way to a day that exists: from one 29 February to the next, over 2100
MONTH_DAYS = 31
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKDAYS = WEEKDAYS[:5]
WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORTEST = 3
UNITS = {
    "day": ("DAILY", 1),
    "week": ("WEEKLY", 1),
    "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3),
    "year": ("YEARLY", 1),
}
ADVERBS = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "annually": "year",
}
NUMBERS = {"other": 2, "second": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
# The hours that Todoist takes these for.
PARTS_OF_DAY = {"morning": 9, "afternoon": 12, "evening": 19, "night": 22}

HEAD = re.compile(r"(?:every|each|ev)(?P<again>!)?\s+(?P<body>.+)")
AFTER = re.compile(r"after\s+(?P<body>(?:\d+\s+)?(?:day|week|month|year)s?)")
CLOCK = re.compile(
    r"(?<!\S)(?:at\s+|@\s*)?(?:(?P<hour>\d{1,2}):(?P<minute>\d{2})(?:\s?(?P<half>[ap])\.?m\.?)?"
    r"|(?P<alone>\d{1,2})\s?(?P<half_alone>[ap])\.?m\.?)(?!\S)",
    re.ASCII,
)
PART_OF_DAY = re.compile(r"(?<!\S)(?:in the\s+|at\s+)?(?P<part>morning|afternoon|evening|night)(?!\S)")
START = re.compile(
    r"\s(?:starting|start|starts|from|beginning)\s+(?:on\s+)?(?P<day>.+?)(?=\s(?:until|till|ending|ends|end)\s|$)"
)
UNTIL = re.compile(r"\s(?:until|till|ending|ends|end)\s+(?:on\s+)?(?P<day>.+)$")
UNIT = re.compile(r"(?:(?P<number>[a-z]+|\d{1,3})\s+)?(?P<unit>day|week|month|quarter|year)s?", re.ASCII)
ORDINAL = re.compile(r"(?P<number>\d{1,2})(?:st|nd|rd|th|\.)?", re.ASCII)
OF_MONTH = re.compile(r"\s(?:of|in)\s(?:the|each|every)\smonth$|\sday(?:\sof\s(?:the|each|every)\smonth)?$")
BETWEEN = re.compile(r"\s*(?:,|/|&|\sand\s|\s)\s*")


@dataclass(frozen=True, slots=True)
class Repetition:
    """A rule, the first day that it names, the last one if there is one, and the time of day.

    `begun` is the first day where only the day of the import says which one it is.
    """

    rule: str
    recurs_from: RecursFrom
    first: date
    until: date | None
    clock: time | None
    begun: date | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rule in its parts: each empty one allows any day."""

    freq: str
    interval: int = 1
    by_day: tuple[str, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()

    def rule(self) -> str:
        """The text of the rule."""
        parts = {
            "FREQ": self.freq,
            "INTERVAL": "" if self.interval == 1 else str(self.interval),
            "BYMONTH": ",".join(map(str, self.by_month)),
            "BYMONTHDAY": ",".join(map(str, self.by_month_day)),
            "BYDAY": ",".join(self.by_day),
        }
        return ";".join(f"{name}={part}" for name, part in parts.items() if part)

    def names(self, day: date) -> bool:
        """Whether the rule may begin on that day."""
        left = ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - day).days if day.year < date.max.year else 0
        weekday = WEEKDAYS[day.weekday()]
        nth, nth_last = (day.day - 1) // 7 + 1, -((left - 1) // 7 + 1)
        return (
            (not self.by_month or day.month in self.by_month)
            and (not self.by_month_day or day.day in self.by_month_day or -left in self.by_month_day)
            and (not self.by_day or not {weekday, f"{nth}{weekday}", f"{nth_last}{weekday}"}.isdisjoint(self.by_day))
        )

    def first(self, start: date) -> date | None:
        """The first day from `start` on that the rule names; None where there is none."""
        last = min(DAYS_SEARCHED, (date.max - start).days)
        return next((day for n in range(last) if self.names(day := start + timedelta(days=n))), None)


def read_repetition(words: str, language: str, today: date) -> Repetition | None:
    """Read words in single spaces; without a start of their own they begin today. None where they say another thing."""
    if len(words) > WORDS_MOST:
        return None
    text = in_english(words.casefold(), language)
    try:
        clock, text = _clock(f"{text} ")
        start, text = _bound(START, text, language)
        until, text = _bound(UNTIL, text, language)
    except ValueError:
        return None
    recurs_from, body = _head(text)
    pattern = _pattern(body, language)
    first = pattern.first(start or today) if pattern else None
    if pattern is None or first is None or (until and until < first):
        return None
    return Repetition(pattern.rule(), recurs_from, first, until, clock, None if start else first)


def _clock(text: str) -> tuple[time | None, str]:
    """The time of day and the words without it; raises ValueError where it is no time of a day."""
    if found := PART_OF_DAY.search(text):
        bare = text.replace(found[0], "", 1).strip()
        return time(PARTS_OF_DAY[found["part"]]), f"{bare} day" if " " not in bare else bare
    found = CLOCK.search(text)
    if found is None:
        return None, text.strip()
    half = found["half"] or found["half_alone"] or ""
    clock = time(on_the_clock(int(found["hour"] or found["alone"]), half), int(found["minute"] or 0))
    return clock, " ".join((text[: found.start()] + text[found.end() :]).split())


def _bound(form: re.Pattern[str], text: str, language: str) -> tuple[date | None, str]:
    """A day after "starting" or "until" and the words without it; raises ValueError where it is no certain day."""
    found = form.search(text)
    if found is None:
        return None, text
    day = calendar_day(found["day"], language)
    if day is None:
        raise ValueError(found["day"])
    return day, text[: found.start()] + text[found.end() :]


def _head(text: str) -> tuple[RecursFrom, str]:
    adverb = ADVERBS.get(text.removesuffix("!"))
    if adverb:
        return ("completion" if text.endswith("!") else "due"), adverb
    if found := AFTER.fullmatch(text):
        return "completion", found["body"]
    if found := HEAD.fullmatch(text):
        return ("completion" if found["again"] else "due"), found["body"]
    return "due", ""


def _pattern(body: str, language: str) -> Pattern | None:
    words = [word for word in BETWEEN.split(body) if word]
    if not words:
        return None
    return (
        _unit(body)
        or _weekdays(words)
        or _nth_weekdays(words, body)
        or _month_days(body)
        or _year_days(words, language)
    )


def _unit(body: str) -> Pattern | None:
    found = UNIT.fullmatch(body)
    if found is None:
        return None
    number = found["number"] or "1"
    count = int(number) if number.isdecimal() else NUMBERS.get(number, 0)
    freq, unit = UNITS[found["unit"]]
    return Pattern(freq, count * unit) if 0 < count * unit <= INTERVAL_MOST else None


def _weekdays(words: list[str]) -> Pattern | None:
    """Monday; every other monday; mon, wed and fri; weekdays."""
    interval, names = (2, words[1:]) if words[0] == "other" else (1, words)
    if names in (["weekday"], ["weekdays"], ["workday"], ["workdays"]):
        return Pattern("WEEKLY", by_day=WORKDAYS) if interval == 1 else None
    days = [_weekday(name) for name in names]
    if not days or None in days:
        return None
    return Pattern("WEEKLY", interval, tuple(day for day in WEEKDAYS if day in days))


def _weekday(name: str) -> str | None:
    bare = name.removesuffix(".").removesuffix("s") if len(name) > SHORTEST else name
    found = [n for n, full in enumerate(WEEKDAY_NAMES) if len(bare) >= SHORTEST and full.startswith(bare)]
    return WEEKDAYS[found[0]] if len(found) == 1 else None


def _nth_weekdays(words: list[str], body: str) -> Pattern | None:
    """First monday; 1st and 3rd monday; last friday of the month."""
    *numbers, name = BETWEEN.split(OF_MONTH.sub("", body)) if OF_MONTH.search(body) else words
    day = _weekday(name)
    nths = [_nth(number) for number in numbers]
    if day is None or not nths or not all(nth and nth <= ORDINALS["fifth"] for nth in nths):
        return None
    return Pattern("MONTHLY", by_day=tuple(f"{nth}{day}" for nth in nths))


def _nth(word: str) -> int:
    if word in ORDINALS:
        return ORDINALS[word]
    found = ORDINAL.fullmatch(word)
    return int(found["number"]) if found and not word.isdecimal() else 0


def _month_days(body: str) -> Pattern | None:
    """15th; 1st and 15th; last day."""
    bare = OF_MONTH.sub("", body)
    days = [ORDINALS[word] if word in ORDINALS else _day(word) for word in BETWEEN.split(bare) if word]
    if not days or not all(day and day <= MONTH_DAYS for day in days):
        return None
    return Pattern("MONTHLY", by_month_day=tuple(dict.fromkeys(days)))


def _day(word: str) -> int:
    found = ORDINAL.fullmatch(word)
    return int(found["number"]) if found else 0


def _year_days(words: list[str], language: str) -> Pattern | None:
    """27 january; jan 27th; 14 jan and 14 jul."""
    if len(words) % 2:
        return None
    pairs = [(words[n], words[n + 1]) for n in range(0, len(words), 2)]
    found = {(month(a, language) or month(b, language) or 0, _day(a) or _day(b)) for a, b in pairs}
    months, days = {number for number, _ in found}, {day for _, day in found}
    if 0 in months or len(days) > 1 or not all(1 <= day <= MONTH_DAYS for day in days):
        return None
    return Pattern("YEARLY", by_month=tuple(sorted(months)), by_month_day=tuple(days))
