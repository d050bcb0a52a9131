"""An account: a person who can sign in."""

import unicodedata
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from taskflow.foundation.forms import pattern

Email = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=254,
        pattern=pattern(
            r"^[^\s@\x00-\x1f]+@[^\s@\x00-\x1f]+\.[^\s@\x00-\x1f]+$(?!\n)",
            "is not an e-mail address like ada@example.com",
        ),
        examples=["ada@example.com"],
    ),
]
Password = Annotated[str, Meta(min_length=8, max_length=128)]
PersonName = Annotated[str, Meta(min_length=1, max_length=120, pattern=pattern(r"\S", "is blank"))]


class Account(Struct, frozen=True):
    """A row of `accounts`, without what proves it."""

    id: UUID
    email: str
    name: str
    avatar: str | None
    locale: str
    time_zone: str
    created_at: datetime


class Login(Struct, frozen=True):
    """Whose address it is, and what proves it."""

    account_id: UUID
    password_hash: str
    disabled_at: datetime | None


def email_key(email: str) -> str:
    """The form in which addresses are compared: NFKC, case folded; dots and tags before the @ stay."""
    return unicodedata.normalize("NFKC", email).casefold()
