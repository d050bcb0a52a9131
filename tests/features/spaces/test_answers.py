"""An Idempotency-Key: what was answered to it once is answered again, and nothing is done twice."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from taskflow.foundation.backend import Backend
from tests.client import Client

KEY = {"idempotency-key": "a0a1"}
BODY = {"title": "Pay rent"}
TASKS = "/api/v1/tasks"


async def titles(client: Client) -> list[str]:
    return [task["title"] for task in (await client.get(TASKS)).json()["items"]]


@pytest.mark.parametrize("requests", [12, 100])
async def test_of_parallel_requests_with_one_key_one_is_done_and_all_are_answered_alike(
    ada: Client, requests: int
) -> None:
    answers = await asyncio.gather(*(ada.post(TASKS, BODY, headers=KEY) for _ in range(requests)))

    told = {"content", "etag", "location", "taskflow-seq"}
    assert {answer.status_code for answer in answers} == {201}
    assert len({(answer.content, *(answer.headers.get(name) for name in told)) for answer in answers}) == 1
    assert await titles(ada) == ["Pay rent"]


async def test_a_key_with_another_request_is_refused(ada: Client) -> None:
    first = await ada.post(TASKS, BODY, headers=KEY)

    other_body = await ada.post(TASKS, {"title": "Pay twice"}, headers=KEY)
    other_query = await ada.post(f"{TASKS}?space={ada.id}", BODY, headers=KEY)

    assert [answer.status_code for answer in (first, other_body, other_query)] == [201, 422, 422]
    assert {answer.json()["code"] for answer in (other_body, other_query)} == {"key_reused"}
    assert await titles(ada) == ["Pay rent"]


async def test_the_answer_to_a_key_stays_what_it_was_when_the_task_has_changed_since(ada: Client) -> None:
    first = await ada.post(TASKS, BODY, headers=KEY)
    await ada.patch(f"{TASKS}/{first.json()['id']}", {"title": "Changed"})
    deleted = await ada.delete(f"{TASKS}/{first.json()['id']}")

    again = await ada.post(TASKS, BODY, headers=KEY)

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["taskflow-seq"] == deleted.headers["taskflow-seq"]
    assert await titles(ada) == []


async def test_a_refusal_is_not_kept_under_its_key(ada: Client) -> None:
    task = await ada.task("Pay rent")
    refused = await ada.post(TASKS, {"id": task["id"], "title": "Another"}, headers=KEY)

    made = await ada.post(TASKS, BODY, headers=KEY)

    assert [refused.status_code, made.status_code] == [409, 201]


async def test_a_key_is_its_accounts_own(ada: Client, client: Client) -> None:
    eve = await client.registered()

    answers = [await somebody.post(TASKS, BODY, headers=KEY) for somebody in (ada, eve)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]


async def test_a_key_is_free_again_after_a_day(ada: Client, backend: Backend) -> None:
    first = await ada.post(TASKS, BODY, headers=KEY)
    async with backend.database.transaction(UUID(ada.id)) as transaction:
        kept = await transaction.connection.fetchval("SELECT expires_at - $1 FROM answers", transaction.now)
        await transaction.connection.execute("UPDATE answers SET expires_at = now()")

    again = await ada.post(TASKS, {"title": "Pay rent again"}, headers=KEY)

    assert timedelta(hours=23) < kept <= timedelta(hours=24)
    assert [first.status_code, again.status_code] == [201, 201]
    assert await titles(ada) == ["Pay rent again", "Pay rent"]


@pytest.mark.parametrize("key", ["", "k" * 256, "a\tb", "\u00ad".encode().decode("latin-1")])
async def test_a_key_that_is_none_is_refused(ada: Client, key: str) -> None:
    refused = await ada.post(TASKS, BODY, headers={b"idempotency-key": key.encode("latin-1")})

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/headers/Idempotency-Key")
