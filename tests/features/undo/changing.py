"""What is there, and which change was the last: what undo is asked about."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from taskflow.features.activity.record import UNTOLD
from taskflow.features.undo.model import Undo
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import Refusal
from tests.account import Person
from tests.features.spaces.team import number_of
from tests.features.sync.device import Device

State = dict[tuple[UUID, str, UUID], dict[str, Any]]
SINGULAR = {"tasks": "task", "projects": "project", "sections": "section", "labels": "label", "comments": "comment"}


async def state(*persons: Person) -> State:
    """All that is there in their spaces, but for what changes with everything."""
    found: State = {}
    for person in persons:
        device = Device(person.backend, person.access)
        await device.catch_up()
        for (kind, key), thing in device.rows.items():
            form = msgspec.to_builtins(thing)
            found[person.access.space_id, kind, key] = {
                field: value for field, value in form.items() if field not in UNTOLD
            }
    return found


def towards(args: Args, person: Person) -> Args:
    """The same, to the space that somebody stands in, where it takes things to another space."""
    return replace(args, to=Id(str(person.access.space_id))) if "to" in args.__struct_fields__ else args


async def changed(person: Person, asked: Sequence[Args]) -> bool:
    """Do the first of these that changes something, if there is one."""
    before = await number_of(person)
    for args in asked:
        with suppress(Refusal):
            await person.answered(args)
        if await number_of(person) > before:
            return True
    return False


async def last_change(person: Person) -> Undo:
    """What takes the last change of the person's space back."""
    seq = await number_of(person)
    async with person.backend.database.transaction(person.access.space_id) as transaction:
        row = await transaction.connection.fetchrow(
            "SELECT kind, entity_id FROM activity WHERE space_id = $1 AND seq = $2", person.access.space_id, seq
        )
    kind, key = (row["kind"], row["entity_id"]) if row else await made_last(person, seq)
    return Undo(kind=kind, id=Id(str(key)), seq=seq)


async def made_last(person: Person, seq: int) -> tuple[Any, UUID]:
    """What was made under a number."""
    device = Device(person.backend, person.access)
    await device.catch_up()
    return next((SINGULAR[kind], key) for (kind, key), thing in device.rows.items() if thing.seq == seq)


async def undone(person: Person, done: dict[str, Any], kind: str = "task") -> Any:
    """Take back the change that a thing answered: what undo answers to it."""
    asked: Any = {"kind": kind, "id": Id(str(done["id"])), "seq": done["seq"]}
    return await person.do(Undo(**asked))


async def last_undone(person: Person) -> Any:
    """Take back the last change of the person's space."""
    return await person.do(await last_change(person))
