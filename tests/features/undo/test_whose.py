"""Whose change may be taken back: one's own, for 30 days, by the role it takes; all others were never made."""

from datetime import timedelta
from typing import Any

import pytest

from taskflow.features.comments.model import CreateComment, UpdateComment
from taskflow.features.projects.model import CreateProject
from taskflow.features.sharing.model import ShareProject
from taskflow.features.spaces.errors import RoleTooLow, SpaceNotFound
from taskflow.features.spaces.model import ChangeRole, Role
from taskflow.features.tasks.errors import TaskNotFound
from taskflow.features.tasks.model import CreateTask, DeleteTask, UpdateTask
from taskflow.features.trash.model import DeleteComment
from taskflow.features.undo.errors import ChangeNotFound, ChangeTooOld, NotUndoable
from taskflow.features.undo.model import Undo
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.refusal import Refusal
from tests.account import Person, new_person
from tests.client import Client
from tests.features.spaces.team import join, new_team, number_of, remove
from tests.features.trash.house import living
from tests.features.undo.changing import last_change, last_undone, undone
from tests.things import comment, task

UNDO = "/api/v1/undo"


async def older(person: Person, days: int) -> None:
    """All that was done in the person's space was done earlier."""
    earlier = timedelta(days=days)
    async with person.backend.database.transaction(person.access.space_id) as transaction:
        for sql in (
            "UPDATE activity SET at = at - $2::interval",
            "UPDATE tasks SET created_at = created_at - $2::interval",
        ):
            await transaction.connection.execute(f"{sql} WHERE space_id = $1", person.access.space_id, earlier)


async def test_what_another_did_is_answered_as_what_nobody_did(backend: Backend, person: Person) -> None:
    owner = await new_team(person)
    guest = await join(owner, await new_person(backend), Role.EDITOR)
    made = await owner.do(CreateTask(title="Pay rent"))
    changed = await owner.do(UpdateTask(id=Id(made["id"]), title="Rent"))
    asked: list[dict[str, Any]] = [
        made,
        changed,
        changed | {"id": str(new_id())},
        changed | {"seq": changed["seq"] + 1},
        changed | {"seq": 1},
        changed | {"seq": (1 << 53) - 1},
    ]

    refused = [await refusal(guest, each) for each in asked]
    await older(owner, 31)
    refused += [await refusal(guest, each) for each in asked]

    assert {(type(each), each.status, each.detail) for each in refused} == {
        (ChangeNotFound, 404, "There is no change of yours with that number.")
    }
    assert await living(owner) == {"Rent"}


async def refusal(person: Person, done: dict[str, Any]) -> Refusal:
    """How undo is refused."""
    with pytest.raises(Refusal) as refused:
        await undone(person, done)
    return refused.value


async def test_a_number_belongs_to_one_kind_of_thing(person: Person) -> None:
    shared = Id(str(new_id()))
    await person.do(CreateProject(id=shared, name="Move house"))
    made = await person.do(CreateTask(id=shared, title="Pay rent"))

    with pytest.raises(ChangeNotFound):
        await undone(person, made, "project")
    await undone(person, made)

    assert await living(person) == {"Move house"}


@pytest.mark.parametrize("days", [29, 31])
async def test_a_change_can_be_taken_back_for_30_days(person: Person, days: int) -> None:
    made = await person.do(CreateTask(title="Pay rent"))
    changed = await person.do(UpdateTask(id=Id(made["id"]), title="Rent"))
    await older(person, days)

    outcomes: list[object] = []
    for each in (changed, made):
        try:
            outcomes.append((await undone(person, each))["kept"])
        except ChangeTooOld as refused:
            outcomes.append(refused.status)

    assert outcomes == [[] if days < 30 else 409] * 2


async def test_a_project_that_was_shared_is_not_taken_back(person: Person) -> None:
    house = await person.do(CreateProject(name="Move house"))
    await person.do(ShareProject(id=Id(house["id"])))

    with pytest.raises(NotUndoable):
        await last_undone(person)

    assert await living(person) == set()


async def test_a_change_of_what_is_deleted_by_now_is_not_taken_back(person: Person) -> None:
    task_id = await task(person, "Pay rent")
    changed = await person.do(UpdateTask(id=task_id, title="Rent"))
    await person.do(DeleteTask(id=task_id))

    with pytest.raises(TaskNotFound):
        await undone(person, changed)


async def test_who_may_only_comment_takes_back_their_own_comments(backend: Backend, person: Person) -> None:
    owner = await new_team(person)
    guest = await join(owner, await new_person(backend), Role.COMMENTER)
    packing = await task(owner, "Pack")
    made = await guest.do(CreateComment(task_id=packing, body="Boxes?"))
    changed = await guest.do(UpdateComment(id=Id(made["id"]), body="Boxes!"))

    await undone(guest, changed, "comment")
    assert await living(owner) == {"Pack", "Boxes?"}
    await undone(guest, made, "comment")
    assert await living(owner) == {"Pack"}


async def test_who_may_only_comment_any_more_takes_nothing_else_back(backend: Backend, person: Person) -> None:
    owner = await new_team(person)
    guest = await join(owner, await new_person(backend), Role.EDITOR)
    packing = await task(owner, "Pack")
    made = await guest.do(CreateTask(title="Pay rent"))
    await guest.do(DeleteComment(id=await comment(owner, packing, "Boxes?")))
    deleted = await last_change(owner)
    await owner.do(ChangeRole(id=Id(str(guest.id)), role="commenter"))

    for undo in (Undo(kind="task", id=Id(made["id"]), seq=made["seq"]), deleted):
        with pytest.raises(RoleTooLow):
            await guest.do(undo)

    assert await living(owner) == {"Pack", "Pay rent"}


async def test_who_has_left_takes_nothing_back(backend: Backend, person: Person) -> None:
    owner = await new_team(person)
    guest = await join(owner, await new_person(backend), Role.EDITOR)
    made = await guest.do(CreateTask(title="Pay rent"))
    await remove(owner, guest)

    with pytest.raises(SpaceNotFound):
        await undone(guest, made)

    assert await living(owner) == {"Pay rent"}


async def test_undo_over_http_answers_what_it_did(ada: Client) -> None:
    made = await ada.task("Pay rent")
    changed = (await ada.patch(f"/api/v1/tasks/{made['id']}", {"title": "Rent"})).json()
    body = {"kind": "task", "id": made["id"], "seq": changed["seq"]}
    key = {"idempotency-key": "once"}

    answers = [await ada.post(UNDO, body, headers=key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert answers[0].json() == {
        "kind": "task",
        "id": made["id"],
        "seq": changed["seq"] + 1,
        "kept": [],
        "thing": (await ada.get(f"/api/v1/tasks/{made['id']}")).json(),
    }
    assert answers[0].headers["taskflow-seq"] == f"{ada.id}={changed['seq'] + 1}"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "tag", "id": str(new_id()), "seq": 1}, "/kind"),
        ({"kind": "task", "id": "1", "seq": 1}, "/id"),
        ({"kind": "task", "id": str(new_id()), "seq": 0}, "/seq"),
        ({"kind": "task", "id": str(new_id()), "seq": 1 << 53}, "/seq"),
        ({"kind": "task", "id": str(new_id()), "seq": 1.5}, "/seq"),
        ({"kind": "task", "id": str(new_id())}, "/seq"),
    ],
)
async def test_what_does_not_name_a_change_is_told_where(ada: Client, body: Any, pointer: str) -> None:
    answer = await ada.post(UNDO, body)

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


async def test_a_refusal_takes_no_number(person: Person) -> None:
    made = await person.do(CreateTask(title="Pay rent"))

    with pytest.raises(ChangeNotFound):
        await undone(person, made | {"seq": made["seq"] - 1})

    assert await number_of(person) == made["seq"]
