"""To take a change of one's own back: which one, and what became of it."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from taskflow.features.activity.model import Changes, Kind
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args

KindName = Literal[Kind, "space"]
Seq = Annotated[int, Meta(ge=1, lt=1 << 53, description="the number that the change took; of a cascade its last")]

MADE = "made"  # in activity: how many things went again, and how many numbers at its beginning brought some (back)


class Undo(Args, frozen=True, kw_only=True):
    """The change to take back: of what, and the number that it took; an import is one of its space."""

    kind: KindName
    id: Id
    seq: Seq


class Undone(Struct, frozen=True):
    """What undoing did: under which number (undo that one, and it is done again), and the thing, null where it is gone.

    `kept`: the fields that others changed since, or whose old value points to what is gone; they are as they were.
    """

    kind: KindName
    id: UUID
    seq: int
    kept: list[str]
    thing: dict[str, Any] | None


class Outcome(Struct, frozen=True):
    """What was changed, for the activity (nothing: there was nothing left to do), and what was kept."""

    changes: Changes
    kept: frozenset[str] = frozenset()


def builtins(thing: object) -> dict[str, Any]:
    """A thing's fields as JSON has them: as activity compares them."""
    form: dict[str, Any] = msgspec.to_builtins(thing)
    return form
