"""Positions: keys for an order made by hand, fractions in base 62 compared by code point."""

from datetime import datetime
from secrets import randbelow
from typing import Annotated

from msgspec import Meta, Struct, UnsetType

from taskflow.foundation.forms import pattern

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)
MOST = 100  # characters
ROOM = BASE**3  # keys to choose from: two who drag to one place at once meet in one of 100,000
TIME_DIGITS = 9  # 62^9 microseconds reach to the year 2398
JITTER_DIGITS = 2
STEP_DIGITS = TIME_DIGITS + JITTER_DIGITS
STEP_LEAST = 4  # half of it for chance, and one beside it where a key would end in 0

Position = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MOST,
        pattern=pattern(r"^[0-9A-Za-z]+$(?!\n)", "has other characters than 0-9, A-Z and a-z"),
        description="base-62 fractional key",
    ),
]


class NoRoom(Exception):
    """No key of at most 100 characters lies there: the neighbours have to be spread anew."""


class Gap(Struct, frozen=True):
    """The keys of `digits` characters strictly between two others, as numbers: above `low`, below `high`."""

    digits: int
    low: int
    high: int

    @property
    def width(self) -> int:
        """How many there are; one that ends in 0 alone is none."""
        width = max(self.high - self.low - 1, 0)
        return 0 if width == 1 and (self.low + 1) % BASE == 0 else width

    def key(self, number: int) -> str:
        """The key of a number, or the one beside it: a key must not end in 0, for nothing fits before it."""
        if number % BASE == 0:
            number += 1 if number + 1 < self.high else -1
        return written(number, self.digits)


def last(moment: datetime, nth: int = 0) -> str:
    """A key behind all that were made before `moment` plus `nth` microseconds.

    Made from the time, it needs no look at the others: a read under the lock less for every create.
    """
    microseconds = min(max(int(moment.timestamp() * 1_000_000) + nth, 0), BASE**TIME_DIGITS - 1)
    jitter = randbelow(BASE) * BASE + 1 + randbelow(BASE - 1)
    return written(microseconds * BASE**JITTER_DIGITS + jitter, STEP_DIGITS)


def or_last(asked: str | UnsetType, moment: datetime) -> str:
    """The key that was asked for, or one behind all others."""
    return last(moment) if isinstance(asked, UnsetType) else asked


def between(before: str | None, after: str | None) -> str:
    """A key strictly between two others (None: an end of the list), another one each time; raises NoRoom.

    At an end it lies microseconds away, so that what is made next by `last` still stands behind it, and any number
    of them has 11 characters. Measured: 1,000 inserts at places drawn by chance make keys of 13 characters, of 16 at
    most; of inserts at one and the same place 540 fit. A key takes 40 us.
    """
    if (before is None) != (after is None):
        end = gap(before, after, STEP_DIGITS)
        step = 1 + randbelow(ROOM)
        number = end.high - step if before is None else end.low + step
        if end.low + 1 < number < end.high:
            return end.key(number)
    room = widest(before, after, ROOM)
    margin = room.width // 4
    return room.key(room.low + 1 + margin + randbelow(room.width - 2 * margin))


def spread(count: int, before: str | None = None, after: str | None = None) -> list[str]:
    """That many keys between two others in even steps, to give a crowded list room again; raises NoRoom."""
    room = widest(before, after, ROOM * (count + 1))
    step = room.width // (count + 1)
    if step < STEP_LEAST:
        raise NoRoom
    return [room.key(room.low + step * nth + randbelow(step // 2)) for nth in range(1, count + 1)]


def widest(before: str | None, after: str | None, wanted: int) -> Gap:
    """The first gap, from short keys to long ones, with as many keys as wanted, or the widest; raises NoRoom."""
    best = Gap(0, 0, 0)
    for digits in range(1, MOST + 1):
        found = gap(before, after, digits)
        if found.width > best.width:
            best = found
        if best.width >= wanted:
            break
    if best.width == 0:
        raise NoRoom
    return best


def gap(before: str | None, after: str | None, digits: int) -> Gap:
    """The keys of so many characters between two others."""
    low = number_of(before, digits) if before is not None else 0
    if after is None:
        return Gap(digits, low, BASE**digits)
    # What a longer key begins with stands before it.
    return Gap(digits, low, number_of(after, digits) + (len(after) > digits))


def number_of(key: str, digits: int) -> int:
    """The first digits of a key as a number."""
    number = 0
    for digit in key[:digits].ljust(digits, "0"):
        number = number * BASE + DIGITS.index(digit)
    return number


def written(number: int, digits: int) -> str:
    """A number in digits that sort as text by code point."""
    key = ""
    for _ in range(digits):
        number, digit = divmod(number, BASE)
        key = DIGITS[digit] + key
    return key
