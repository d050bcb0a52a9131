"""What recurs in Taskwarrior: a template and the instances made of it so far, of which one carries the rule on."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import datetime, timedelta

from taskflow.features.imports.dates.repetition import WORKDAYS, Pattern
from taskflow.features.imports.taskwarrior.record import Record
from taskflow.features.tasks.rule import INTERVAL_MOST

OPEN = ("pending", "waiting")
INSTANCES_MOST = 10_000  # as many as a mask says have been: one a day for 27 years
WEEKEND = 5

UNITS = {
    "DAILY": ("day", "days", "d"),
    "WEEKLY": ("week", "weeks", "wk", "wks", "w"),
    "MONTHLY": ("month", "months", "mnths", "mths", "mth", "mos", "mo", "m"),
    "QUARTERLY": ("quarter", "quarters", "qrtrs", "qrtr", "qtrs", "qtr", "q"),
    "YEARLY": ("year", "years", "yrs", "yr", "y"),
}
FREQUENCIES = {word: freq for freq, words in UNITS.items() for word in words}
# As Taskwarrior reckons them: biannual is every second year.
NAMED = {
    "daily": ("DAILY", 1),
    "weekdays": ("WEEKDAYS", 1),
    "weekly": ("WEEKLY", 1),
    "biweekly": ("WEEKLY", 2),
    "fortnight": ("WEEKLY", 2),
    "monthly": ("MONTHLY", 1),
    "bimonthly": ("MONTHLY", 2),
    "quarterly": ("MONTHLY", 3),
    "semiannual": ("MONTHLY", 6),
    "annual": ("YEARLY", 1),
    "yearly": ("YEARLY", 1),
    "biannual": ("YEARLY", 2),
    "biyearly": ("YEARLY", 2),
}
NUMBERED = re.compile(r"(?P<count>\d{0,3})\s*(?P<unit>[a-z]+)", re.ASCII)
ISO = re.compile(r"P(?P<count>\d{1,3})(?P<unit>[DWMY])", re.ASCII | re.IGNORECASE)
ISO_UNITS = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}

Period = tuple[str, int]


class Series:
    """The templates and instances of a file."""

    def __init__(self, records: Sequence[Record]) -> None:
        """Find of each series the open instance that is due last: completing it makes the next."""
        self._carriers: dict[str, Record] = {}
        for record in records:
            if record.recur and record.status in OPEN:
                series = record.parent or record.uuid
                held = self._carriers.get(series)
                if held is None or _order(record) > _order(held):
                    self._carriers[series] = record

    def carrier(self, template: str) -> Record | None:
        """The instance that carries a template's rule on."""
        return self._carriers.get(template)

    def carries(self, record: Record) -> bool:
        """Whether it is the one of its series that makes the next."""
        return record.status == "recurring" or self._carriers.get(record.parent or record.uuid) is record

    def carried_by(self, record: Record) -> Record | None:
        """The other one that carries on the series of an open instance."""
        if not record.recur or record.status not in OPEN or self.carries(record):
            return None
        return self._carriers.get(record.parent or record.uuid)

    def recurrence(self, record: Record) -> str | None:
        """The rule of the record that carries one; None too where no rule says the same."""
        period = period_of(record.recur)
        if period is None or record.due is None or not self.carries(record):
            return None
        freq, interval = period
        return (Pattern("WEEKLY", by_day=WORKDAYS) if freq == "WEEKDAYS" else Pattern(freq, interval)).rule()

    @staticmethod
    def next_due(template: Record) -> datetime | None:
        """When the first instance is due that was not made yet: the mask has a sign for each that was."""
        period = period_of(template.recur)
        if template.due is None or period is None:
            return template.due
        try:
            return _later(template.due, period, min(len(template.mask), INSTANCES_MOST))
        except (ValueError, OverflowError):
            return template.due


def _order(record: Record) -> tuple[bool, float, int]:
    return record.due is not None, record.due.timestamp() if record.due else 0, record.line


def period_of(recur: str) -> Period | None:
    """A duration of Taskwarrior's as days, weeks, months or years; None for hours and less, and for other words."""
    word = recur.lower()
    if word in NAMED:
        return NAMED[word]
    found = ISO.fullmatch(recur)
    if found:
        freq = ISO_UNITS[found["unit"].upper()]
    elif found := NUMBERED.fullmatch(word):
        freq = FREQUENCIES.get(found["unit"], "")
    if not found or not freq:
        return None
    count = int(found["count"] or 1)
    if freq == "QUARTERLY":
        freq, count = "MONTHLY", count * 3
    return (freq, count) if 0 < count <= INTERVAL_MOST else None


def _later(due: datetime, period: Period, times: int) -> datetime:
    freq, interval = period
    if freq == "WEEKDAYS":
        for _ in range(times):
            due += timedelta(days=1)
            while due.weekday() >= WEEKEND:
                due += timedelta(days=1)
        return due
    if freq in ("DAILY", "WEEKLY"):
        return due + times * interval * timedelta(days=1 if freq == "DAILY" else 7)
    months = due.month - 1 + times * interval * (1 if freq == "MONTHLY" else 12)
    year, month = due.year + months // 12, months % 12 + 1
    return due.replace(year=year, month=month, day=min(due.day, monthrange(year, month)[1]))
