"""Histories: who did what to a thing, the newest first, the making of it at the end."""

from typing import Any
from uuid import UUID

import pytest

from taskflow.foundation.ids import new_id
from tests.client import Client

ACTIVITY = "/api/v1/activity"


async def made(client: Client, path: str, **body: Any) -> str:
    """The id of a new thing."""
    answer = await client.post(f"/api/v1/{path}", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def told(client: Client, **params: str) -> list[dict[str, Any]]:
    """The entries of a history."""
    answer = await client.get(ACTIVITY, params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_task_tells_what_became_of_it_and_of_its_comments(ada: Client) -> None:
    task = await made(ada, "tasks", title="Pay rent")
    await ada.patch(f"/api/v1/tasks/{task}", {"title": "Pay the rent", "priority": 2})
    said = await made(ada, "comments", task_id=task, body="How much?")
    await ada.patch(f"/api/v1/comments/{said}", {"body": "How much is it?"})

    entries = await told(ada, task=task)

    assert [(each["operation"], each["id"], each["changes"]) for each in entries] == [
        ("update_comment", said, {"body": ["How much?", "How much is it?"]}),
        ("create_comment", said, {}),
        ("update_task", task, {"title": ["Pay rent", "Pay the rent"], "priority": [0, 2]}),
        ("create_task", task, {}),
    ]
    assert {each["account_id"] for each in entries} == {ada.id}
    assert {each["task_id"] for each in entries} == {task}
    numbers = [each["seq"] for each in entries]
    assert numbers == sorted(numbers, reverse=True)


@pytest.mark.parametrize(
    ("path", "kind", "change"),
    [
        ("projects", "project", {"name": "Home"}),
        ("labels", "label", {"name": "Home"}),
        ("sections", "section", {"name": "Home"}),
    ],
)
async def test_a_project_a_section_and_a_label_have_a_history_too(
    ada: Client, path: str, kind: str, change: dict[str, str]
) -> None:
    more = {"project_id": await made(ada, "projects", name="House")} if kind == "section" else {}
    thing = await made(ada, path, name="House", **more)
    await ada.patch(f"/api/v1/{path}/{thing}", change)

    entries = await told(ada, **{kind: thing})

    assert [(each["operation"], each["kind"], each["id"], each["changes"]) for each in entries] == [
        (f"update_{kind}", kind, thing, {"name": ["House", "Home"]}),
        (f"create_{kind}", kind, thing, {}),
    ]


async def test_things_of_two_kinds_may_have_one_id_and_keep_their_histories_apart(ada: Client) -> None:
    same = str(new_id())
    await made(ada, "projects", id=same, name="House")
    await made(ada, "labels", id=same, name="heavy")
    await made(ada, "tasks", id=same, title="Pay rent")
    await ada.patch(f"/api/v1/projects/{same}", {"name": "Home"})

    kinds = {
        kind: [each["operation"] for each in await told(ada, **{kind: same})] for kind in ("project", "label", "task")
    }

    assert kinds == {
        "project": ["update_project", "create_project"],
        "label": ["create_label"],
        "task": ["create_task"],
    }


async def test_of_a_deleted_comment_its_tasks_history_tells_only_that_it_was_deleted(ada: Client) -> None:
    task = await made(ada, "tasks", title="Pay rent")
    said = await made(ada, "comments", task_id=task, body="A secret")
    await ada.patch(f"/api/v1/comments/{said}", {"body": "Another secret"})
    await ada.delete(f"/api/v1/comments/{said}")

    answers = [await ada.get(ACTIVITY, params=params) for params in ({"task": task}, {})]

    for answer in answers:
        assert "secret" not in answer.text
        assert answer.json()["items"][0]["operation"] == "delete_comment"


@pytest.mark.parametrize(("path", "kind"), [("tasks", "task"), ("projects", "project"), ("labels", "label")])
async def test_what_is_deleted_has_the_history_of_what_never_was(ada: Client, path: str, kind: str) -> None:
    name = "title" if kind == "task" else "name"
    thing = await made(ada, path, **{name: "House"})
    await ada.patch(f"/api/v1/{path}/{thing}", {name: "Home"})
    await ada.delete(f"/api/v1/{path}/{thing}")

    assert await told(ada, **{kind: thing}) == await told(ada, **{kind: str(new_id())}) == []
    assert [each["operation"] for each in await told(ada)] == [f"delete_{kind}"]


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
async def test_pages_of_any_size_are_the_whole_history(ada: Client, limit: int) -> None:
    task = await made(ada, "tasks", title="Pay rent")
    for priority in (1, 2, 3):
        await ada.patch(f"/api/v1/tasks/{task}", {"priority": priority})
        await made(ada, "comments", task_id=task, body=f"Now {priority}")

    for params, operations in (
        ({"task": task}, ["create_comment", "update_task"] * 3 + ["create_task"]),
        ({}, ["update_task"] * 3),
    ):
        found: list[str] = []
        behind: dict[str, str] = {}
        while True:
            page = (await ada.get(ACTIVITY, params={"limit": str(limit), **params, **behind})).json()
            found += [each["operation"] for each in page["items"]]
            if page["next_cursor"] is None:
                break
            behind = {"cursor": page["next_cursor"]}

        assert found == operations


async def test_a_history_is_that_of_one_thing(ada: Client) -> None:
    two = {"task": str(new_id()), "project": str(UUID(int=0))}

    refused = await ada.get(ACTIVITY, params=two)

    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/project"]


async def test_a_cursor_of_another_history_is_refused(ada: Client) -> None:
    tasks = [await made(ada, "tasks", title="Pay rent") for _ in range(2)]
    for task in tasks:
        await ada.patch(f"/api/v1/tasks/{task}", {"priority": 1})
    first = await ada.get(ACTIVITY, params={"task": tasks[0], "limit": "1"})

    refused = await ada.get(ACTIVITY, params={"task": tasks[1], "cursor": first.json()["next_cursor"]})

    assert (refused.status_code, refused.json()["code"]) == (400, "bad_cursor")
