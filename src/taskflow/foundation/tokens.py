"""Access tokens: JWTs (RFC 7519, RFC 9068) signed with Ed25519, verified once and then remembered."""

from datetime import datetime
from time import time
from uuid import UUID

import jwt
import msgspec

from taskflow.foundation.ids import new_id
from taskflow.foundation.keys import Keyring

AUDIENCE = "taskflow"
ALGORITHM = "EdDSA"
REMEMBERED = 10_000  # tokens; a hit costs 0.2 us where Ed25519 costs over 100
CLAIMS = ["aud", "sub", "sid", "jti", "iat", "exp"]


class Caller(msgspec.Struct, frozen=True):
    """Who a valid token speaks for; `expires` in seconds since 1970."""

    account_id: UUID
    session_id: UUID
    expires: float


class Tokens:
    """Mints access tokens and verifies them."""

    def __init__(self, keyring: Keyring) -> None:
        """Sign and verify with the installation's keys."""
        self.keyring = keyring
        self.verified: dict[str, Caller] = {}

    def mint(self, account_id: UUID, session_id: UUID, issued: datetime, expires: datetime) -> str:
        """A token for one session."""
        kid, private = self.keyring.private()
        claims = {
            "aud": AUDIENCE,
            "sub": str(account_id),
            "sid": str(session_id),
            "jti": new_id().hex,
            "iat": int(issued.timestamp()),
            "exp": int(expires.timestamp()),
        }
        return jwt.encode(claims, private, ALGORITHM, {"kid": kid, "typ": "at+jwt"})

    def verify(self, token: str) -> Caller | None:
        """The caller, or None for a token that is not ours, was changed, or ran out; its session may have ended."""
        caller = self.verified.get(token) or self._verify(token)
        if caller is None or caller.expires <= time():
            return None
        return caller

    def _verify(self, token: str) -> Caller | None:
        try:
            key = self.keyring.public(str(jwt.get_unverified_header(token).get("kid")))
            if key is None:
                return None
            claims = jwt.decode(token, key, [ALGORITHM], audience=AUDIENCE, options={"require": CLAIMS})
            caller = Caller(UUID(claims["sub"]), UUID(claims["sid"]), float(claims["exp"]))
        except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
            return None
        if len(self.verified) >= REMEMBERED:
            self.verified.pop(next(iter(self.verified)))
        self.verified[token] = caller
        return caller

    def jwks(self) -> bytes:
        """The public keys as a JSON Web Key Set (RFC 7517, RFC 8037)."""
        keys = [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "use": "sig",
                "alg": ALGORITHM,
                "kid": key.kid,
                "x": jwt.utils.base64url_encode(key.public or b"").decode(),
            }
            for key in self.keyring.published()
        ]
        return msgspec.json.encode({"keys": keys})
