"""The keys that sign: access tokens (Ed25519), list cursors and secrets of sessions (HMAC-SHA256)."""

import hashlib
import hmac
from datetime import datetime
from typing import Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from taskflow.foundation.clock import now
from taskflow.foundation.database import Database

MAC_BYTES = 16  # 128 bits: what RFC 2104 allows a truncated HMAC-SHA256 to be cut to


class SigningKey(msgspec.Struct, frozen=True):
    """One row of `signing_keys`; `public` only where `purpose` is access."""

    kid: str
    purpose: str
    secret: bytes
    public: bytes | None
    signs_from: datetime


class Keyring:
    """All keys of the installation, as read from its table; every process reads the same."""

    def __init__(self, keys: list[SigningKey]) -> None:
        """Hold these keys."""
        self.keys = {key.kid: key for key in keys}

    @classmethod
    async def load(cls, database: Database) -> Self:
        """Read those that still verify."""
        rows = await database.fetch(
            "SELECT kid, purpose, secret, public, signs_from FROM signing_keys WHERE verifies_until > now()"
        )
        return cls([SigningKey(*row) for row in rows])

    def signing(self, purpose: str) -> SigningKey:
        """The newest key of a purpose that may sign by now."""
        moment = now()
        return max(
            (key for key in self.keys.values() if key.purpose == purpose and key.signs_from <= moment),
            key=lambda key: key.signs_from,
        )

    def verifying(self, purpose: str, kid: str) -> SigningKey | None:
        """The key of this id, or None where it has another purpose or is gone."""
        key = self.keys.get(kid)
        return key if key is not None and key.purpose == purpose else None

    def private(self) -> tuple[str, Ed25519PrivateKey]:
        """The key id and key that sign access tokens now."""
        key = self.signing("access")
        return key.kid, Ed25519PrivateKey.from_private_bytes(key.secret)

    def public(self, kid: str) -> Ed25519PublicKey | None:
        """The public half of an access key."""
        key = self.verifying("access", kid)
        return Ed25519PublicKey.from_public_bytes(key.public) if key is not None and key.public else None

    def published(self) -> list[SigningKey]:
        """The access keys, for the JWKS (RFC 7517)."""
        return [key for key in self.keys.values() if key.purpose == "access"]


def mac(key: SigningKey, text: bytes) -> bytes:
    """Authenticate `text` (16 bytes)."""
    return hmac.digest(key.secret, text, hashlib.sha256)[:MAC_BYTES]


def new_access_pair() -> tuple[bytes, bytes]:
    """A private and a public Ed25519 key, 32 raw bytes each."""
    private = Ed25519PrivateKey.generate()
    secret = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return secret, private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
