"""A new thing whose place has gone meanwhile: its device is told where to, so that nothing typed there is lost."""

from typing import Any

import pytest

from taskflow.features.sharing.model import MoveTask, ShareProject
from taskflow.features.spaces.model import Role
from taskflow.features.trash.model import DeleteProject
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id, new_id
from tests.account import Person, new_person
from tests.features.spaces.team import join, new_team
from tests.features.sync.commanding import codes, command, send
from tests.things import project, section, task


def children(project_id: Id, section_id: Id, task_id: Id) -> list[dict[str, Any]]:
    """Every command that makes something inside of these."""
    return [
        command("create_task", {"title": "In a project", "project_id": project_id}),
        command("create_task", {"title": "In a section", "project_id": project_id, "section_id": section_id}),
        command("create_task", {"title": "Below a task", "parent_id": task_id}),
        command("create_section", {"name": "Later", "project_id": project_id}),
        command("create_comment", {"body": "Paid", "task_id": task_id}),
    ]


async def place(person: Person) -> tuple[Id, Id, Id]:
    """A project with a section and a task in it."""
    around = await project(person)
    within = await section(person, around)
    return around, within, await task(person, project_id=around, section_id=within)


async def test_where_it_has_gone_to_another_space_that_is_named(backend: Backend) -> None:
    ada = await new_person(backend)
    there = await place(ada)
    shared = await ada.do(ShareProject(id=there[0], name="The team"))

    results = await send(ada, *children(*there))

    assert codes(results) == ["moved"] * 5
    assert {result["problem"]["space_id"] for result in results} == {shared["space_id"]}


async def test_where_it_was_deleted_that_is_said(backend: Backend) -> None:
    ada = await new_person(backend)
    there = await place(ada)
    await ada.do(DeleteProject(id=there[0]))

    results = await send(ada, *children(*there))

    assert codes(results) == ["deleted"] * 5


async def test_who_may_not_follow_is_told_that_it_was_deleted(backend: Backend) -> None:
    ada, mia = await new_person(backend), await new_person(backend)
    team = await new_team(ada)
    there = await join(team, mia, Role.EDITOR)
    gone = await task(team)
    await team.do(MoveTask(id=gone, to=Id(str(ada.id))))

    comment = command("create_comment", {"body": "?", "task_id": gone, "space_id": there.access.space_id})

    assert codes(await send(mia, comment)) == ["deleted"]


@pytest.mark.parametrize("field", ["project_id", "section_id", "parent_id"])
async def test_what_never_was_there_does_not_fit(backend: Backend, field: str) -> None:
    ada = await new_person(backend)

    results = await send(ada, command("create_task", {"title": "Lost", field: new_id()}))

    assert codes(results) == ["invalid"]
    assert results[0]["problem"]["errors"][0]["pointer"] == f"/args/{field}"


async def test_what_is_here_already_does_not_follow_its_place(backend: Backend) -> None:
    ada = await new_person(backend)
    around, _, _ = await place(ada)
    kept = await task(ada)
    await ada.do(ShareProject(id=around, name="The team"))

    results = await send(ada, command("update_task", {"id": kept, "project_id": around}))

    assert codes(results) == ["invalid"]
