"""Keyset cursors: where a page ended, signed, and good only for the list that gave them."""

import base64
import binascii
import secrets
from typing import Any

import msgspec

from taskflow.foundation.keys import MAC_BYTES, Keyring, mac
from taskflow.foundation.refusal import Refusal


class BadCursor(Refusal):
    """This cursor was not given by this list with these filters: begin again without one."""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """What a cursor says: the key that signed it, the list it belongs to, and the last row's sort value and id."""

    kid: str
    filter: bytes
    value: Any
    id: str


def encode_cursor(keyring: Keyring, list_digest: bytes, value: object, last_id: object) -> str:
    """The cursor behind a row."""
    key = keyring.signing("cursor")
    raw = msgspec.json.encode(Place(key.kid, list_digest, value, str(last_id)))
    return base64.urlsafe_b64encode(raw + mac(key, raw)).decode().rstrip("=")


def decode_cursor(keyring: Keyring, list_digest: bytes, text: str) -> Place:
    """The place that a cursor names; raises BadCursor for any byte changed and for other filters."""
    try:
        sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        raw, mark = sealed[:-MAC_BYTES], sealed[-MAC_BYTES:]
        place = msgspec.json.decode(raw, type=Place)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as garbage:
        raise BadCursor from garbage
    key = keyring.verifying("cursor", place.kid)
    canonical = base64.urlsafe_b64encode(sealed).decode().rstrip("=") == text
    if key is None or not canonical or not secrets.compare_digest(mark, mac(key, raw)) or place.filter != list_digest:
        raise BadCursor
    return place
