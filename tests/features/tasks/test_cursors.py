"""What a cursor is good for: the next page of the list that gave it, and nothing else."""

import base64
from string import printable
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from taskflow.api.paging import BadCursor, Place, decode_cursor, encode_cursor
from taskflow.features.tasks.lists.query import TaskQuery, list_digest
from taskflow.foundation.backend import Backend
from tests.client import Client

TASKS = "/api/v1/tasks"
LIST = {"sort": "due", "status": "todo,done", "due_before": "2027-01-01"}


async def cursor_of(client: Client, **params: str) -> str:
    """The cursor behind the first of two tasks."""
    for title in ("Pay rent", "Call the dentist"):
        await client.task(title, due_date="2026-12-01")
    answer = await client.get(TASKS, params={**params, "limit": "1"})
    cursor: str = answer.json()["next_cursor"]
    return cursor


async def refusal(client: Client, query: str) -> tuple[int, Any]:
    answer = await client.get(f"{TASKS}?{query}")
    return answer.status_code, answer.json().get("code")


def asking(params: dict[str, str], cursor: str) -> str:
    """A query with a cursor in it, every character as it is."""
    return "&".join(f"{name}={quote(text, safe='')}" for name, text in {**params, "cursor": cursor}.items())


async def test_a_cursor_is_good_for_its_list_whatever_the_page_s_size(ada: Client) -> None:
    cursor = await cursor_of(ada, **LIST)

    for limit in ("1", "7", "200"):
        answer = await ada.get(TASKS, params={**LIST, "limit": limit, "cursor": cursor})
        assert len(answer.json()["items"]) == 1, answer.text
    named = await ada.get(TASKS, params={**LIST, "space": ada.id, "cursor": cursor})
    assert len(named.json()["items"]) == 1, named.text


async def test_a_cursor_of_what_is_mine_is_one_of_what_is_assigned_to_my_id(ada: Client) -> None:
    for title in ("Pay rent", "Call the dentist"):
        await ada.task(title, assignee_id=ada.id)
    mine = (await ada.get(TASKS, params={"assignee": "me", "limit": "1"})).json()["next_cursor"]

    answer = await ada.get(TASKS, params={"assignee": ada.id, "cursor": mine})

    assert [task["title"] for task in answer.json()["items"]] == ["Pay rent"]


@pytest.mark.parametrize(
    "changed",
    [
        {"sort": "-due"},
        {"sort": "created"},
        {"sort": ""},
        {"status": "todo"},
        {"status": ""},
        {"due_before": "2027-01-02"},
        {"due_before": ""},
        {"due_after": "2026-01-01"},
        {"q": "a"},
        {"project": "none"},
        {"section": "none"},
        {"parent": "none"},
        {"assignee": "none"},
        {"label": "0193a000-0000-7000-8000-0000000000c0"},
    ],
)
async def test_a_cursor_of_another_filter_is_refused(ada: Client, changed: dict[str, str]) -> None:
    cursor = await cursor_of(ada, **LIST)
    other = {name: text for name, text in {**LIST, **changed}.items() if text}

    assert await refusal(ada, asking(other, cursor)) == (400, "bad_cursor")


async def test_a_cursor_of_another_space_is_refused(ada: Client, client: Client) -> None:
    cursor = await cursor_of(await client.registered())

    assert await refusal(ada, asking({}, cursor)) == (400, "bad_cursor")


async def test_a_cursor_with_any_one_byte_changed_is_refused(ada: Client) -> None:
    cursor = await cursor_of(ada)

    for at, byte in enumerate(cursor):
        other = "A" if byte != "A" else "B"
        changed = cursor[:at] + other + cursor[at + 1 :]
        assert await refusal(ada, asking({}, changed)) == (400, "bad_cursor"), f"byte {at}"


async def test_no_other_text_is_read_as_the_same_cursor(ada: Client, backend: Backend) -> None:
    cursor = await cursor_of(ada)
    digest = list_digest(TaskQuery(), UUID(ada.id))
    assert decode_cursor(backend.keyring, digest, cursor).filter == digest

    others = {cursor[:at] + byte + cursor[at + 1 :] for at in range(len(cursor)) for byte in {*printable, "é", "\xff"}}
    others |= {cursor[:at] for at in range(len(cursor))} | {cursor[at:] for at in range(1, len(cursor))}
    others |= {cursor[:at] + byte + cursor[at:] for at in range(len(cursor) + 1) for byte in "A=-\n "}
    for other in others - {cursor}:
        with pytest.raises(BadCursor):
            decode_cursor(backend.keyring, digest, other)


async def test_a_cursor_that_nobody_here_signed_is_refused(ada: Client, backend: Backend) -> None:
    digest = list_digest(TaskQuery(), UUID(ada.id))
    sealed = base64.urlsafe_b64decode(await cursor_of(ada) + "==")

    for kid in ("cursor-1", "cursor-2", "access-1", "sync-1", ""):
        place = base64.urlsafe_b64encode(f'["{kid}","","2026-11-24T00:00:00Z","{ada.id}"]'.encode() + sealed[-16:])
        with pytest.raises(BadCursor):
            decode_cursor(backend.keyring, digest, place.decode().rstrip("="))


async def test_a_cursor_says_where_its_page_ended(ada: Client, backend: Backend) -> None:
    digest = list_digest(TaskQuery(sort="title"), UUID(ada.id))

    cursor = encode_cursor(backend.keyring, digest, "pay rent", ada.id)

    assert decode_cursor(backend.keyring, digest, cursor) == Place(digest, "pay rent", ada.id)
