"""A command that is refused says why, and stops no other."""

from typing import Any

import asyncpg
import pytest

from taskflow.features.sharing.model import MoveTask
from taskflow.features.spaces.model import Role
from taskflow.features.sync import taken
from taskflow.features.tasks.model import DeleteTask, UpdateTask
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.operation import REGISTRY
from taskflow.foundation.refusal import Invalid
from tests.account import new_person
from tests.features.spaces.team import join, new_team
from tests.features.sync.commanding import codes, command, create, send
from tests.things import task


async def test_a_refusal_does_not_stop_the_next(backend: Backend) -> None:
    ada = await new_person(backend)

    results = await send(ada, create(new_id()), create(new_id(), title=""), create(new_id()))

    assert codes(results) == [None, "invalid", None]
    assert results[1]["problem"]["errors"][0]["pointer"] == "/args/title"
    assert results[2]["seq"] == results[0]["seq"] + 1


async def test_an_id_that_comes_again_with_other_content_is_refused(backend: Backend) -> None:
    ada, asked = await new_person(backend), create(new_id())

    first, other = await send(ada, asked, {**asked, "args": {**asked["args"], "title": "Another"}})
    again = await send(ada, asked)

    assert codes([first, other]) == [None, "command_id_reused"]
    assert again == [first]


async def test_tomorrows_commands_are_to_be_kept_by_the_client_and_are_not_answered_for_good(backend: Backend) -> None:
    ada, asked = await new_person(backend), create(new_id())

    results = await send(ada, {**asked, "v": 99, "more": 1}, command("fold_task"), command("No operation"))
    again = await send(ada, asked)

    assert codes(results) == ["upgrade_required", "upgrade_required", "invalid"]
    assert codes(again) == [None]


@pytest.mark.parametrize("name", taken.NOT_COMMANDS)
async def test_what_no_command_does_is_refused_as_such(backend: Backend, name: str) -> None:
    ada = await new_person(backend)

    results = await send(ada, command(name))

    assert codes(results) == ["not_a_command"]
    assert REGISTRY[name].numbered


async def test_yesterdays_command_is_done_as_today(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await new_person(backend)
    today = REGISTRY["create_task"]
    monkeypatch.setitem(REGISTRY, "create_task", type(today)(today.name, 2, today.run, today.args, "delete", True))  # noqa: FBT003 - a row

    def upgrade(args: dict[str, Any]) -> dict[str, Any]:
        return {"id": args["id"], "title": args["name"]}

    monkeypatch.setitem(taken.UPGRADES, ("create_task", 1), upgrade)
    results = await send(ada, command("create_task", {"id": new_id(), "name": "Buy milk"}))

    assert codes(results) == [None]


@pytest.mark.parametrize("wrong", [{}, {"id": 1}, {"id": "A"}, {"id": str(new_id()).upper()}])
async def test_a_command_without_a_usable_id_refuses_them_all(backend: Backend, wrong: dict[str, Any]) -> None:
    ada, task_id = await new_person(backend), new_id()

    with pytest.raises(Invalid) as refused:
        await send(ada, create(task_id), {"type": "create_task", **wrong})

    assert refused.value.errors[0].pointer == "/commands/1/id"
    assert codes(await send(ada, command("delete_task", {"id": task_id}))) == ["task_not_found"]


async def test_a_change_to_what_is_deleted_or_moved_says_so(backend: Backend) -> None:
    ada = await new_person(backend)
    team = await new_team(ada)
    gone, moved = await task(ada), await task(ada)
    await ada.do(DeleteTask(id=gone))
    await ada.do(MoveTask(id=moved, to=Id(str(team.access.space_id))))

    results = await send(ada, *(command("update_task", {"id": each, "title": "Later"}) for each in (gone, moved)))

    assert codes(results) == ["deleted", "moved"]
    assert results[1]["problem"]["space_id"] == str(team.access.space_id)


async def test_a_foreign_space_is_none(backend: Backend) -> None:
    ada, team = await new_person(backend), await new_team(await new_person(backend))
    asked = create(new_id(), space_id=team.access.space_id)

    first = await send(ada, asked)

    assert codes(first) == ["space_not_found"]
    assert await send(ada, asked) == first


async def test_what_others_wrote_meanwhile_is_told(backend: Backend) -> None:
    ada = await new_team(await new_person(backend))
    mia = await join(ada, await new_person(backend), Role.EDITOR)
    task_id, space = await task(ada), str(ada.access.space_id)
    base = (await ada.do(UpdateTask(id=task_id, title="Ours")))["seq"]
    theirs = await mia.do(UpdateTask(id=task_id, title="Theirs", priority=1))
    args = {"id": task_id, "title": "Ours again", "status": "done", "space_id": space}

    (result,) = await send(ada, command("update_task", args, base=base))

    told = {"field": "title", "value": "Theirs", "by": str(mia.id), "seq": theirs["seq"]}
    assert result["overwrote"] == [told]


async def test_what_only_the_database_refuses_is_refused_alone(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, entry = await new_person(backend), REGISTRY["delete_task"]

    async def delete_half(work: Any, access: Any, args: Any) -> Any:
        await entry.run(work, access, args)
        raise asyncpg.CheckViolationError

    broken = type(entry)(entry.name, 1, delete_half, entry.args, entry.inverse, True)  # noqa: FBT003 - a row
    monkeypatch.setitem(REGISTRY, "delete_task", broken)
    task_id = new_id()
    asked = [create(task_id), command("delete_task", {"id": task_id}), create(new_id())]
    results = await send(ada, *asked, command("update_task", {"id": task_id, "title": "Still there"}))

    assert codes(results) == [None, "not_storable", None, None]
    assert [results[2]["seq"], results[3]["seq"]] == [results[0]["seq"] + 1, results[0]["seq"] + 2]


async def test_what_is_over_several_spaces_is_done_and_kept_too(backend: Backend) -> None:
    ada = await new_person(backend)
    team = await new_team(ada)
    task_id = new_id()
    move = command("move_task", {"id": task_id, "to": team.access.space_id})

    results = await send(ada, create(task_id), move, create(new_id()))
    again = await send(ada, move)

    assert codes(results) == [None, None, None]
    assert again == [results[1]]
