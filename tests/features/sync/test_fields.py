"""Two who change one thing: field by field the later one wins, and who loses something is told of it."""

import asyncio
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as some

from taskflow.app import Application
from taskflow.foundation.backend import Backend
from taskflow.foundation.positions import between
from tests.drawn import IDS
from tests.features.sync.house import House, house
from tests.features.sync.offline import Offline

TASK = str(IDS[0])
quick = settings(max_examples=25, deadline=None)

fields = {
    "title": some.sampled_from(["Pay rent", "Pay the rent", "Rent"]),
    "description": some.sampled_from(["", "By bank", "In cash"]),
    "priority": some.integers(0, 3),
    "status": some.sampled_from(["todo", "in_progress", "done"]),
    "due_date": some.sampled_from([None, "2026-11-25", "2026-12-01"]),
    "position": some.sampled_from(["a", "b", "c"]),
}
changes = some.fixed_dictionaries({}, optional=fields).filter(bool)
labels = some.lists(some.sampled_from([*map(str, IDS[:2])]), max_size=2, unique=True).map(sorted)
labellings = some.one_of(
    some.fixed_dictionaries({"label_ids": labels}),
    some.fixed_dictionaries({"add_label_ids": labels}),
    some.fixed_dictionaries({"remove_label_ids": labels}),
    some.sampled_from(IDS[:2]).map(lambda each: {"add_label_ids": [str(each)], "remove_label_ids": [str(other(each))]}),
)
FIELDS = [*fields, "label_ids"]


def other(label: UUID) -> UUID:
    """The other one of the two labels."""
    return next(each for each in IDS[:2] if each != label)


class Change(NamedTuple):
    """Fields are changed on a device, which then is on line, or not yet."""

    device: int
    values: dict[str, Any]
    knowing: bool
    online: bool


histories = some.lists(
    some.builds(Change, some.integers(0, 3), changes | labellings, some.booleans(), some.booleans()),
    min_size=2,
    max_size=14,
)


class Written(NamedTuple):
    """What a command really wrote in a field, and what it replaced."""

    seq: int
    by: str
    value: Any
    before: Any


class Model:
    """The task, field by field: what stands there, and what was written."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.now = {field: task[field] for field in FIELDS}
        self.written: dict[str, list[Written]] = {field: [] for field in FIELDS}

    def take(self, by: str, command: dict[str, Any], result: dict[str, Any]) -> None:
        """A command has arrived: what it had to be answered, and what it changes."""
        base, seq, args = command.get("base"), result["seq"], command["args"]
        own = [
            (field, Written(seq, by, value, self.now[field]))
            for field, value in self.wanted(args).items()
            if self.now[field] != value
        ]
        told = {said["field"]: (said["seq"], said["by"], said["value"]) for said in result.get("overwrote", [])}
        lost = {field: self.lost(field, change, base, args) for field, change in own if base is not None}
        assert told == {field: change[:3] for field, change in lost.items() if change}
        for field, change in own:
            self.now[field] = change.value
            self.written[field].append(change)

    def wanted(self, args: dict[str, Any]) -> dict[str, Any]:
        """What a command would have stand in its fields."""
        plain = {field: value for field, value in args.items() if field in FIELDS}
        if not args.keys() & {"add_label_ids", "remove_label_ids"}:
            return plain
        merged = {*self.now["label_ids"], *args.get("add_label_ids", [])} - {*args.get("remove_label_ids", [])}
        return {**plain, "label_ids": sorted(merged)}

    def lost(self, field: str, own: Written, base: int, args: dict[str, Any]) -> Written | None:
        """What others wrote last in a field after a number, where a command has replaced it.

        What adds or takes away labels replaces nothing but what others did to the very same ones.
        """
        theirs = [what for what in self.written[field] if what.by != own.by and what.seq > base]
        if field == "label_ids" and "label_ids" not in args:
            met = {*own.value} ^ {*own.before}
            theirs = theirs if any(met & ({*each.value} ^ {*each.before}) for each in theirs) else []
        return theirs[-1] if theirs and theirs[-1].value != own.value else None


async def owners(there: House) -> list[Offline]:
    """Two devices of one person, and one of each of two others, all of whom hold the team's space."""
    devices = [there.device(owner) for owner in (0, 0, 1, 2)]
    for device in devices:
        await device.sync()
    return devices


@quick
@given(history=histories)
async def test_of_each_field_the_last_word_stands_and_what_it_replaced_is_told(
    application: Application, backend: Backend, history: list[Change]
) -> None:
    async with house(application, backend, 3, furnished=True) as there:
        devices = await owners(there)
        model = Model(devices[0].spaces[there.team].rows["tasks", TASK])

        for change in history:
            device = devices[change.device]
            base = device.seq_of(there.team, "tasks", TASK) if change.knowing else None
            device.do("update_task", {"id": TASK, **change.values}, there.team, base)
            if change.online:
                await arrive(model, device)
        for device in devices:
            await arrive(model, device)

        await there.settle()
        task = devices[0].spaces[there.team].rows["tasks", TASK]
        assert {field: task[field] for field in FIELDS} == model.now


async def arrive(model: Model, device: Offline) -> None:
    """A device's commands come to the server, in one call."""
    queue = [*device.queue]
    await device.sync()
    for command in queue:
        result = device.result(command["id"])
        assert result["ok"], result
        model.take(device.client.id, command, result)


@quick
@given(values=some.lists(changes, min_size=4, max_size=4))
async def test_who_writes_at_the_same_time_loses_no_field_that_nobody_else_has_touched(
    application: Application, backend: Backend, values: list[dict[str, Any]]
) -> None:
    async with house(application, backend, 3, furnished=True) as there:
        devices = await owners(there)
        before = devices[0].spaces[there.team].rows["tasks", TASK]
        ids = [
            device.do("update_task", {"id": TASK, **asked}, there.team)
            for device, asked in zip(devices, values, strict=True)
        ]

        await asyncio.gather(*(device.sync() for device in devices))

        await there.settle()
        task = devices[0].spaces[there.team].rows["tasks", TASK]
        results = [there.answered[each] for each in ids]
        assert all(result["ok"] for result in results)
        arrived = sorted(zip((result["seq"] for result in results), values, strict=True), key=lambda each: each[0])
        last = dict(chain.from_iterable(asked.items() for _, asked in arrived))
        assert {field: task[field] for field in fields} == {**{field: before[field] for field in fields}, **last}


async def test_two_who_drag_to_one_place_at_once_both_succeed(application: Application, backend: Backend) -> None:
    async with house(application, backend, 3, furnished=True) as there:
        devices = await owners(there)
        dragged = [str(IDS[0]), str(IDS[1])]
        ids = [
            device.do("update_task", {"id": task, "position": between("a", "b")}, there.team)
            for device, task in zip(devices[2:], dragged, strict=True)
        ]

        await asyncio.gather(*(device.sync() for device in devices))

        await there.settle()
        rows = devices[0].spaces[there.team].rows
        assert [there.answered[each]["ok"] for each in ids] == [True, True]
        assert all("a" < rows["tasks", task]["position"] < "b" for task in dragged)


async def test_labels_that_two_add_and_take_away_are_nobody_s_loss(application: Application, backend: Backend) -> None:
    async with house(application, backend, 3, furnished=True) as there:
        devices = await owners(there)
        base = devices[2].seq_of(there.team, "tasks", TASK)
        ids = [
            device.do("update_task", {"id": TASK, **asked}, there.team, base)
            for device, asked in zip(
                devices[2:], [{"add_label_ids": [str(IDS[1])]}, {"remove_label_ids": [str(IDS[0])]}], strict=True
            )
        ]

        await asyncio.gather(*(device.sync() for device in devices))

        await there.settle()
        assert devices[0].spaces[there.team].rows["tasks", TASK]["label_ids"] == [str(IDS[1])]
        assert not any("overwrote" in there.answered[each] for each in ids)


async def test_who_takes_away_the_label_that_another_has_just_added_is_told(
    application: Application, backend: Backend
) -> None:
    async with house(application, backend, 3, furnished=True) as there:
        devices = await owners(there)
        base = devices[3].seq_of(there.team, "tasks", TASK)
        adding = devices[2].do("update_task", {"id": TASK, "add_label_ids": [str(IDS[1])]}, there.team)
        await devices[2].sync()

        taking = devices[3].do("update_task", {"id": TASK, "remove_label_ids": [str(IDS[1])]}, there.team, base)
        await devices[3].sync()

        told = {"field": "label_ids", "value": [str(each) for each in IDS[:2]], "by": devices[2].client.id}
        assert there.answered[taking]["overwrote"] == [{**told, "seq": there.answered[adding]["seq"]}]
