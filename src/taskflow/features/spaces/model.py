"""A space: what is shared as one, ordered by one number and kept on one shard."""

from datetime import datetime
from enum import IntEnum
from functools import cache
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from msgspec import UNSET, Meta, Struct, UnsetType

from taskflow.features.accounts.model import Email, Password, PersonName
from taskflow.foundation.forms import pattern
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import invalid

EPOCH_BITS = 40  # number = epoch * 2^40 + count, below 2^53 for 8,191 epochs: exact in every JSON reader

Locale = Annotated[
    str, Meta(pattern=pattern(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$(?!\n)", "is not a language like en or de-AT"))
]
Zone = Annotated[str, Meta(min_length=1, max_length=64, examples=["Europe/Berlin"])]
SpaceName = Annotated[str, Meta(min_length=1, max_length=120, pattern=pattern(r"\S", "is blank"))]

MOST_SPACES = 100  # of an account, its personal one among them: so many are asked at once for a list over all


class Role(IntEnum):
    """What a member may do; each role may do all that the ones before it may."""

    FORMER = 0
    VIEWER = 1
    COMMENTER = 2
    EDITOR = 3
    OWNER = 4

    @classmethod
    def named(cls, name: str) -> "Role":
        """The role of a name as it is stored."""
        return cls[name.upper()]


RoleName = Literal["owner", "editor", "commenter", "viewer"]


class Space(Struct, frozen=True):
    """A row of `spaces`."""

    id: UUID
    kind: str
    name: str
    created_at: datetime
    seq: int


class MySpace(Struct, frozen=True):
    """A space as one of its members sees it."""

    id: UUID
    kind: str
    name: str
    created_at: datetime
    seq: int
    role: RoleName


class Entry(Struct, frozen=True):
    """A row of `entries`: a team's space that an account is in."""

    team_id: UUID
    role: RoleName


class Member(Struct, frozen=True):
    """A row of `memberships`: a person as this space shows them; who has left is `former`, and keeps their name."""

    id: UUID
    role: RoleName | Literal["former"]
    name: str
    avatar: str | None
    created_at: datetime
    updated_at: datetime
    seq: int


class Register(Args, frozen=True, kw_only=True):
    """A new account and its personal space."""

    email: Email
    password: Password
    name: PersonName
    locale: Locale = "en"
    time_zone: Zone = "UTC"


class UpdateMe(Args, frozen=True, kw_only=True):
    """What changes in a person's profile."""

    name: PersonName | UnsetType = UNSET
    locale: Locale | UnsetType = UNSET
    time_zone: Zone | UnsetType = UNSET


class CreateSpace(Args, frozen=True, kw_only=True):
    """A space for a team, of which the caller is the owner."""

    name: SpaceName


class UpdateSpace(Args, frozen=True, kw_only=True):
    """What a team's space is called."""

    name: SpaceName


class ChangeRole(Args, frozen=True, kw_only=True):
    """What a member may do from now on."""

    id: Id
    role: RoleName


class RemoveMember(Args, frozen=True, kw_only=True):
    """The member who goes: another, or oneself."""

    id: Id


class HandOverSpace(Args, frozen=True, kw_only=True):
    """The member who owns the space from now on."""

    id: Id


class RenameMember(Args, frozen=True, kw_only=True):
    """Nothing: what a member is called follows from their profile."""


class Renamed(Struct, frozen=True):
    """Whose profile has changed."""

    account_id: UUID


def known_zone(pointer: str, name: str) -> str:
    """The name of an IANA time zone; raises Invalid for any other."""
    if name not in zones():
        raise invalid(pointer, "is not the name of a time zone")
    return name


@cache
def zones() -> frozenset[str]:
    """The names of the IANA time zones (walks a folder), less the one of whatever this machine is set to."""
    return frozenset(available_timezones() - {"localtime"})
