"""Where a task may be: in a project and section, below another task, with labels, for somebody, all of its space."""

from collections import Counter
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from taskflow.features.spaces.model import Role
from taskflow.features.tasks.errors import TaskExists
from taskflow.features.tasks.model import DEPTH_MOST, LABELS_MOST, CreateTask, DeleteTask, Task, UpdateTask
from taskflow.features.trash.model import DeleteLabel, DeleteProject, DeleteSection
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import Invalid, Refusal
from tests import things
from tests.account import Person, new_person
from tests.drawn import ids
from tests.features.spaces.team import join, new_team, number_of, set_role
from tests.features.sync.device import Device
from tests.features.tasks.arguments import STRATEGIES
from tests.furnished import FURNISHED

POINTING = ("project_id", "section_id", "parent_id", "label_ids", "assignee_id")


async def refused(person: Person, args: Args) -> list[str]:
    """The members that are named where it is refused; nothing has changed then."""
    before = await number_of(person)
    with pytest.raises(Invalid) as refusal:
        await person.do(args)
    assert await number_of(person) == before
    return [fault.pointer for fault in refusal.value.errors]


async def things_of(person: Person) -> dict[str, Id]:
    """One of each that a task may point to."""
    project_id = await things.project(person)
    return {
        "project_id": project_id,
        "section_id": await things.section(person, project_id),
        "parent_id": await things.task(person),
        "label_ids": await things.label(person),
        "assignee_id": Id(str(person.id)),
    }


def pointing(field: str, thing: Id) -> dict[str, Any]:
    return {field: [thing] if field == "label_ids" else thing}


@pytest.mark.parametrize("field", POINTING)
async def test_what_is_another_spaces_is_refused_as_what_never_was(
    person: Person, backend: Backend, field: str
) -> None:
    foreign = (await things_of(await new_person(backend)))[field]
    mine = await things.task(person)

    for thing in (foreign, things.fresh_id()):
        assert await refused(person, CreateTask(title="x", **pointing(field, thing))) == [f"/{field}"]
        assert await refused(person, UpdateTask(id=mine, **pointing(field, thing))) == [f"/{field}"]


@pytest.mark.parametrize(
    ("field", "delete"),
    [
        ("project_id", DeleteProject),
        ("section_id", DeleteSection),
        ("parent_id", DeleteTask),
        ("label_ids", DeleteLabel),
    ],
)
async def test_what_is_deleted_is_refused(person: Person, field: str, delete: Any) -> None:
    there = await things_of(person)
    mine = await things.task(person, project_id=there["project_id"] if field == "section_id" else None)
    await person.do(delete(id=there[field]))

    assert await refused(person, UpdateTask(id=mine, **pointing(field, there[field]))) == [f"/{field}"]


async def test_a_task_is_for_a_present_member(person: Person, backend: Backend) -> None:
    team = await new_team(person)
    eve = await join(team, await new_person(backend, "Eve"), Role.VIEWER)
    assigned = await team.do(CreateTask(title="Pay rent", assignee_id=Id(str(eve.id))))
    async with backend.database.transaction(team.access.space_id) as transaction:
        await set_role(transaction, eve, Role.FORMER)

    assert assigned["assignee_id"] == str(eve.id)
    assert await refused(team, CreateTask(title="x", assignee_id=Id(str(eve.id)))) == ["/assignee_id"]
    kept = await team.do(UpdateTask(id=Id(assigned["id"]), title="Pay it"))
    assert kept["assignee_id"] == str(eve.id), "what is there already may stay"


async def test_a_task_is_in_a_section_of_its_own_project(person: Person) -> None:
    here, there = await things.project(person), await things.project(person)
    section = await things.section(person, here)

    made = await person.do(CreateTask(title="Pay rent", project_id=here, section_id=section))

    assert (made["project_id"], made["section_id"]) == (here_is(here), here_is(section))
    assert await refused(person, CreateTask(title="x", project_id=there, section_id=section)) == ["/section_id"]
    assert await refused(person, CreateTask(title="x", section_id=section)) == ["/section_id"]
    assert await refused(person, UpdateTask(id=Id(made["id"]), project_id=there, section_id=section)) == ["/section_id"]


def here_is(thing: UUID) -> str:
    return str(thing)


async def test_what_goes_to_another_project_leaves_its_section(person: Person) -> None:
    here, there = await things.project(person), await things.project(person)
    task = await things.task(person, project_id=here, section_id=await things.section(person, here))

    moved = await person.do(UpdateTask(id=task, project_id=there))

    assert (moved["project_id"], moved["section_id"]) == (str(there), None)


async def test_a_sub_task_is_where_its_parent_is(person: Person) -> None:
    here, there = await things.project(person), await things.project(person)
    section = await things.section(person, here)
    parent = await things.task(person, project_id=here, section_id=section)
    loose = await things.task(person, project_id=there)

    made = await person.do(CreateTask(title="x", parent_id=parent))
    hung = await person.do(UpdateTask(id=loose, parent_id=parent))

    assert {(task["project_id"], task["section_id"]) for task in (made, hung)} == {(str(here), str(section))}
    assert await refused(person, CreateTask(title="x", parent_id=parent, project_id=there)) == ["/project_id"]
    assert await refused(person, UpdateTask(id=loose, project_id=there)) == ["/project_id"]
    assert await refused(person, UpdateTask(id=loose, section_id=None)) == ["/section_id"]
    freed = await person.do(UpdateTask(id=loose, parent_id=None, project_id=there))
    assert (freed["parent_id"], freed["project_id"], freed["section_id"]) == (None, str(there), None)


async def test_sub_tasks_go_along_to_another_project_and_the_named_one_has_the_last_number(person: Person) -> None:
    parent = await things.task(person)
    child = await things.task(person, parent_id=parent)
    grandchild = await things.task(person, parent_id=child)
    project = await things.project(person)
    section = await things.section(person, project)
    before = await number_of(person)

    moved = await person.do(UpdateTask(id=parent, project_id=project, section_id=section))

    assert moved["seq"] == await number_of(person) == before + 3
    for below in (child, grandchild):
        task = await person.do(UpdateTask(id=below))
        assert (task["project_id"], task["section_id"]) == (str(project), str(section))
        assert before < task["seq"] < moved["seq"]


async def test_a_task_is_never_below_itself(person: Person) -> None:
    top = await things.task(person)
    middle = await things.task(person, parent_id=top)
    low = await things.task(person, parent_id=middle)

    for parent in (top, middle, low):
        assert await refused(person, UpdateTask(id=top, parent_id=parent)) == ["/parent_id"]
    own = things.fresh_id()
    assert await refused(person, CreateTask(id=own, title="x", parent_id=own)) == ["/parent_id"]


async def test_sub_tasks_have_a_bounded_depth_however_they_come_together(person: Person) -> None:
    line = [await things.task(person)]
    for _ in range(DEPTH_MOST - 1):
        line.append(await things.task(person, parent_id=line[-1]))
    two = await things.task(person)
    await things.task(person, parent_id=two)

    assert await refused(person, CreateTask(title="x", parent_id=line[-1])) == ["/parent_id"]
    assert await refused(person, UpdateTask(id=two, parent_id=line[-2])) == ["/parent_id"]
    assert (await person.do(UpdateTask(id=two, parent_id=line[-3])))["parent_id"] == str(line[-3])


async def test_labels_are_a_set_that_is_given_whole_or_added_to(person: Person) -> None:
    one, two, three = sorted([await things.label(person) for _ in range(3)])
    task = await things.task(person, label_ids=[three, one])

    assert (await person.do(UpdateTask(id=task)))["label_ids"] == [str(one), str(three)]
    added = await person.do(UpdateTask(id=task, add_label_ids=[two, one], remove_label_ids=[three, things.fresh_id()]))
    assert added["label_ids"] == [str(one), str(two)]
    assert (await person.do(UpdateTask(id=task, label_ids=[])))["label_ids"] == []


async def test_adding_a_label_loses_nobodys_other_one(person: Person) -> None:
    mine, theirs = await things.label(person), await things.label(person)
    task = await things.task(person)

    await person.do(UpdateTask(id=task, add_label_ids=[theirs]))
    both = await person.do(UpdateTask(id=task, add_label_ids=[mine]))

    assert set(both["label_ids"]) == {str(mine), str(theirs)}


async def test_a_label_twice_or_both_ways_is_refused(person: Person) -> None:
    label = await things.label(person)
    task = await things.task(person)

    assert await refused(person, CreateTask(title="x", label_ids=[label, label])) == ["/label_ids"]
    assert await refused(person, UpdateTask(id=task, label_ids=[label, label])) == ["/label_ids"]
    assert await refused(person, UpdateTask(id=task, add_label_ids=[label, label])) == ["/add_label_ids"]
    assert await refused(person, UpdateTask(id=task, remove_label_ids=[label, label])) == ["/remove_label_ids"]
    assert await refused(person, UpdateTask(id=task, label_ids=[], add_label_ids=[label])) == ["/label_ids"]
    both = UpdateTask(id=task, add_label_ids=[label], remove_label_ids=[label])
    assert await refused(person, both) == ["/remove_label_ids"]


async def test_a_task_has_so_many_labels_and_no_more(person: Person) -> None:
    labels = [await things.label(person) for _ in range(LABELS_MOST + 1)]
    task = await things.task(person, label_ids=labels[:-1])

    assert await refused(person, UpdateTask(id=task, add_label_ids=labels[-1:])) == ["/add_label_ids"]
    swapped = UpdateTask(id=task, add_label_ids=labels[-1:], remove_label_ids=labels[:1])
    assert len((await person.do(swapped))["label_ids"]) == LABELS_MOST


async def test_the_same_create_is_the_same_task_though_its_place_has_gone_since(person: Person) -> None:
    here, there, label = await things.project(person), await things.project(person), await things.label(person)
    parent = await things.task(person, project_id=here)
    create = CreateTask(id=things.fresh_id(), title="x", parent_id=parent, label_ids=[label])
    made = await person.do(create)
    await person.do(UpdateTask(id=parent, project_id=there))
    await person.do(DeleteLabel(id=label))

    again = await person.do(create)

    assert again["id"] == made["id"]
    assert (again["project_id"], again["label_ids"]) == (str(there), [])
    await person.do(DeleteTask(id=parent))
    with pytest.raises(TaskExists):
        await person.do(create)


WORLD = STRATEGIES["create_task"] | STRATEGIES["update_task"] | some.builds(DeleteTask, id=ids)


@settings(max_examples=25, deadline=None)
@given(acts=some.lists(WORLD, min_size=5, max_size=25))
async def test_whatever_is_asked_for_tasks_are_a_forest_in_which_each_is_where_its_parent_is(
    backend: Backend, acts: list[Args]
) -> None:
    person = await new_person(backend)
    for act in [*FURNISHED, *acts]:
        with suppress(Refusal):
            await person.do(act)

    device = Device(backend, person.access)
    await device.catch_up()

    tasks: dict[UUID, Task] = {thing.id: thing for (kind, _), thing in device.rows.items() if kind == "tasks"}
    sections = {thing.id: thing.project_id for (kind, _), thing in device.rows.items() if kind == "sections"}
    for task in tasks.values():
        parent = tasks[task.parent_id] if task.parent_id else task
        assert (task.project_id, task.section_id) == (parent.project_id, parent.section_id)
        assert task.section_id is None or sections[task.section_id] == task.project_id
        assert len(above(tasks, task)) <= DEPTH_MOST
        assert task.label_ids == sorted(set(task.label_ids))
        assert (task.completed_at is None) == (task.status != "done")
        assert task.recurrence is None or task.due_date or task.due_at
        assert (task.recurrence is None) == (task.recurs_from is None)
    assert max(Counter(row.seq for row in device.rows.values()).values(), default=1) == 1


def above(tasks: dict[UUID, Task], task: Task) -> list[UUID]:
    """A task and those above it; a ring would go on beyond any depth."""
    line = [task.id]
    while task.parent_id and len(line) <= DEPTH_MOST:
        task = tasks[task.parent_id]
        line.append(task.id)
    return line
