"""What is there, and which change was the last: what undo is asked about."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import strategies as some
from msgspec import UNSET
from msgspec.structs import replace

from taskflow.features.activity.record import UNTOLD
from taskflow.features.tasks.model import CreateTask, UpdateTask
from taskflow.features.undo.model import Undo
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import Refusal
from tests.account import Person
from tests.drawn import IDS
from tests.features.spaces.team import number_of
from tests.features.sync.device import Device
from tests.furnished import FURNISHED
from tests.strategies import STRATEGIES

SCENE: list[Args] = [
    *FURNISHED,
    UpdateTask(id=IDS[0], due_date=date(2026, 12, 1), recurrence="FREQ=DAILY"),
    CreateTask(title="Call", due_date=date(2026, 12, 1), label_ids=IDS[:2], parent_id=IDS[1]),
    CreateTask(title="Pack", project_id=IDS[1]),
]
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


@some.composite
def tries(draw: some.DrawFn, name: str, most: int = 8) -> list[Args]:
    """An operation asked for several times, mostly in a way that is not refused."""
    asked = draw(some.lists(STRATEGIES[name], min_size=1, max_size=most))
    return [draw(few_fields(draw(fitting(args)))) for args in asked]


@some.composite
def fitting(draw: some.DrawFn, args: Args) -> Args:
    """The same, at times about something that is there or, where it makes something, with an id that is free."""
    known = next((field for field in msgspec.structs.fields(args) if field.name == "id"), None)
    if known is None or draw(some.booleans()):
        return args
    return replace(args, id=draw(some.sampled_from(IDS[:2] if known.required else IDS[2:])))


@some.composite
def few_fields(draw: some.DrawFn, args: Args) -> Args:
    """The same, at times with a few of the fields that may be absent, or one that is refused takes all along."""
    given = [
        field.name
        for field in msgspec.structs.fields(args)
        if field.default is UNSET and getattr(args, field.name) is not UNSET
    ]
    if not given or draw(some.booleans()):
        return args
    left = draw(some.sets(some.sampled_from(given), min_size=1, max_size=3))
    return replace(args, **{field: UNSET for field in given if field not in left})


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
