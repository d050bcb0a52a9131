"""What a live socket is told: what changed since, what changes, and what became of commands."""

from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

from tests.client import Client
from tests.features.sync.live.sockets import Serving

TASKS = "/api/v1/tasks"


async def test_a_hello_is_answered_by_what_changed_since_and_by_nothing_where_nothing_did(
    both: list[Serving], ada: Client
) -> None:
    task = await ada.task("Before")

    async with both[1].socket() as live:
        first = await live.hello(ada)
        again = await live.hello(ada, **{ada.id: first["spaces"][ada.id]["cursor"]})

    assert first["type"] == again["type"] == "changes"
    assert [made["id"] for made in first["spaces"][ada.id]["tasks"]] == [task["id"]]
    assert "tasks" not in again["spaces"][ada.id]


async def test_a_change_arrives_at_every_socket_on_every_process(both: list[Serving], ada: Client) -> None:
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(process.socket()) for process in both * 3]
        for live in sockets:
            await live.hello(ada)

        task = await ada.task("Pay rent")
        came = [await live.brings(task["id"]) for live in sockets]

    assert [thing["title"] for thing in came] == ["Pay rent"] * 6


async def test_changes_that_were_pushed_end_where_a_fresh_fetch_does(both: list[Serving], ada: Client) -> None:
    async with both[1].socket() as live:
        await live.hello(ada)
        made = [await ada.task(f"Task {n}") for n in range(30)]
        await ada.delete(f"{TASKS}/{made[3]['id']}")
        last = await ada.task("The last one")
        seen: dict[str, Any] = {}
        while last["id"] not in seen:
            message = await live.until("changes")
            for thing in message["spaces"][ada.id].get("tasks", []):
                seen[thing["id"]] = thing

    held = {thing["id"]: thing for thing in seen.values() if not thing.get("deleted")}
    fetched = (await ada.get(f"{TASKS}?limit=200")).json()["items"]
    assert held == {thing["id"]: thing for thing in fetched}


async def test_a_command_by_socket_is_answered_and_pushed_to_the_others(both: list[Serving], ada: Client) -> None:
    task_id = str(uuid4())
    async with both[0].socket() as one, both[1].socket() as other:
        await one.hello(ada)
        await other.hello(ada)

        command = {"id": task_id, "type": "create_task", "args": {"id": task_id, "title": "By socket"}}
        await one.say(type="commands", commands=[command])
        answered, came = await one.until("results"), await other.brings(task_id)

    assert [(result["id"], result["ok"]) for result in answered["results"]] == [(task_id, True)]
    assert came["title"] == "By socket"


async def test_changes_that_are_too_large_are_to_be_fetched_before_more_are_pushed(
    both: list[Serving], ada: Client
) -> None:
    async with both[1].socket() as live:
        cursor = (await live.hello(ada))["spaces"][ada.id]["cursor"]
        commands = [
            {"id": str(uuid4()), "type": "create_task", "args": {"title": f"{n}", "description": "x" * 16_000}}
            for n in range(8)
        ]
        await live.say(type="commands", commands=commands)
        stale = await live.until("stale")
        newer = await ada.task("Newer")
        again = await live.until("stale")
        answered = await live.hello(ada, **{ada.id: cursor})
        pushed = await ada.task("Pushed")

        assert stale["space"] == again["space"] == ada.id
        assert again["seq"] == newer["seq"] > stale["seq"]
        assert len(answered["spaces"][ada.id]["tasks"]) == 9
        assert await live.brings(pushed["id"])
