"""The rules by which a space's newest number is known: what a reader does next, given what Redis and the rows say.

A read looks at the known number. Where it can't be used, the primary is asked for the number alone; rows are then taken
at that number or later, and what they showed is made known before the answer leaves. A write makes its number known
after the commit. Checked over every interleaving in tests/foundation/redis/test_known_seq.py.
"""

import msgspec


class Raise(msgspec.Struct, frozen=True, gc=False):
    """A number to make known, with the name of the lease where it is held; `channel` is told of it ('' for none)."""

    key: str
    number: int
    lease: str = ""
    channel: str = ""


def usable(known: int | None, least: int) -> bool:
    """May a read go by the known number? `least` is what the client says it has seen; if not, the primary is asked."""
    return known is not None and known >= least


def may_answer(number: int, got: int) -> bool:
    """May rows at `got` (a replica's) answer a read at `number`? If not, the primary answers."""
    return got >= number


def after_read(key: str, known: int | None, got: int, lease: str) -> Raise | None:
    """What to make known, before the answer leaves, of rows at `got`; `known` is None where the primary was asked."""
    if known is not None and got <= known:
        return None
    return Raise(key, got, lease)


def after_write(key: str, number: int, channel: str = "") -> Raise:
    """What to make known after a commit: it raises a number that is there and sets none that is missing."""
    return Raise(key, number, "", channel)
