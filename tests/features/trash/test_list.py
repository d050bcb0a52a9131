"""The trash: what was deleted and can still be brought back."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from taskflow.features.accounts.model import Account
from taskflow.features.spaces.access import enter
from taskflow.features.tasks.model import DeleteTask
from taskflow.features.trash.model import DeleteComment, DeleteLabel, DeleteProject, DeleteSection
from taskflow.foundation.backend import Backend
from tests.account import Person
from tests.client import Client
from tests.features.trash.house import asked, branch
from tests.things import comment, label, project, section, task

TRASH = "/api/v1/trash"
KINDS = ("tasks", "projects", "sections", "labels", "comments")


@pytest.fixture
async def person(ada: Client, backend: Backend) -> Person:
    """Ada, at the door."""
    account = msgspec.convert(ada.signed_in["user"], Account)
    return Person(backend, account, await enter(backend.database, account.id, account.id))


async def test_a_deletion_is_one_entry_however_much_went_with_it(ada: Client, person: Person) -> None:
    house = await project(person, "House")
    packing, heavy = await section(person, house, "Packing"), await label(person, "heavy")
    (wrap, *_) = await branch(person, "Wrap", project_id=house, section_id=packing)
    await branch(person, "Paint", project_id=house, label_ids=[heavy])
    lone = await task(person, "Call")
    said = await comment(person, lone, "x" * 600)

    for args in (
        DeleteComment(id=said),
        DeleteTask(id=wrap),
        DeleteLabel(id=heavy),
        DeleteSection(id=packing),
        DeleteProject(id=house),
    ):
        await person.do(args)

    answer = await ada.get(TRASH)
    assert [(each["kind"], each["title"], each["count"]) for each in answer.json()["items"]] == [
        ("project", "House", 7),
        ("section", "Packing", 1),
        ("label", "heavy", 1),
        ("task", "Wrap", 6),
        ("comment", "x" * 500, 1),
    ]


async def test_an_entry_says_who_deleted_it_and_when_under_the_number_by_which_undo_finds_it(
    ada: Client, person: Person
) -> None:
    call = await task(person, "Call")
    at = (await ada.delete(f"/api/v1/tasks/{call}")).headers["taskflow-seq"].partition("=")[2]

    (entry,) = (await ada.get(TRASH)).json()["items"]

    assert (entry["id"], entry["seq"], entry["deleted_by"]) == (str(call), int(at), ada.id)
    (deleted_at,) = await asked(person, "SELECT at FROM activity WHERE space_id = $1 AND seq = $2", int(at))
    assert entry["deleted_at"] == deleted_at["at"].isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
async def test_pages_of_any_size_are_the_trash_newest_first(ada: Client, person: Person, limit: int) -> None:
    tasks = [await task(person, f"Task {number}") for number in range(5)]
    for each in tasks:
        await person.do(DeleteTask(id=each))

    found: list[str] = []
    behind: dict[str, str] = {}
    while True:
        page = (await ada.get(TRASH, params={"limit": str(limit), **behind})).json()
        found += [entry["id"] for entry in page["items"]]
        if page["next_cursor"] is None:
            break
        behind = {"cursor": page["next_cursor"]}

    assert found == [str(each) for each in reversed(tasks)]


@pytest.mark.parametrize(("days", "there"), [(29, 1), (31, 0)])
async def test_what_was_deleted_more_than_30_days_ago_is_not_listed_also_before_it_is_emptied(
    ada: Client, person: Person, days: int, there: int
) -> None:
    await person.do(DeleteTask(id=await task(person, "Call")))
    assert len((await ada.get(TRASH)).json()["items"]) == 1

    await aged(person, days)

    assert len((await ada.get(TRASH)).json()["items"]) == there


async def aged(person: Person, days: int) -> None:
    """Let all that was deleted in the person's space lie so many days further back."""
    for kind in KINDS:
        moved = (
            f"UPDATE {kind} SET updated_at = updated_at - make_interval(days => $2) WHERE space_id = $1 RETURNING id"  # noqa: S608
        )
        await asked(person, moved, days)


async def test_what_went_to_another_space_or_is_back_is_not_in_the_trash(ada: Client, person: Person) -> None:
    moved, back = await task(person, "Moved"), await task(person, "Back")
    for each in (moved, back):
        await person.do(DeleteTask(id=each))
    for sql, each in (
        ("UPDATE tasks SET moved_to = $1 WHERE space_id = $1 AND id = $2 RETURNING id", moved),
        ("UPDATE tasks SET deleted_seq = NULL WHERE space_id = $1 AND id = $2 RETURNING id", back),
    ):
        await asked(person, sql, UUID(str(each)))

    answer: Any = await ada.get(TRASH)

    assert answer.json() == {"items": [], "next_cursor": None}
