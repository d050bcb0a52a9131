"""The keys that tasks are ordered by: by hand, and by title."""

import secrets
import unicodedata
from datetime import datetime

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TIME_DIGITS = 9  # 62^9 microseconds reach to the year 2398
JITTER_DIGITS = 2
TITLE_DIGITS = 500  # as a title has; NFKD makes up to 18 of one, and a cursor has to carry the key


def last_position(moment: datetime, nth: int = 0) -> str:
    """A fractional key behind all that were made before `moment` plus `nth` microseconds.

    Made from the time, it needs no look at the others: a read under the lock less for every create.
    """
    microseconds = int(moment.timestamp() * 1_000_000) + nth
    jitter = (
        DIGITS[secrets.randbelow(62)] + DIGITS[1 + secrets.randbelow(61)]
    )  # a key must not end in 0: nothing fits before it
    return base62(microseconds).rjust(TIME_DIGITS, "0") + jitter


def base62(number: int) -> str:
    """A number in digits that sort as text by code point."""
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = DIGITS[digit] + digits
    return digits


def title_key(title: str) -> str:
    """What titles are sorted by, by code point: NFKD without marks, lower case, ß as ss, final sigma as sigma."""
    letters = unicodedata.normalize("NFKD", title)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return bare.lower().replace("ß", "ss").replace("\u03c2", "\u03c3")[:TITLE_DIGITS]
