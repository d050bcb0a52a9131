"""Whatever is sent to tasks: a problem with the place, and nothing half written."""

import json
from typing import Any

import pytest

from taskflow.foundation.ids import new_id
from tests.client import Client

TASKS = "/api/v1/tasks"
IDS = ['"x"', "7", '""', '"01890000-0000-7000-8000-00000000000A"', '"01890000000070008000000000000000"', '"\\u0000"']
LISTS = ["null", "7", '"x"', '["x"]', "[null]", "[[]]", json.dumps([str(new_id()) for _ in range(10_000)])]
RULES = ["7", '""', '"daily"', '"FREQ=HOURLY"', '"FREQ=DAILY\\u0000"', '"FREQ=DAILY;COUNT=0"', json.dumps("x" * 10_240)]
FAULTS = [
    *((field, value) for field in ("project_id", "section_id", "parent_id", "assignee_id") for value in IDS),
    *(("label_ids", value) for value in LISTS),
    *(("recurrence", value) for value in RULES),
    *(("recurs_from", value) for value in ('""', '"Due"', "7", '"completion "')),
    *(("position", value) for value in ('""', '"a b"', '"é"', "null", json.dumps("V" * 10_240))),
    *(("due_date", value) for value in ('"0000-12-31"', '"10000-01-01"', '"2026-02-30"', "7")),
    *((field, '"x"') for field in ("series_id", "space_id", "seq", "completed_at", "created_by", "deleted", "x")),
]
CHANGING = [
    *((field, value) for field in ("add_label_ids", "remove_label_ids") for value in LISTS),
    *(("today", value) for value in ('""', '"yesterday"', "null", "7", '"2026-11-25T00:00:00Z"', '"0000-01-01"')),
]


async def refused(client: Client, method: str, path: str, body: str) -> tuple[int, list[str]]:
    """How it is refused, and where."""
    answer = await client.call(method, path, content=body.encode())
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, [fault["pointer"] for fault in answer.json().get("errors", ())]


def with_one(field: str, value: str, **fields: Any) -> str:
    """A body in which one member is as it stands here."""
    return json.dumps({**fields, field: "?"}).replace('"?"', value)


def told(pointers: list[str], field: str) -> bool:
    """Whether the member is named, or an entry of its list; or the body, for one that it may not have."""
    return all(pointer in {"", f"/{field}"} or pointer.startswith(f"/{field}/") for pointer in pointers)


async def test_what_does_not_fit_is_told_where_and_nothing_is_written(ada: Client) -> None:
    task = await ada.task(due_date="2026-11-25")
    before = (await ada.get(TASKS)).json()

    for field, value in FAULTS:
        for method, path, fields in (
            ("POST", TASKS, {"title": "x", "due_date": "2026-11-25"}),
            ("PATCH", f"{TASKS}/{task['id']}", {}),
        ):
            status, pointers = await refused(ada, method, path, with_one(field, value, **fields))
            assert (status, told(pointers, field), bool(pointers)) == (422, True, True), (
                method,
                field,
                value,
                pointers,
            )

    assert (await ada.get(TASKS)).json() == before


@pytest.mark.parametrize("path", ["", "/skip"])
async def test_what_a_change_alone_may_say_is_held_too(ada: Client, path: str) -> None:
    task = await ada.task(due_date="2026-11-25", recurrence="FREQ=DAILY")

    for field, value in CHANGING:
        status, pointers = await refused(
            ada, "POST" if path else "PATCH", f"{TASKS}/{task['id']}{path}", with_one(field, value)
        )
        assert (status, told(pointers, field), bool(pointers)) == (422, True, True), (field, value, pointers)

    assert (await ada.get(f"{TASKS}/{task['id']}")).json() == task


async def test_a_rule_is_refused_in_words(ada: Client) -> None:
    answer = await ada.post(
        TASKS, {"title": "x", "due_date": "2026-11-25", "recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}
    )

    assert answer.json()["errors"] == [{"pointer": "/recurrence", "detail": "never comes again after the due date"}]


async def test_skipping_over_http_answers_the_task_with_its_tag(ada: Client) -> None:
    task = await ada.task(due_date="2026-11-25", recurrence="FREQ=DAILY")

    skipped = await ada.post(f"{TASKS}/{task['id']}/skip", {"today": "2026-11-25"})

    assert (skipped.status_code, skipped.json()["due_date"]) == (200, "2026-11-26")
    assert skipped.headers["etag"].startswith(f'"{skipped.json()["seq"]}.')
    once = await ada.post(f"{TASKS}/{(await ada.task())['id']}/skip", {})
    assert (once.status_code, once.json()["code"]) == (409, "task_does_not_recur")
