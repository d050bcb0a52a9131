"""A session: one device on which an account is signed in."""

import hashlib
import secrets
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from taskflow.features.accounts.model import Email
from taskflow.foundation.ids import Id
from taskflow.foundation.keys import Keyring, SigningKey, mac
from taskflow.foundation.operation import Args

ACCESS_LIFE = timedelta(minutes=15)
IDLE = timedelta(days=60)
LONGEST = timedelta(days=180)
GRACE = timedelta(seconds=20)  # two tabs, or an answer lost on the way: the same successor is answered again
SECRET_BYTES = 32


class Session(Struct, frozen=True):
    """A row of `sessions`."""

    id: UUID
    refresh_hash: bytes
    previous_hash: bytes | None
    rotated_at: datetime
    successor: bytes | None
    idle_at: datetime
    ends_at: datetime
    revoked_at: datetime | None

    def alive(self, moment: datetime) -> bool:
        """Whether it may still be refreshed."""
        return self.revoked_at is None and moment < self.idle_at and moment < self.ends_at


class Device(Struct, frozen=True):
    """A session as its account sees it."""

    id: UUID
    name: str
    current: bool
    created_at: datetime
    last_used_at: datetime
    address: str | None


class DeviceRow(Struct, frozen=True):
    """The columns that a device is shown from."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime
    address: IPv4Address | IPv6Address | None


class LogIn(Args, frozen=True, kw_only=True):
    """What proves who you are."""

    email: Email
    password: Annotated[str, Meta(max_length=128)]


class Refresh(Args, frozen=True, kw_only=True):
    """The refresh token, for those who do not keep it in a cookie."""

    refresh_token: Annotated[str, Meta(max_length=300)] | None = None


class LogOut(Args, frozen=True, kw_only=True):
    """The refresh token of the session to end; absent, the cookie's or the access token's."""

    refresh_token: Annotated[str, Meta(max_length=300)] | None = None


class RevokeSession(Args, frozen=True, kw_only=True):
    """End one of the account's sessions."""

    id: Id


class RefreshToken(Struct, frozen=True):
    """`account.session.secret`: it begins with the id that finds its shard."""

    account_id: UUID
    session_id: UUID
    secret: bytes

    def __str__(self) -> str:
        """The opaque form that a client keeps."""
        return f"{self.account_id.hex}.{self.session_id.hex}.{self.secret.hex()}"


def read_refresh_token(text: str) -> RefreshToken | None:
    """The parts of a token, or None where it is not of this form."""
    try:
        account, session, secret = text.split(".")
        return RefreshToken(UUID(hex=account), UUID(hex=session), bytes.fromhex(secret))
    except ValueError:
        return None


def new_secret(key: SigningKey, session_id: UUID) -> bytes:
    """A random secret that carries our mark, so that an old one of ours is told from a guess."""
    random = secrets.token_bytes(SECRET_BYTES)
    return random + mac(key, session_id.bytes + random)


def is_ours(keyring: Keyring, token: RefreshToken) -> bool:
    """Whether this installation once gave out this secret for this session, under a key that still verifies."""
    random, mark = token.secret[:SECRET_BYTES], token.secret[SECRET_BYTES:]
    return any(
        secrets.compare_digest(mark, mac(key, token.session_id.bytes + random))
        for key in keyring.keys.values()
        if key.purpose == "sync"
    )


def digest(secret: bytes) -> bytes:
    """What is stored of a secret: it has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret).digest()


def veil(old: bytes, new: bytes) -> bytes:
    """Hide a successor under its parent, or uncover it: only who holds the parent can read it (each veils once)."""
    pad = hashlib.shake_256(b"successor" + old).digest(len(new))
    return bytes(a ^ b for a, b in zip(new, pad, strict=True))
