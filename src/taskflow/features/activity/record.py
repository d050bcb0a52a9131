"""Recording: one row of activity for each thing that the user named; a create is its own."""

from typing import Any, Protocol
from uuid import UUID

import msgspec

from taskflow.features.activity.queries import Changes, changes_of, insert_activity
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.work import Work

UNTOLD = {"seq", "updated_at"}  # they change with everything, and say nothing


class Thing(Protocol):
    """What has a history."""

    @property
    def id(self) -> UUID:
        """Its id in its space."""


async def record(work: Work, access: Access, operation: str, kind: str, before: Thing, after: Thing | None) -> None:
    """Write what an operation changed, under the last number it stamped; after None: the thing was deleted."""
    seq = work.number - work.taken + work.stamped
    changes = {"deleted": (False, True)} if after is None else difference(before, after)
    task_id = before.id if kind == "task" else None
    text = msgspec.json.encode(changes).decode()
    await insert_activity(
        work,
        access.space_id,
        seq,
        seq - work.stamped + 1,
        work.now,
        access.account_id,
        operation,
        kind,
        before.id,
        task_id,
        text,
    )


def difference(before: Thing, after: Thing) -> Changes:
    """The fields in which two states of a thing differ: {field: (old, new)}."""
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return {field: (old[field], new[field]) for field in new if field not in UNTOLD and old[field] != new[field]}


async def as_created(work: Work, thing: Thing) -> dict[str, Any]:
    """A thing's form as it was made: its form now, with the oldest value of each field that has changed since."""
    form: dict[str, Any] = msgspec.to_builtins(thing)
    for changes in reversed(await changes_of(work, work.space_id, thing.id)):
        form |= {field: old for field, (old, _) in changes.items() if field in form}
    return form
