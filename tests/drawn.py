"""What arguments are drawn from; few ids, so that repeats and conflicts happen."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy
from msgspec import UNSET

from taskflow.foundation.ids import Id

IDS = [Id(f"0193a000-0000-7000-8000-00000000000{digit}") for digit in range(5)]
TRICKY = (
    "👩‍👩‍👧‍👦 0️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "دفع الإيجار \u202e1 2 3\u202c",
    "Z\u0351\u036b\u0343a\u0362l\u0348g\u0347o\u034e",
    "\u2028\u0085x",
    "ς Σ ß ẞ İ \u0131 ǆ",
    "\ufeff\uffff\U0010ffff",
    "'; DROP TABLE tasks; --",
    '{"a": ["\\u0000", null]}',
    "\\",
    "x" * 500,
)
ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Antarctica/Troll", "Etc/GMT+12")
OFFSETS = (UTC, *(timezone(timedelta(minutes=minutes)) for minutes in (-1439, -210, 0, 345, 840, 1439)))
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

letters = some.characters(exclude_categories=["Cs"], exclude_characters="\0")
ids = some.just(IDS[0]) | some.sampled_from(IDS)  # one of them more often: that is found, and found again


def text(least: int, most: int) -> SearchStrategy[str]:
    """Anything that may be written, and what other programs have tripped over."""
    fitting = [tricky for tricky in TRICKY if least <= len(tricky) <= most]
    return some.sampled_from(fitting) | some.text(letters, min_size=least, max_size=most)


def maybe(fields: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """A field that may be absent."""
    return some.just(UNSET) | fields


def visible(most: int) -> SearchStrategy[str]:
    """Text with something other than white space in it."""
    return text(1, most).filter(lambda written: re.search(r"\S", written) is not None)


titles = visible(500)
descriptions = text(0, 16 * 1024).filter(lambda written: len(written.encode()) <= 16 * 1024)
positions = some.text(some.sampled_from(DIGITS), min_size=1, max_size=100)
dates = some.sampled_from([date.min, date.max, date(2024, 2, 29)]) | some.dates()
limits = [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
moments = some.sampled_from(limits) | some.datetimes(timezones=some.sampled_from(OFFSETS))
zones = some.sampled_from(ZONES)
