"""A task that moves takes along what hangs on it, finds its labels by name, and leaves word where it went."""

import asyncio
from typing import Any

import pytest

from taskflow.features.activity.queries import changes_of
from taskflow.features.comments.model import CreateComment
from taskflow.features.labels.model import CreateLabel
from taskflow.features.sharing.errors import IdTaken
from taskflow.features.sharing.model import MoveTask
from taskflow.features.spaces.door import Key
from taskflow.features.spaces.errors import PreconditionFailed, RoleTooLow
from taskflow.features.spaces.model import RemoveMember, Role
from taskflow.features.tasks.errors import TaskExists, TaskNotFound
from taskflow.features.tasks.model import CreateTask, DeleteTask, UpdateTask
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from taskflow.foundation.refusal import Invalid
from tests.account import Person, new_person
from tests.client import Client
from tests.features.sharing.rooms import furnished, gone, live, numbers, place, rows, space_of, without
from tests.features.spaces.team import in_team, join, locked, new_team, number_of, waiting
from tests.features.sync.device import Device, fresh
from tests.things import fresh_id


async def test_a_task_moves_with_all_that_hangs_on_it(person: Person) -> None:
    room, team = await furnished(person), await new_team(person)
    before = await rows(person)

    moved = await person.do(MoveTask(id=room.task, to=space_of(team)))

    after = await rows(team)
    assert (moved["id"], moved["space_id"], moved["title"]) == (str(room.task), str(space_of(team)), "Paint the wall")
    another = ("space_id", "seq", "created_seq", "updated_at", "label_ids", "project_id", "section_id")
    for kind in ("tasks", "comments"):
        there = {key: without(row, *another) for key, row in live(after, kind).items()}
        assert there == {key: without(row, *another) for key, row in live(before, kind).items()}
    assert {row["project_id"] for row in live(after, "tasks").values()} == {None}
    assert [row["operation"] for row in after["activity"]] == ["update_task", "move_task"]
    assert [(row["name"], row["color"]) for row in live(after, "labels").values()] == [("Work", "red")]


async def test_the_old_space_says_where_it_went(person: Person) -> None:
    room, team = await furnished(person), await new_team(person)

    await person.do(MoveTask(id=room.task, to=space_of(team)))

    after = await rows(person)
    tombstones = [*gone(after, "tasks").values(), *gone(after, "comments").values()]
    assert len(tombstones) == 3 + 2
    assert {row["moved_to"] for row in tombstones} == {str(space_of(team))}
    assert {row["deleted_seq"] for row in tombstones} == {gone(after, "tasks")[str(room.task)]["seq"]}
    assert not live(after, "tasks")
    assert live(after, "projects").keys() == {str(room.project)}
    assert live(after, "labels").keys() == {str(room.label)}
    assert [row["operation"] for row in after["activity"]] == ["move_task"]


async def test_a_device_that_takes_the_changes_of_both_spaces_holds_what_they_hold(
    person: Person, backend: Backend
) -> None:
    room, team = await furnished(person), await new_team(person)
    devices = [Device(backend, where.access, size) for where in (person, team) for size in (1, 2, 500)]
    for way in ((person, team), (team, person), (person, team)):
        await way[0].do(MoveTask(id=room.task, to=space_of(way[1])))

        for device in devices:
            await device.catch_up()
            assert device.rows == (await fresh(device)).rows

    for where in (person, team):
        found = numbers(await rows(where))
        assert len(found) == len(set(found))
        assert max(found) <= await number_of(where)


async def test_labels_are_found_by_name_whatever_their_letters(person: Person) -> None:
    room, team = await furnished(person, "Straße"), await new_team(person)
    there = await team.do(CreateLabel(name="sTRAßE"))

    moved = await person.do(MoveTask(id=room.task, to=space_of(team)))

    assert moved["label_ids"] == [there["id"]]
    assert len(live(await rows(team), "labels")) == 1


async def test_a_task_goes_where_it_is_asked_to_and_leaves_its_parent(person: Person) -> None:
    room, team = await furnished(person), await new_team(person)
    theirs = await furnished(team)

    moved = await person.do(
        MoveTask(id=room.below, to=space_of(team), project_id=theirs.project, section_id=theirs.section)
    )

    assert (moved["project_id"], moved["section_id"]) == (str(theirs.project), str(theirs.section))
    assert moved["parent_id"] is None
    below = live(await rows(team), "tasks")[str(room.deepest)]
    assert (below["project_id"], below["parent_id"]) == (str(theirs.project), str(room.below))
    assert live(await rows(person), "tasks").keys() == {str(room.task)}


async def test_who_is_to_do_it_stays_so_only_as_a_member_there(person: Person, backend: Backend) -> None:
    first, second = await new_team(person), await new_team(person)
    grace = await new_person(backend, "Grace")
    hers = await join(first, grace, Role.EDITOR)
    await hers.do(CreateTask(id=(task_id := fresh_id()), title="Hers"))
    await place(hers, task_id, None, None, None, [], grace.id)
    await hers.do(CreateComment(task_id=task_id, body="I'll do it"))

    stranger = await first.do(MoveTask(id=task_id, to=space_of(second)))
    await join(second, grace, Role.VIEWER)
    await place(second, task_id, None, None, None, [], grace.id)
    member = await second.do(MoveTask(id=task_id, to=space_of(first)))

    assert stranger["assignee_id"] is None
    assert member["assignee_id"] == str(grace.id)
    assert stranger["created_by"] == str(grace.id)
    members = {row["account_id"]: row["name"] for row in (await rows(second))["memberships"]}
    assert members[str(grace.id)] == "Grace"


async def test_a_task_that_comes_back_is_in_the_row_that_it_left(person: Person) -> None:
    room, team = await furnished(person), await new_team(person)
    before = live(await rows(person), "tasks")
    await person.do(MoveTask(id=room.task, to=space_of(team)))
    await team.do(UpdateTask(id=room.task, title="Painted"))

    await team.do(MoveTask(id=room.task, to=space_of(person), project_id=room.project, section_id=room.section))

    after = await rows(person)
    changed = ("seq", "updated_at", "title", "title_key")
    assert {key: without(row, *changed) for key, row in live(after, "tasks").items()} == {
        key: without(row, *changed) for key, row in before.items()
    }
    assert live(after, "tasks")[str(room.task)]["title"] == "Painted"
    assert len(live(after, "labels")) == 1
    assert len(live(after, "comments")) == 2
    assert len(gone(await rows(team), "tasks")) == 3


async def test_what_the_move_changed_is_told_where_the_task_is(person: Person, backend: Backend) -> None:
    room, team = await furnished(person), await new_team(person)

    moved = await person.do(MoveTask(id=room.task, to=space_of(team)))

    async with backend.database.transaction(space_of(team)) as transaction:
        *_, changes = await changes_of(transaction, space_of(team), room.task)
    assert changes == {
        "space_id": (str(person.id), str(space_of(team))),
        "project_id": (str(room.project), None),
        "section_id": (str(room.section), None),
        "label_ids": ([str(room.label)], moved["label_ids"]),
    }
    (told,) = [row for row in (await rows(team))["activity"] if row["operation"] == "move_task"]
    assert (told["seq"], told["kind"], told["entity_id"]) == (moved["seq"], "task", str(room.task))


async def test_what_went_away_answers_as_what_never_was(person: Person) -> None:
    room, team = await furnished(person), await new_team(person)
    await person.do(MoveTask(id=room.task, to=space_of(team)))
    before = await number_of(person)

    for args in (
        UpdateTask(id=room.task, title="Too late"),
        DeleteTask(id=room.below),
        MoveTask(id=room.task, to=space_of(team)),
    ):
        with pytest.raises(TaskNotFound):
            await person.do(args)
    with pytest.raises(Invalid):
        await person.do(CreateComment(task_id=room.task, body="Too late"))
    with pytest.raises(TaskExists):
        await person.do(CreateTask(id=room.task, title="Another"))

    assert await number_of(person) == before


@pytest.mark.parametrize("deleted", [False, True])
@pytest.mark.parametrize("kind", ["task", "below", "comment"])
async def test_an_id_that_something_else_has_there_keeps_it_from_moving(
    person: Person, kind: str, *, deleted: bool
) -> None:
    room, team = await furnished(person), await new_team(person)
    taken = getattr(room, kind)
    if kind == "comment":
        other = await team.do(CreateTask(title="Other"))
        await team.do(CreateComment(id=taken, task_id=Id(other["id"]), body="Other"))
        if deleted:
            await team.do(DeleteTask(id=Id(other["id"])))
    else:
        await team.do(CreateTask(id=taken, title="Other"))
        if deleted:
            await team.do(DeleteTask(id=taken))
    before = [(await rows(where), await number_of(where)) for where in (person, team)]

    with pytest.raises(IdTaken):
        await person.do(MoveTask(id=room.task, to=space_of(team)))

    assert [(await rows(where), await number_of(where)) for where in (person, team)] == before


async def test_a_task_does_not_move_to_where_it_is(person: Person) -> None:
    room = await furnished(person)

    with pytest.raises(Invalid, match="is the space that the task is in"):
        await person.do(MoveTask(id=room.task, to=space_of(person)))


async def test_a_space_that_one_is_not_in_is_none(person: Person, backend: Backend) -> None:
    room = await furnished(person)
    stranger, former = await new_person(backend), await in_team(person, Role.EDITOR, backend)
    await former.do(RemoveMember(id=Id(str(person.id))))
    before = await rows(person), await number_of(person)

    for to in (fresh_id(), space_of(stranger), space_of(former)):
        with pytest.raises(Invalid, match="is no space of yours"):
            await person.do(MoveTask(id=room.task, to=to))

    assert (await rows(person), await number_of(person)) == before


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COMMENTER])
async def test_who_may_not_edit_both_spaces_moves_nothing(person: Person, backend: Backend, role: Role) -> None:
    room, theirs = await furnished(person), await in_team(person, role, backend)
    mine = await new_team(person)
    hers = await join(mine, await new_person(backend), role)
    task = await mine.do(CreateTask(title="Mine"))

    with pytest.raises(RoleTooLow):
        await person.do(MoveTask(id=room.task, to=space_of(theirs)))
    with pytest.raises(RoleTooLow):
        await hers.do(MoveTask(id=Id(task["id"]), to=Id(str(hers.id))))


async def test_projects_and_sections_are_those_of_the_other_space(person: Person) -> None:
    room, team = await furnished(person), await new_team(person)
    theirs, others = await furnished(team, "One"), await furnished(team, "Two")
    wrong: list[dict[str, Any]] = [
        {"project_id": room.project},
        {"section_id": room.section},
        {"project_id": fresh_id()},
        {"project_id": theirs.project, "section_id": others.section},
        {"project_id": theirs.project, "section_id": fresh_id()},
        {"project_id": theirs.task},
    ]
    before = [(await rows(where), await number_of(where)) for where in (person, team)]

    for where in wrong:
        with pytest.raises(Invalid):
            await person.do(MoveTask(id=room.task, to=space_of(team), **where))

    assert [(await rows(where), await number_of(where)) for where in (person, team)] == before


async def test_who_holds_an_older_state_of_the_task_does_not_move_it(person: Person) -> None:
    room, team = await furnished(person), await new_team(person)

    with pytest.raises(PreconditionFailed):
        await person.do(MoveTask(id=room.task, to=space_of(team)), if_match=frozenset({1}))


async def test_the_answer_is_the_task_where_it_is_now(ada: Client) -> None:
    task = await ada.task("Pay rent")
    team = (await ada.post("/api/v1/spaces", {"name": "Home"})).json()["id"]

    answer = await ada.post(f"/api/v1/tasks/{task['id']}/move", {"to": team})

    found = await ada.get(f"/api/v1/tasks/{task['id']}", params={"space": team})
    assert (answer.status_code, answer.json()) == (200, found.json())
    assert answer.headers["etag"] == found.headers["etag"]
    assert {pair.partition("=")[0] for pair in answer.headers["taskflow-seq"].split(", ")} == {ada.id, team}
    assert (await ada.get(f"/api/v1/tasks/{task['id']}")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"to": None},
        {"to": ""},
        {"to": "../spaces"},
        {"to": "AAAAAAAA-0000-7000-8000-000000000000"},
        {"to": 7},
        {"to": "aaaaaaaa-0000-7000-8000-000000000000", "parent_id": "aaaaaaaa-0000-7000-8000-000000000000"},
        {"to": "aaaaaaaa-0000-7000-8000-000000000000", "project_id": "AAAAAAAA-0000-7000-8000-000000000000"},
    ],
)
async def test_what_does_not_fit_is_told_where(ada: Client, body: dict[str, Any]) -> None:
    task = await ada.task("Pay rent")

    answer = await ada.post(f"/api/v1/tasks/{task['id']}/move", body)

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]
    assert (await ada.get(f"/api/v1/tasks/{task['id']}")).json() == task


async def test_a_move_with_a_key_waits_for_the_other_space_without_holding_its_own(
    person: Person, backend: Backend
) -> None:
    first, second = sorted([await new_team(person) for _ in range(2)], key=space_of)
    await second.do(CreateTask(id=(task := fresh_id()), title="Paint"))

    async with locked(backend, first):
        moving = asyncio.create_task(second.do(MoveTask(id=task, to=space_of(first)), key=Key("a0", b"")))
        await waiting(backend)
        await second.do(CreateTask(title="Meanwhile"))

    assert (await moving)["space_id"] == str(space_of(first))
    assert await second.do(MoveTask(id=task, to=space_of(first)), key=Key("a0", b"")) == await moving
