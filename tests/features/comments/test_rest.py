"""Comments over HTTP: a task's, in the order in which they were said."""

from typing import Any

import pytest
from httpx import Response

from taskflow.foundation.ids import new_id
from tests.client import Client

COMMENTS = "/api/v1/comments"


async def said(client: Client, task: dict[str, Any], body: str, **more: Any) -> str:
    """The id of a new comment."""
    answer = await client.post(COMMENTS, {"task_id": task["id"], "body": body, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
async def test_pages_of_any_size_are_a_tasks_comments_the_oldest_first(ada: Client, limit: int) -> None:
    one, other = await ada.task(), await ada.task()
    wanted = []
    for number in range(5):
        wanted.append(await said(ada, one, f"Comment {number}"))
        await said(ada, other, "Beside the point")

    found: list[str] = []
    behind: dict[str, str] = {}
    while True:
        page = (await ada.get(COMMENTS, params={"task": one["id"], "limit": str(limit), **behind})).json()
        found += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        behind = {"cursor": page["next_cursor"]}

    assert found == wanted


async def test_the_comments_of_all_tasks_are_those_of_the_space(ada: Client) -> None:
    wanted = [await said(ada, await ada.task(), f"Comment {number}") for number in range(3)]

    page = (await ada.get(COMMENTS)).json()

    assert [each["id"] for each in page["items"]] == wanted


async def test_a_page_of_the_longest_comments_ends_before_it_is_too_large_to_send(ada: Client) -> None:
    task = await ada.task()
    wanted = [await said(ada, task, "\x01" * 16 * 1024) for _ in range(13)]  # 96 KB each in JSON

    first = await ada.get(COMMENTS, params={"limit": "200"})
    rest = await ada.get(COMMENTS, params={"limit": "200", "cursor": first.json()["next_cursor"]})

    assert len(first.content) < 1.2 * (1 << 20)
    assert [each["id"] for page in (first, rest) for each in page.json()["items"]] == wanted
    assert rest.json()["next_cursor"] is None


async def test_a_deleted_task_has_no_comments_like_one_that_never_was(ada: Client) -> None:
    task = await ada.task()
    comment = await said(ada, task, "Gone with it")
    await ada.delete(f"/api/v1/tasks/{task['id']}")

    lists = [(await ada.get(COMMENTS, params={"task": key})).json() for key in (task["id"], str(new_id()))]

    assert lists == [{"items": [], "next_cursor": None}] * 2
    assert (await ada.get(f"{COMMENTS}/{comment}")).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"body": " \n\t"}, "/body"),
        ({"body": ""}, "/body"),
        ({"body": "x" * 16385}, "/body"),
        ({"body": "a\0b"}, "/body"),
        ({"body": 5}, "/body"),
        ({"task_id": "5"}, "/task_id"),
        ({"mention_ids": [str(new_id()) for _ in range(51)]}, "/mention_ids"),
        ({"mention_ids": ["everybody"]}, "/mention_ids/0"),
        ({"mention_ids": None}, "/mention_ids"),
        ({"author_id": str(new_id())}, "/author_id"),
    ],
)
async def test_what_does_not_fit_is_told_where(ada: Client, body: dict[str, Any], pointer: str) -> None:
    task = await ada.task()

    refused: Response = await ada.post(COMMENTS, {"task_id": task["id"], "body": "Hi", **body})

    assert refused.status_code == 422, refused.text
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer]
    assert (await ada.get(COMMENTS)).json()["items"] == []
