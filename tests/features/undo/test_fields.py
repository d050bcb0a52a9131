"""A change taken back field by field: what others changed since stays."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from taskflow.features.comments.model import UpdateComment
from taskflow.features.labels.model import CreateLabel, UpdateLabel
from taskflow.features.projects.model import CreateProject, UpdateProject
from taskflow.features.spaces.model import Role
from taskflow.features.tasks.model import CreateTask, UpdateTask
from taskflow.features.trash.model import DeleteLabel, DeleteProject
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from tests.account import Person, new_person
from tests.features.spaces.team import join, new_team, number_of, remove
from tests.features.undo.changing import last_undone, undone
from tests.things import comment, label, project, section, task


async def change(person: Person, task_id: Id, **fields: Any) -> Any:
    """The task after a change."""
    return await person.do(UpdateTask(id=task_id, **fields))


async def test_undo_answers_the_thing_as_it_was_under_a_new_number(person: Person) -> None:
    made = await person.do(CreateTask(title="Pay rent", priority=1))
    changed = await change(person, Id(made["id"]), title="Pay the rent", priority=3)

    answer = await undone(person, changed)

    back = answer["thing"]
    assert (back["title"], back["priority"]) == ("Pay rent", 1)
    assert answer["seq"] == back["seq"] == changed["seq"] + 1
    assert answer["kept"] == []


FIELDS: dict[str, Any] = {
    "title": "Rent",
    "description": "By bank",
    "status": "in_progress",
    "priority": 3,
    "due_date": date(2026, 12, 2),
    "recurrence": "FREQ=DAILY",
    "position": "a",
    "assignee_id": None,
    "project_id": None,
    "section_id": None,
    "label_ids": [],
}


@pytest.mark.parametrize("field", FIELDS)
async def test_every_field_of_a_task_goes_back(person: Person, field: str) -> None:
    house = await project(person)
    made = await person.do(
        CreateTask(
            title="Pay rent",
            due_date=date(2026, 12, 1),
            project_id=house,
            section_id=await section(person, house),
            label_ids=[await label(person)],
            assignee_id=Id(str(person.id)),
        )
    )
    changed = await change(person, Id(made["id"]), **{field: FIELDS[field]})
    assert changed[field] != made[field]

    answer = await undone(person, changed)

    assert answer["thing"] | {"seq": 0, "updated_at": ""} == made | {"seq": 0, "updated_at": ""}
    assert answer["kept"] == []


async def test_a_field_that_was_changed_since_is_kept_and_named(person: Person) -> None:
    task_id = await task(person, "Pay rent")
    changed = await change(person, task_id, title="Pay the rent", priority=3)
    await change(person, task_id, title="Rent")

    answer = await undone(person, changed)

    assert (answer["thing"]["title"], answer["thing"]["priority"]) == ("Rent", 0)
    assert answer["kept"] == ["title"]


async def test_a_change_that_is_taken_back_already_is_a_change_of_nothing(person: Person) -> None:
    changed = await change(person, await task(person, "Pay rent"), title="Rent")
    first = await undone(person, changed)

    again = await undone(person, changed)

    assert (again["kept"], again["thing"], again["seq"]) == ([], first["thing"], first["seq"])
    assert await number_of(person) == first["seq"]


async def test_undo_of_undo_does_it_again(person: Person) -> None:
    task_id = await task(person, "Pay rent")
    changed = await change(person, task_id, title="Rent", due_date=date(2026, 12, 1))
    taken_back = await undone(person, changed)

    again = await undone(person, {"id": task_id, "seq": taken_back["seq"]})

    assert (again["thing"]["title"], again["thing"]["due_date"]) == ("Rent", "2026-12-01")


async def test_what_says_something_only_as_one_goes_back_as_one(person: Person) -> None:
    task_id = await task(person, "Pay rent", due_date=date(2026, 12, 1))
    timed = await change(person, task_id, due_at=datetime(2026, 12, 2, 9, tzinfo=UTC), due_zone="Europe/Berlin")
    await change(person, task_id, due_zone="Europe/Vienna")

    answer = await undone(person, timed)

    assert answer["kept"] == ["due_at", "due_date", "due_zone"]
    assert (answer["thing"]["due_date"], answer["thing"]["due_zone"]) == (None, "Europe/Vienna")


async def test_a_date_stays_where_the_task_has_come_to_recur_by_it(person: Person) -> None:
    task_id = await task(person, "Pay rent")
    dated = await change(person, task_id, due_date=date(2026, 12, 1))
    await change(person, task_id, recurrence="FREQ=MONTHLY")

    answer = await undone(person, dated)

    assert (answer["kept"], answer["thing"]["due_date"]) == (["due_date"], "2026-12-01")


async def test_a_field_does_not_go_back_to_what_is_deleted_by_now(person: Person) -> None:
    house, heavy = await project(person), await label(person)
    task_id = await task(person, "Pack", project_id=house, label_ids=[heavy])
    emptied = await change(person, task_id, project_id=None, label_ids=[], title="Unpack")
    await person.do(DeleteProject(id=house))
    await person.do(DeleteLabel(id=heavy))

    answer = await undone(person, emptied)

    assert answer["kept"] == ["label_ids", "project_id"]
    assert (answer["thing"]["title"], answer["thing"]["project_id"], answer["thing"]["label_ids"]) == ("Pack", None, [])


async def test_a_task_does_not_go_back_to_somebody_who_has_left(backend: Backend, person: Person) -> None:
    owner = await new_team(person)
    guest = await join(owner, await new_person(backend), Role.EDITOR)
    task_id = await task(owner, "Pay rent", assignee_id=Id(str(guest.id)))
    taken = await change(owner, task_id, assignee_id=None)
    await remove(owner, guest)

    answer = await undone(owner, taken)

    assert (answer["kept"], answer["thing"]["assignee_id"]) == (["assignee_id"], None)


async def test_a_task_does_not_go_back_below_what_is_below_it_by_now(person: Person) -> None:
    above, below = await task(person, "Move house"), await task(person, "Pack")
    await change(person, below, parent_id=above)
    loose = await change(person, below, parent_id=None)
    await change(person, above, parent_id=below)

    answer = await undone(person, loose)

    assert (answer["kept"], answer["thing"]["parent_id"]) == (["parent_id"], None)


async def test_sub_tasks_go_back_along_with_their_parent(person: Person) -> None:
    house, garden = await project(person), await project(person, "Garden")
    packing = await section(person, house)
    above = await task(person, "Pack", project_id=house, section_id=packing)
    below = await task(person, "Boxes", parent_id=above)
    moved = await change(person, above, project_id=garden)

    await undone(person, moved)

    again = await change(person, below)
    assert (again["project_id"], again["section_id"]) == (str(house), str(packing))


async def test_a_label_does_not_get_back_a_name_that_another_has_by_now(person: Person) -> None:
    made = await person.do(CreateLabel(name="bank"))
    renamed = await person.do(UpdateLabel(id=Id(made["id"]), name="money", color="red"))
    await person.do(CreateLabel(name="Bank"))

    answer = await undone(person, renamed, "label")

    assert (answer["kept"], answer["thing"]["name"], answer["thing"]["color"]) == (["name"], "money", made["color"])


async def test_projects_and_comments_go_back_too(person: Person) -> None:
    house = await person.do(CreateProject(name="Move house"))
    archived = await person.do(UpdateProject(id=Id(house["id"]), archived=True))
    said = await comment(person, await task(person, "Pack"), "Boxes?")
    corrected = await person.do(UpdateComment(id=said, body="Boxes!"))

    answers = [await undone(person, archived, "project"), await undone(person, corrected, "comment")]

    assert [answers[0]["thing"]["archived_at"], answers[1]["thing"]["body"]] == [None, "Boxes?"]


async def test_the_same_create_is_still_the_same_after_undo(person: Person) -> None:
    create = CreateTask(title="Pay rent", priority=1)
    made = await person.do(create)
    await undone(person, await change(person, Id(made["id"]), title="Rent", priority=2))

    again = await person.do(create)

    assert (again["id"], again["title"]) == (made["id"], "Pay rent")


@pytest.mark.parametrize("times", [12])
async def test_of_many_who_take_back_one_change_at_once_one_does(person: Person, times: int) -> None:
    changed = await change(person, await task(person, "Pay rent"), title="Rent")

    answers = await asyncio.gather(*(undone(person, changed) for _ in range(times)))

    assert len({msgspec.json.encode(answer) for answer in answers}) == 1
    assert await number_of(person) == changed["seq"] + 1


async def test_a_thing_that_lost_its_label_by_deletion_is_no_conflict_of_its_title(person: Person) -> None:
    heavy = await label(person)
    task_id = await task(person, "Pack", label_ids=[heavy])
    changed = await change(person, task_id, title="Unpack")
    await person.do(DeleteLabel(id=heavy))

    answer = await undone(person, changed)

    assert (answer["kept"], answer["thing"]["title"], answer["thing"]["label_ids"]) == ([], "Pack", [])
    assert (await last_undone(person))["thing"]["title"] == "Unpack"
