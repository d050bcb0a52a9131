"""Pages: how much one has, and where it ended: in a keyset cursor, signed and good only for the list that gave it."""

import base64
import binascii
import secrets
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import msgspec

from taskflow.foundation.keys import MAC_BYTES, Keyring, mac
from taskflow.foundation.refusal import Refusal

# A page ends with the thing that fills them; 200 of the longest, in JSON six bytes a character, would be 20 or 40 MB.
PAGE_BYTES = 1 << 20


Limit = Annotated[int, msgspec.Meta(ge=1, le=200)]
# Behind a title of 500 control characters, each written in JSON as six, a cursor has some 4,200.
Cursor = Annotated[str, msgspec.Meta(min_length=1, max_length=6000)]


class BadCursor(Refusal):
    """This cursor was not given by this list with these filters: begin again without one."""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """What a cursor says, once its seal holds: the list it belongs to, and the last row's sort value, id and space.

    Of a list over several spaces one place is enough: their rows have one order, with the space as its last part.
    """

    filter: bytes
    value: Any
    id: str
    space: str = ""


def encode_cursor(keyring: Keyring, list_digest: bytes, value: object, last_id: object, space_id: object = "") -> str:
    """The cursor behind a row; the row's space, where a list is over several."""
    key = keyring.signing("cursor")
    raw = key.kid.encode() + b"\0" + msgspec.json.encode(Place(list_digest, value, str(last_id), str(space_id)))
    return encoded(raw + mac(key, raw))


def decode_cursor(keyring: Keyring, list_digest: bytes, text: str) -> Place:
    """The place that a cursor names; raises BadCursor for any byte changed and for other filters."""
    try:
        sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as garbage:
        raise BadCursor from garbage
    kid, _, rest = sealed[:-MAC_BYTES].partition(b"\0")
    key = keyring.verifying("cursor", kid.decode("latin-1"))
    if key is None or not secrets.compare_digest(sealed[-MAC_BYTES:], mac(key, sealed[:-MAC_BYTES])):
        raise BadCursor
    place = msgspec.json.decode(rest, type=Place)
    if place.filter != list_digest or encoded(sealed) != text:
        raise BadCursor
    return place


def encoded(sealed: bytes) -> str:
    """Base64url without padding (RFC 4648, 5): the one form that is taken back."""
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def filling(things: Iterable[object]) -> Iterator[msgspec.Raw]:
    """Things as JSON, up to the one with which they are a page's bytes."""
    size = 0
    for thing in things:
        if size >= PAGE_BYTES:
            return
        text = msgspec.json.encode(thing)
        size += len(text)
        yield msgspec.Raw(text)
