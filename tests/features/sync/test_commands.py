"""Commands are done once, in order, each answered for itself."""

from taskflow.features.spaces.model import Role
from taskflow.features.tasks.model import CreateTask, UpdateTask
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id, new_id
from tests.account import new_person
from tests.features.spaces.team import join, new_team
from tests.features.sync.commanding import codes, command, create, send


async def test_a_task_is_made_changed_and_deleted_in_one_call(backend: Backend) -> None:
    ada, task_id = await new_person(backend), str(new_id())

    results = await send(
        ada,
        create(task_id),
        command("update_task", {"id": task_id, "title": "Buy oat milk"}),
        command("delete_task", {"id": task_id}),
    )

    assert codes(results) == [None, None, None]
    first = results[0]["seq"]
    assert [result["seq"] for result in results] == [first, first + 1, first + 2]


async def test_a_command_that_is_sent_again_is_answered_as_the_first_time(backend: Backend) -> None:
    ada, asked = await new_person(backend), create(new_id())

    first = await send(ada, asked)
    again = await send(ada, asked)

    assert first == again
    assert codes(first) == [None]


async def test_a_command_that_comes_twice_in_a_call_is_done_once(backend: Backend) -> None:
    ada, asked = await new_person(backend), create(new_id())

    one, other, after = await send(ada, asked, asked, create(new_id()))

    assert one == other
    assert after["seq"] == one["seq"] + 1


async def test_a_refusal_stays_one_when_what_it_missed_is_there_by_now(backend: Backend) -> None:
    ada, task_id = await new_person(backend), new_id()
    asked = command("update_task", {"id": task_id, "title": "Buy oat milk"})

    first = await send(ada, asked)
    await ada.do(CreateTask(id=Id(str(task_id)), title="Buy milk"))
    again = await send(ada, asked)

    assert codes(first) == ["task_not_found"]
    assert again == first


async def test_an_undo_leaves_what_others_changed_since_and_names_it(backend: Backend) -> None:
    ada = await new_team(await new_person(backend))
    mia = await join(ada, await new_person(backend), Role.EDITOR)
    task_id, space = str(new_id()), str(ada.access.space_id)
    change = command("update_task", {"id": task_id, "title": "Ours", "priority": 3, "space_id": space})
    made, changed = await send(ada, create(task_id, space_id=space), change)
    await mia.do(UpdateTask(id=Id(task_id), title="Theirs"))

    asked = command("undo", {"kind": "task", "id": task_id, "seq": changed["seq"], "space_id": space})
    (undone,) = await send(ada, asked)
    again = await send(ada, asked)

    assert undone == {"id": asked["id"], "ok": True, "seq": made["seq"] + 3, "kept": ["title"]}
    assert again == [undone]
    task = await ada.do(UpdateTask(id=Id(task_id), description="By bank"))
    assert (task["title"], task["priority"]) == ("Theirs", 0)


async def test_an_undo_that_leaves_nothing_names_nothing(backend: Backend) -> None:
    ada, task_id = await new_person(backend), str(new_id())
    _, changed = await send(ada, create(task_id), command("update_task", {"id": task_id, "title": "Rent"}))

    (undone,) = await send(ada, command("undo", {"kind": "task", "id": task_id, "seq": changed["seq"]}))

    assert undone == {"id": undone["id"], "ok": True, "seq": changed["seq"] + 1}
