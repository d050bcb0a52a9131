"""A cursor: up to where a device holds a space, sealed under a key that never rotates."""

import base64
import binascii
import secrets
import struct
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from taskflow.api.paging import encoded
from taskflow.foundation.clock import now
from taskflow.foundation.keys import MAC_BYTES, Keyring, mac

# Tombstones are deleted after 90 days: who comes later has not been told of all that is gone.
GOOD_FOR = timedelta(days=89)
FORM = struct.Struct(">16sQQ")
DOMAIN = b"sync cursor\0"
MILLISECOND = timedelta(milliseconds=1)
BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00Z")


class Place(Struct, frozen=True):
    """The number up to which a device is complete; `since`: when it last was, or when its first load began, in ms."""

    number: int
    since: int


def seal(keyring: Keyring, space_id: UUID, place: Place) -> str:
    """The cursor of a place in a space."""
    raw = FORM.pack(space_id.bytes, place.number, place.since)
    return encoded(raw + mac(keyring.signing("sync"), DOMAIN + raw))


def unseal(keyring: Keyring, space_id: UUID, cursor: str) -> Place | None:
    """The place that a cursor says; None where it was not given here, not of this space, or too long ago."""
    try:
        sealed = base64.b64decode(cursor, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    raw = sealed[:-MAC_BYTES]
    if len(raw) != FORM.size or encoded(sealed) != cursor:
        return None
    if not secrets.compare_digest(sealed[-MAC_BYTES:], mac(keyring.signing("sync"), DOMAIN + raw)):
        return None
    space, number, since = FORM.unpack(raw)
    return Place(number, since) if space == space_id.bytes and moment() - since <= GOOD_FOR // MILLISECOND else None


def moment() -> int:
    """This moment, in milliseconds."""
    return (now() - BEGINNING) // MILLISECOND
