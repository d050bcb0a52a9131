"""Recording: one row of activity for each thing that the user named; a create is its own."""

from typing import Any, Protocol
from uuid import UUID

import msgspec

from taskflow.features.activity.model import Changes
from taskflow.features.activity.queries import changes_of, insert_activity
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.work import Work

UNTOLD = {"seq", "updated_at"}  # they change with everything, and say nothing
DELETED: Changes = {"deleted": (False, True)}
RESTORED: Changes = {"deleted": (True, False)}


class Thing(Protocol):
    """What has a history."""

    @property
    def id(self) -> UUID:
        """Its id in its space."""


class Named(msgspec.Struct, frozen=True):
    """What an operation was about: its kind and id, and the task in whose history it also stands."""

    kind: str
    id: UUID
    task_id: UUID | None = None


async def record(work: Work, access: Access, operation: str, named: Named, changes: Changes) -> None:
    """Write what an operation changed, under the last number it stamped, from the first one it did."""
    text = msgspec.json.encode(changes).decode()
    what = (named.kind, named.id, named.task_id)
    await insert_activity(
        work, work.space_id, work.last, work.first, work.now, access.account_id, operation, *what, text
    )


def difference(before: Thing, after: Thing) -> Changes:
    """The fields in which two states of a thing differ: {field: (old, new)}."""
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return {field: (old[field], new[field]) for field in new if field not in UNTOLD and old[field] != new[field]}


async def made_so(work: Work, thing: Thing, asked: dict[str, Any]) -> bool:
    """Whether a thing was made with these values (as JSON has them): then the same create is only repeated."""
    made = await as_created(work, thing)
    return all(
        made[field] == msgspec.to_builtins(value) for field, value in asked.items() if value is not msgspec.UNSET
    )


async def as_created(work: Work, thing: Thing) -> dict[str, Any]:
    """A thing's form as it was made: its form now, with the oldest value of each field that has changed since."""
    form: dict[str, Any] = msgspec.to_builtins(thing)
    for changes in reversed(await changes_of(work, work.space_id, thing.id)):
        form |= {field: old for field, (old, _) in changes.items() if field in form}
    return form
