"""Ids: UUIDs of any version, written in lower case with hyphens; those made here are UUIDv7."""

import os
import re
import time
from uuid import UUID

CANONICAL = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_canonical = re.compile(CANONICAL.replace("$", r"\Z"))


class Id(UUID):
    """A UUID that a client wrote: `Id(text)` raises ValueError unless it is in lower case with hyphens."""

    __slots__ = ()

    def __init__(self, text: str) -> None:
        """Read the one accepted form."""
        if not _canonical.match(text):
            msg = "is not a UUID in lower case with hyphens"
            raise ValueError(msg)
        super().__init__(text)


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): milliseconds, 12 bits of their fraction, 62 random bits."""
    milliseconds, fraction = divmod(time.time_ns(), 1_000_000)
    random = int.from_bytes(os.urandom(8)) & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=milliseconds << 80 | 7 << 76 | (fraction * 4096 // 1_000_000) << 64 | 2 << 62 | random)
