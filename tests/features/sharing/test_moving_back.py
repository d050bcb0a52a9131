"""A move that is undone brings all of it back as it was; what others changed since stays, and is named."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from taskflow.features.activity.model import Entry
from taskflow.features.comments.model import CreateComment
from taskflow.features.labels.model import CreateLabel, UpdateLabel
from taskflow.features.sharing.model import Back, MoveTask
from taskflow.features.sharing.moving_back import move_back
from taskflow.features.spaces.errors import RoleTooLow, SpaceNotFound
from taskflow.features.spaces.model import ChangeRole, RemoveMember, Role
from taskflow.features.spaces.work import Work
from taskflow.features.tasks.errors import TaskNotFound
from taskflow.features.tasks.model import CreateTask, DeleteTask, UpdateTask
from taskflow.features.trash.model import DeleteLabel, DeleteProject, DeleteSection
from taskflow.features.undo.model import Undo
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from tests.account import Person, new_person
from tests.features.sharing.rooms import Rows, furnished, gone, live, numbers, place, rows, space_of, without
from tests.features.spaces.team import join, new_team, number_of
from tests.things import fresh_id

UNTOLD = ("seq", "updated_at")


async def moved_back(person: Person, task_id: UUID) -> Back:
    """Undo the last move of a task into the space that the person stands in."""
    found = [
        row
        for row in (await rows(person))["activity"]
        if row["entity_id"] == str(task_id) and "space_id" in row["changes"]
    ][-1]
    moved = entry(found)
    async with Work(person.backend.database, person.access.space_id) as work:
        await work.lock(person.access.space_id, UUID(moved.changes["space_id"][0]))
        back = await move_back(work, person.access, moved)
        await work.step(person.access.space_id)
        await work.give_back()
    return back


def entry(row: dict[str, Any]) -> Entry:
    """A row of activity as histories show it."""
    return msgspec.convert({**row, "id": row["entity_id"]}, Entry)


def state(found: Rows) -> dict[str, dict[str, object]]:
    """What lives in a space, numbers and times aside."""
    kinds = ("tasks", "projects", "sections", "labels", "comments")
    return {kind: {key: without(row, *UNTOLD) for key, row in live(found, kind).items()} for kind in kinds}


async def test_right_after_a_move_both_spaces_are_as_they_were(person: Person) -> None:
    room, team = await furnished(person), await new_team(person)
    await furnished(team, "Else")
    before = [state(await rows(where)) for where in (person, team)]

    await person.do(MoveTask(id=room.task, to=space_of(team)))
    back = await moved_back(team, room.task)

    assert [state(await rows(where)) for where in (person, team)] == before
    assert (back.task.id, back.task.space_id, back.kept) == (room.task, person.id, [])
    for where in (person, team):
        found = numbers(await rows(where))
        assert len(found) == len(set(found))
        assert max(found) <= await number_of(where)


async def test_what_is_below_another_comes_back_below_it(person: Person) -> None:
    room, team = await furnished(person), await new_team(person)
    before = state(await rows(person))

    await person.do(MoveTask(id=room.below, to=space_of(team)))
    back = await moved_back(team, room.below)

    assert state(await rows(person)) == before
    assert (back.task.parent_id, back.kept) == (room.task, [])


async def test_who_was_to_do_it_is_so_again(person: Person, backend: Backend) -> None:
    first, second = await new_team(person), await new_team(person)
    grace = await join(first, await new_person(backend, "Grace"), Role.EDITOR)
    room = await furnished(first)
    for task_id, parent_id in ((room.task, None), (room.below, room.task)):
        await place(first, task_id, room.project, room.section, parent_id, [], grace.id)
    before = state(await rows(first))

    await first.do(MoveTask(id=room.task, to=space_of(second)))
    back = await moved_back(second, room.task)

    assert state(await rows(first)) == before
    assert back.task.assignee_id == grace.id


async def test_what_was_changed_since_stays_changed(person: Person) -> None:
    room, team = await furnished(person), await new_team(person)
    await person.do(MoveTask(id=room.task, to=space_of(team)))
    await team.do(UpdateTask(id=room.below, title="Sand"))
    await team.do(CreateComment(task_id=room.below, body="First this"))
    other = await team.do(CreateLabel(name="Urgent", color="pink"))
    await place(team, room.task, None, None, None, [Id(other["id"])], None)
    await team.do(UpdateTask(id=room.task, title="Scrub"))

    back = await moved_back(team, room.task)

    after = await rows(person)
    named = {row["name"]: key for key, row in live(after, "labels").items()}
    assert (back.task.title, back.task.project_id, back.kept) == ("Scrub", room.project, ["label_ids"])
    assert [*map(str, back.task.label_ids)] == [named["Urgent"]]
    assert live(after, "tasks")[str(room.below)]["title"] == "Sand"
    assert live(after, "tasks")[str(room.below)]["label_ids"] == [str(room.label)]
    assert len(live(after, "comments")) == 3
    assert live(await rows(team), "labels").keys() == {other["id"]}


async def test_what_was_made_below_it_since_comes_along(person: Person) -> None:
    room, team = await furnished(person), await new_team(person)
    await person.do(MoveTask(id=room.task, to=space_of(team)))
    await team.do(CreateTask(id=(new := fresh_id()), title="And the door"))
    await place(team, new, None, None, room.below, [], None)

    await moved_back(team, room.task)

    row = live(await rows(person), "tasks")[str(new)]
    assert (row["parent_id"], row["project_id"], row["section_id"]) == (
        str(room.below),
        str(room.project),
        str(room.section),
    )


async def test_what_is_gone_by_now_is_left_out_and_named(person: Person) -> None:
    room, team = await furnished(person), await new_team(person)
    second = await furnished(person, "Two")
    await person.do(MoveTask(id=room.task, to=space_of(team)))
    await person.do(MoveTask(id=second.task, to=space_of(team)))
    await person.do(DeleteProject(id=room.project))
    await person.do(DeleteSection(id=second.section))
    await person.do(DeleteLabel(id=second.label))

    without_project = await moved_back(team, room.task)
    without_section = await moved_back(team, second.task)

    assert (without_project.task.project_id, without_project.task.section_id) == (None, None)
    assert sorted(without_project.kept) == ["project_id", "section_id"]
    assert (without_section.task.project_id, without_section.task.section_id) == (second.project, None)
    assert sorted(without_section.kept) == ["label_ids", "section_id"]
    label = live(await rows(person), "labels")[str(without_section.task.label_ids[0])]
    assert label["name"] == "Two"


async def test_a_parent_is_followed_to_where_it_is_now_or_left_where_it_is_gone(person: Person) -> None:
    room, team = await furnished(person), await new_team(person)
    other = await furnished(person, "Other")
    await person.do(MoveTask(id=room.deepest, to=space_of(team)))
    await place(person, room.below, other.project, other.section, None, [], None)
    await person.do(MoveTask(id=other.below, to=space_of(team)))
    await person.do(DeleteTask(id=other.task))

    followed = await moved_back(team, room.deepest)
    left = await moved_back(team, other.below)

    assert (followed.task.parent_id, followed.task.project_id) == (room.below, other.project)
    assert sorted(followed.kept) == ["project_id", "section_id"]
    assert (left.task.parent_id, left.task.project_id, left.kept) == (None, other.project, ["parent_id"])


async def test_labels_that_others_use_by_now_stay(person: Person) -> None:
    room, team = await furnished(person, "Work"), await new_team(person)
    moved = await person.do(MoveTask(id=room.task, to=space_of(team)))
    (label_id,) = moved["label_ids"]
    await team.do(CreateTask(id=(other := fresh_id()), title="Other"))
    await place(team, other, None, None, None, [Id(label_id)], None)

    await moved_back(team, room.task)

    assert live(await rows(team), "labels").keys() == {label_id}


async def test_a_label_that_was_renamed_stays(person: Person) -> None:
    room, team = await furnished(person, "Work"), await new_team(person)
    moved = await person.do(MoveTask(id=room.task, to=space_of(team)))
    await team.do(UpdateLabel(id=Id(moved["label_ids"][0]), name="Labour"))

    back = await moved_back(team, room.task)

    assert [row["name"] for row in live(await rows(team), "labels").values()] == ["Labour"]
    assert back.task.label_ids == [room.label]


async def test_moving_back_can_be_undone_as_well(person: Person) -> None:
    room, team = await furnished(person), await new_team(person)
    await person.do(MoveTask(id=room.task, to=space_of(team)))
    there = await rows(team)
    await moved_back(team, room.task)

    again = await moved_back(person, room.task)

    after = await rows(team)
    assert again.task.space_id == space_of(team)
    fields = (*UNTOLD, "label_ids")
    assert {key: without(row, *fields) for key, row in live(after, "tasks").items()} == {
        key: without(row, *fields) for key, row in live(there, "tasks").items()
    }
    assert [row["name"] for row in live(after, "labels").values()] == ["Work"]
    assert not live(await rows(person), "tasks")


async def test_a_task_that_went_on_is_not_brought_back(person: Person) -> None:
    room, team, third = await furnished(person), await new_team(person), await new_team(person)
    await person.do(MoveTask(id=room.task, to=space_of(team)))
    await team.do(MoveTask(id=room.task, to=space_of(third)))
    first = next(row for row in (await rows(third))["activity"] if row["operation"] == "move_task")
    moved = entry(first)

    async with Work(third.backend.database, space_of(third)) as work:
        await work.take(0)
        back = await move_back(work, third.access, moved)

    assert back.task.space_id == space_of(third)
    assert back.kept == [*first["changes"]]
    with pytest.raises(TaskNotFound):
        await team.do(DeleteTask(id=room.task))


async def test_the_way_back_is_closed_to_who_may_not_edit_there_any_more(person: Person, backend: Backend) -> None:
    first = await new_team(person)
    room = await furnished(first)
    somebody = await new_person(backend, "Grace")
    grace, hers = await join(first, somebody, Role.EDITOR), await new_team(somebody)
    await grace.do(MoveTask(id=room.task, to=space_of(hers)))

    await first.do(ChangeRole(id=Id(str(grace.id)), role="viewer"))
    with pytest.raises(RoleTooLow):
        await moved_back(hers, room.task)
    await first.do(RemoveMember(id=Id(str(grace.id))))
    with pytest.raises(SpaceNotFound):
        await moved_back(hers, room.task)

    assert len(live(await rows(hers), "tasks")) == 3
    assert len(gone(await rows(first), "tasks")) == 3


async def test_who_may_only_look_in_one_of_both_spaces_does_not_move_a_task_back_from_the_other(
    person: Person, backend: Backend
) -> None:
    here, team = await new_team(person), await new_team(await new_person(backend))
    there, task = await join(team, person, Role.EDITOR), fresh_id()
    await here.do(CreateTask(id=task, title="Paint"))
    await here.do(MoveTask(id=task, to=space_of(there)))
    await team.do(ChangeRole(id=Id(str(person.id)), role="viewer"))
    number = gone(await rows(here), "tasks")[str(task)]["seq"]

    with pytest.raises(RoleTooLow):
        await here.do(Undo(kind="task", id=task, seq=number))

    assert live(await rows(team), "tasks").keys() == {str(task)}


async def test_a_task_comes_back_to_no_place_where_another_with_its_id_has_come_and_gone_since(person: Person) -> None:
    here, there, third, fourth = [await new_team(person) for _ in range(4)]
    await here.do(CreateTask(id=(task := fresh_id()), title="Paint"))
    await here.do(MoveTask(id=task, to=space_of(there)))
    await third.do(CreateTask(id=task, title="Else"))
    await third.do(MoveTask(id=task, to=space_of(here)))
    await here.do(MoveTask(id=task, to=space_of(fourth)))

    back = await moved_back(there, task)

    assert (back.task.title, back.task.space_id) == ("Paint", here.access.space_id)
    assert live(await rows(here), "tasks").keys() == {str(task)}
