"""A project that is shared goes into a space of its own, whole, and leaves word in the old one where it went."""

from typing import Any
from uuid import UUID

import pytest

from taskflow.features.comments.model import CreateComment
from taskflow.features.labels.model import CreateLabel
from taskflow.features.projects.errors import ProjectNotFound
from taskflow.features.sharing.model import ShareProject
from taskflow.features.spaces.errors import PreconditionFailed, RoleTooLow, TooManySpaces
from taskflow.features.spaces.model import MOST_SPACES, CreateSpace, Role
from taskflow.features.tasks.errors import TaskNotFound
from taskflow.features.tasks.model import CreateTask, DeleteTask, UpdateTask
from taskflow.foundation.backend import Backend
from tests.account import Person, new_person
from tests.client import Client
from tests.features.sharing.rooms import Rows, furnished, gone, live, numbers, place, rows, without
from tests.features.spaces.team import in_team, join, new_team, number_of, standing
from tests.features.sync.device import Device, fresh
from tests.things import fresh_id

CARRIED = ("projects", "sections", "tasks", "comments")
ANOTHER = ("space_id", "seq", "created_seq", "updated_at", "label_ids")  # what is another in a row where it arrives


async def shared(person: Person, project_id: Any, **how: Any) -> Person:
    """Share a project; the same person in its new space."""
    made = await person.do(ShareProject(id=project_id, **how))
    return await standing(person, UUID(made["space_id"]))


async def test_all_of_a_project_is_in_its_new_space_as_it_was(person: Person) -> None:
    room = await furnished(person)
    before = await rows(person)

    team = await shared(person, room.project)

    after = await rows(team)
    for kind in CARRIED:
        there = {key: without(row, *ANOTHER) for key, row in live(after, kind).items()}
        assert there == {key: without(row, *ANOTHER) for key, row in live(before, kind).items()}
    assert len(live(after, "tasks")) == 3
    assert len(live(after, "comments")) == 2
    untouched = ("space_id", "seq", "first_seq", "changes")
    told = [without(row, *untouched) for row in after["activity"] if row["operation"] != "share_project"]
    assert told == [without(row, *untouched) for row in before["activity"]]
    assert len(told) == 1


async def test_the_old_space_says_of_each_row_where_it_went(person: Person) -> None:
    room = await furnished(person)
    stays = await person.do(CreateTask(title="Something else"))

    team = await shared(person, room.project)

    after = await rows(person)
    tombstones = [row for kind in CARRIED for row in gone(after, kind).values()]
    assert len(tombstones) == 1 + 1 + 3 + 2
    assert {row["moved_to"] for row in tombstones} == {str(team.access.space_id)}
    assert {row["deleted_seq"] for row in tombstones} == {gone(after, "projects")[str(room.project)]["seq"]}
    assert live(after, "tasks").keys() == {stays["id"]}
    assert not any(live(after, kind) for kind in ("projects", "sections", "comments"))
    assert [(row["operation"], row["changes"]) for row in after["activity"]] == [
        ("share_project", {"deleted": [False, True]})
    ]


async def test_every_row_has_a_number_of_its_own_in_both_spaces(person: Person) -> None:
    room = await furnished(person)

    team = await shared(person, room.project)

    for where in (person, team):
        found = numbers(await rows(where))
        assert len(found) == len(set(found))
        assert max(found) <= await number_of(where)


async def test_a_device_that_takes_the_changes_of_both_spaces_holds_what_they_hold(
    person: Person, backend: Backend
) -> None:
    room = await furnished(person)
    devices = [Device(backend, person.access, size) for size in (1, 2, 500)]
    for device in devices:
        await device.catch_up()

    team = await shared(person, room.project)

    there = [Device(backend, team.access, size) for size in (1, 2, 500)]
    for device in (*devices, *there):
        await device.catch_up()
        assert device.rows == (await fresh(device)).rows
    assert {(kind, str(key)) for kind, key in there[0].rows if kind == "tasks"} == {
        ("tasks", str(task_id)) for task_id in (room.task, room.below, room.deepest)
    }


async def test_history_keeps_its_order_before_the_sharing_itself(person: Person) -> None:
    room = await furnished(person)
    await person.do(UpdateTask(id=room.below, title="Paint the door"))
    before = await rows(person)

    team = await shared(person, room.project)

    after = await rows(team)
    assert events(after)[:-1] == events(before)
    assert after["activity"][-1]["operation"] == "share_project"
    assert after["activity"][-1]["first_seq"] > max(row["created_seq"] for row in live(after, "tasks").values())
    assert all(row["first_seq"] == row["seq"] for row in after["activity"][:-1])


def events(found: Rows) -> list[tuple[int, str]]:
    """When things were made and what was done to them, in order, numbered from 1."""
    made = [(row["created_seq"], row["id"]) for kind in CARRIED for row in live(found, kind).values()]
    done = [(row["seq"], f"{row['operation']} {row['entity_id']}") for row in found["activity"]]
    return [(nth, what) for nth, (_, what) in enumerate(sorted(made + done), 1)]


async def test_labels_are_made_anew_by_name_and_stay_in_the_old_space(person: Person) -> None:
    room = await furnished(person, "Work")
    unused = await person.do(CreateLabel(name="Unused"))

    team = await shared(person, room.project)

    here, there = live(await rows(person), "labels"), live(await rows(team), "labels")
    assert here.keys() == {str(room.label), unused["id"]}
    ((label_id, label),) = there.items()
    assert (label["name"], label["color"], label["created_by"]) == ("Work", "red", str(person.id))
    tasks = live(await rows(team), "tasks").values()
    assert [task["label_ids"] for task in tasks] == [[label_id]] * 3


async def test_history_names_the_labels_of_the_space_that_it_is_told_in(person: Person) -> None:
    room = await furnished(person)
    async with person.backend.database.transaction(person.id) as transaction:
        await transaction.connection.execute(
            "UPDATE activity SET changes = jsonb_build_object('label_ids', jsonb_build_array($2::jsonb, $3::jsonb))"
            " WHERE space_id = $1",
            person.id,
            f'["{room.label}"]',
            f'["{room.label}", "{room.task}"]',
        )

    team = await shared(person, room.project)

    after = await rows(team)
    (label_id,) = live(after, "labels")
    told = next(row for row in after["activity"] if row["operation"] == "update_task")
    assert told["changes"] == {"label_ids": [[label_id], sorted([label_id, str(room.task)])]}


async def test_who_shares_owns_the_space_and_others_keep_their_name_in_it(person: Person, backend: Backend) -> None:
    owner = await new_team(person)
    room = await furnished(owner)
    grace = await join(owner, await new_person(backend, "Grace"), Role.EDITOR)
    await grace.do(CreateComment(task_id=room.task, body="I'd say blue"))
    await grace.do(CreateTask(id=(hers := fresh_id()), title="Hers"))
    await place(grace, hers, room.project, None, None, [], grace.id)

    team = await shared(owner, room.project)

    found = await rows(team)
    members = {(row["account_id"], row["role"], row["name"]) for row in found["memberships"]}
    assert members == {(str(person.id), "owner", "Ada"), (str(grace.id), "former", "Grace")}
    assert live(found, "tasks")[str(hers)]["assignee_id"] is None
    assert live(found, "tasks")[str(hers)]["created_by"] == str(grace.id)
    assert live(found, "tasks")[str(room.task)]["assignee_id"] == str(person.id)
    assert len(live(found, "comments")) == 3


async def test_what_is_deleted_stays_where_it_was(person: Person) -> None:
    room = await furnished(person)
    await person.do(DeleteTask(id=room.below))

    team = await shared(person, room.project)

    assert {*gone(await rows(person), "tasks")} == {str(room.task), str(room.below), str(room.deepest)}
    assert [(task_id, row["moved_to"]) for task_id, row in gone(await rows(person), "tasks").items()].count(
        (str(room.below), None)
    ) == 1
    assert (await rows(team))["tasks"] == [*live(await rows(team), "tasks").values()]
    assert {*live(await rows(team), "tasks")} == {str(room.task)}


async def test_a_shared_project_can_be_worked_with_and_shared_again(person: Person) -> None:
    room = await furnished(person)

    first = await shared(person, room.project, name="Our house")
    await first.do(UpdateTask(id=room.task, title="Paint it black"))
    second = await shared(first, room.project)

    assert live(await rows(second), "tasks")[str(room.task)]["title"] == "Paint it black"
    assert not live(await rows(first), "tasks")
    with pytest.raises(TaskNotFound):
        await first.do(UpdateTask(id=room.task, title="Too late"))
    with pytest.raises(ProjectNotFound):
        await person.do(ShareProject(id=room.project))


@pytest.mark.parametrize(("asked", "name"), [({}, "The house"), ({"name": "Ours"}, "Ours")])
async def test_the_space_is_called_as_the_project_or_as_asked(person: Person, asked: dict[str, str], name: str) -> None:
    room = await furnished(person)

    team = await shared(person, room.project, **asked)

    async with team.backend.database.transaction(team.access.space_id) as transaction:
        space = await transaction.connection.fetchrow(
            "SELECT kind, name FROM spaces WHERE space_id = $1", transaction.space_id
        )
    assert space is not None
    assert (space["kind"], space["name"]) == ("team", name)


async def test_the_answer_is_the_project_where_it_is_now(ada: Client) -> None:
    project = (await ada.post("/api/v1/projects", {"name": "The house", "color": "sky"})).json()

    answer = await ada.post(f"/api/v1/projects/{project['id']}/share", {})

    made = answer.json()
    assert answer.status_code == 201, answer.text
    assert (made["id"], made["name"], made["color"]) == (project["id"], "The house", "sky")
    assert made["space_id"] not in {ada.id, project["id"]}
    found = await ada.get(answer.headers["location"])
    assert (found.json(), found.headers["etag"]) == (made, answer.headers["etag"])
    assert {pair.partition("=")[0] for pair in answer.headers["taskflow-seq"].split(", ")} == {ada.id, made["space_id"]}
    assert (await ada.get(f"/api/v1/projects/{project['id']}")).status_code == 404


async def test_a_repeat_with_the_same_key_shares_once(ada: Client) -> None:
    project = (await ada.post("/api/v1/projects", {"name": "The house"})).json()
    keyed = {"headers": {"idempotency-key": "once"}}

    first, second = [await ada.post(f"/api/v1/projects/{project['id']}/share", {}, **keyed) for _ in range(2)]

    assert (first.status_code, first.json()) == (second.status_code, second.json())


async def test_who_holds_an_older_state_of_the_project_does_not_share_it(person: Person) -> None:
    room = await furnished(person)

    with pytest.raises(PreconditionFailed):
        await person.do(ShareProject(id=room.project), if_match=frozenset({1}))

    assert live(await rows(person), "projects").keys() == {str(room.project)}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COMMENTER])
async def test_who_may_not_edit_does_not_share(person: Person, backend: Backend, role: Role) -> None:
    owner = await new_team(person)
    room = await furnished(owner)
    other = await join(owner, await new_person(backend), role)

    with pytest.raises(RoleTooLow):
        await other.do(ShareProject(id=room.project))

    assert live(await rows(owner), "projects").keys() == {str(room.project)}


async def test_who_is_in_a_hundred_spaces_shares_nothing(person: Person) -> None:
    room = await furnished(person)
    for nth in range(MOST_SPACES - 1):
        await person.do(CreateSpace(name=f"Team {nth}"))
    before = await rows(person), await number_of(person)

    with pytest.raises(TooManySpaces):
        await person.do(ShareProject(id=room.project))

    assert (await rows(person), await number_of(person)) == before


async def test_a_project_of_another_space_is_none_here(person: Person, backend: Backend) -> None:
    room = await furnished(person)
    elsewhere = await in_team(person, Role.OWNER, backend)

    with pytest.raises(ProjectNotFound):
        await elsewhere.do(ShareProject(id=room.project))
