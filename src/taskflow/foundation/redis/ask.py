"""What a request asks of Redis, and the form in which turn.lua takes it and answers."""

import struct
from collections.abc import Sequence
from typing import Literal

import msgspec

from taskflow.foundation.redis.known import Raise

Session = Literal["alive", "missing", "revoked"]

REPLY = struct.Struct(">BIIId")
LIMITED, NO_SESSION, NO_NUMBER, LEASE, REVOKED = 1, 2, 4, 8, 16


class Ask(msgspec.Struct, frozen=True, gc=False):
    """What a request wants to know; '' for no limit, session or number. A cost above the burst never passes.

    Where its session is not alive, it counts against no limit and is told no number.
    """

    limit_key: str = ""
    every_us: int = 1
    burst_us: int = 1
    cost: int = 1
    session_key: str = ""
    number_key: str = ""


class Reply(msgspec.Struct, frozen=True, gc=False):
    """What Redis says: `reset_s` until one more is left, `lease` for a raise where the asker holds it, '' where not."""

    limited: bool
    left: int
    reset_s: int
    retry_after_s: int
    session: Session
    number: int | None
    lease: str


def arguments(
    asks: Sequence[Ask], raises: Sequence[Raise], lease: str, clock_us: int | str = ""
) -> tuple[list[str], list[str | int]]:
    """Lay out KEYS and ARGV of one call; `clock_us` stands in for Redis' clock in tests."""
    keys: list[str] = []
    args: list[str | int] = [len(asks), lease, clock_us]
    for ask in asks:
        keys += (ask.limit_key, ask.session_key, ask.number_key)
        args += (ask.every_us, ask.burst_us, ask.cost)
    for number in raises:
        keys.append(number.key)
        args += (number.number, number.lease, number.channel)
    return keys, args


def replies(packed: bytes, lease: str) -> list[Reply]:
    """Read the answer of one call."""
    return [_reply(fields, lease) for fields in REPLY.iter_unpack(packed)]


def _reply(fields: tuple[int, int, int, int, float], lease: str) -> Reply:
    state, left, reset_s, retry_after_s, number = fields
    return Reply(
        state & LIMITED != 0,
        left,
        reset_s,
        retry_after_s,
        "revoked" if state & REVOKED else "missing" if state & NO_SESSION else "alive",
        None if state & NO_NUMBER else int(number),
        lease if state & LEASE else "",
    )
