"""What holds of several spaces together, whatever was done in them at once."""

from collections import Counter
from collections.abc import Sequence

from taskflow.foundation.backend import Backend
from tests.account import Person
from tests.features.sharing.rooms import Rows, live, numbers, rows
from tests.features.spaces.team import number_of
from tests.features.sync.device import Device, fresh

CARRIED = ("tasks", "comments", "projects", "sections")
POINTERS = {
    "tasks": {"project_id": "projects", "section_id": "sections", "parent_id": "tasks"},
    "sections": {"project_id": "projects"},
    "comments": {"task_id": "tasks"},
}


async def assert_whole(spaces: Sequence[Person], made: Counter[tuple[str, str]]) -> list[Rows]:
    """All that was ever made, by kind and id, has its end in one space; nothing points out of its own."""
    found = [await rows(person) for person in spaces]
    ends = Counter(
        (kind, row["id"]) for each in found for kind in CARRIED for row in each[kind] if row["moved_to"] is None
    )
    assert ends == made, "nothing is lost, nothing is double"
    for person, each in zip(spaces, found, strict=True):
        assert [*strays(each)] == []
        taken = numbers(each)
        assert len(taken) == len(set(taken)), "each row has a number of its own"
        assert max(taken) <= await number_of(person)
    return found


def strays(found: Rows) -> list[str]:
    """What points to something that does not live beside it, or carries a label or a history that does not."""
    wrong = [
        f"{kind} {row['id']}: {field}"
        for kind, pointers in POINTERS.items()
        for row in live(found, kind).values()
        for field, target in pointers.items()
        if row[field] is not None and row[field] not in live(found, target)
    ]
    wrong += [
        f"tasks {row['id']}: label_ids"
        for row in live(found, "tasks").values()
        if not set(row["label_ids"]) <= live(found, "labels").keys()
    ]
    there = {row["id"] for row in found["tasks"] if row["moved_to"] is None}
    wrong += [
        f"activity {row['seq']} of {row['task_id']}"
        for row in found["activity"]
        if row["task_id"] is not None and row["task_id"] not in there and row["changes"] != {"deleted": [False, True]}
    ]
    return wrong


async def assert_told(devices: Sequence[Device]) -> None:
    """Devices that took the changes hold what a full load shows."""
    for device in devices:
        await device.catch_up()
        assert device.rows == (await fresh(device)).rows


def devices_of(backend: Backend, spaces: Sequence[Person]) -> list[Device]:
    """A device in each of the spaces."""
    return [Device(backend, person.access, 7) for person in spaces]
