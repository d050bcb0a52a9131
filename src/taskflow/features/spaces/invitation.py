"""An invitation: a secret, good for one person and a while, that lets into a team's space."""

import hashlib
import secrets
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args

SECRET_BYTES = 32
MOST_OPEN = 100  # of a space at once

Invited = Literal["editor", "commenter", "viewer"]  # a link that goes astray makes nobody an owner


class Invitation(Struct, frozen=True):
    """A row of `invitations` that is still open, without what lets in."""

    id: UUID
    space_id: UUID
    role: Invited
    created_by: UUID
    created_at: datetime
    expires_at: datetime


class NewInvitation(Invitation, frozen=True):
    """An invitation and what lets in, which is shown this once (a repeat is answered null): only its hash is kept."""

    token: str | None


class Sealed(Struct, frozen=True):
    """What decides whether an invitation lets in."""

    secret_hash: bytes
    role: Invited
    created_by: UUID
    expires_at: datetime
    used_by: UUID | None


class CreateInvitation(Args, frozen=True, kw_only=True):
    """What whoever comes by it may do, and for how many days it is good."""

    role: Invited = "editor"
    days: Annotated[int, Meta(ge=1, le=30)] = 7


class RevokeInvitation(Args, frozen=True, kw_only=True):
    """The invitation that is to let nobody in."""

    id: Id


class AcceptInvitation(Args, frozen=True, kw_only=True):
    """What came with the invitation."""

    token: Annotated[str, Meta(min_length=1, max_length=300)]


class Token(Struct, frozen=True):
    """`space.invitation.secret`: it begins with the id that finds its shard."""

    space_id: UUID
    invitation_id: UUID
    secret: bytes

    def __str__(self) -> str:
        """The opaque form that a link carries."""
        return f"{self.space_id.hex}.{self.invitation_id.hex}.{self.secret.hex()}"


def new_token(space_id: UUID, invitation_id: UUID) -> Token:
    """A token that nobody can guess."""
    return Token(space_id, invitation_id, secrets.token_bytes(SECRET_BYTES))


def read_token(text: str) -> Token | None:
    """The parts of a token, or None where it is not of this form."""
    try:
        space, invitation, secret = text.split(".")
        return Token(UUID(hex=space), UUID(hex=invitation), bytes.fromhex(secret))
    except ValueError:
        return None


def digest(token: Token) -> bytes:
    """What is stored of a token: its secret has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.secret).digest()


def opens(token: Token, sealed: Sealed) -> bool:
    """Whether a token is that of an invitation; takes the same time for every wrong secret."""
    return secrets.compare_digest(digest(token), sealed.secret_hash)
