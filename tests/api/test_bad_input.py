"""Whatever a client sends: a problem document with a code and the place, never a 500, nothing half written."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.client import Client

TASKS = "/api/v1/tasks"


async def refused(client: Client, body: bytes, method: str = "POST", path: str = TASKS) -> tuple[int, dict[str, Any]]:
    answer = await client.call(method, path, content=body, headers={"content-type": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    return answer.status_code, problem


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (b"", 400, None),
        (b"{", 400, None),
        (b'{"title": "a"', 400, None),
        (b"\xff\xfe{}", 400, None),
        (b'\xef\xbb\xbf{"title":"x"}', 400, None),
        (b'{"title":"a\x00b"}', 400, None),
        (b'{"title":"\xff"}', 400, None),
        (b"NaN", 400, None),
        (b'{"title":' + b"[" * 200_000 + b"]" * 200_000 + b"}", 422, "/title"),
        (b"[[", 400, None),
        (b"[" * 100_000, 422, ""),
        (b"[]", 422, ""),
        (b"null", 422, ""),
        (b'"title"', 422, ""),
        (b"{}", 422, "/title"),
        (b'{"title":null}', 422, "/title"),
        (b'{"title":1}', 422, "/title"),
        (b'{"title":""}', 422, "/title"),
        (b'{"title":" \\u2003\\t"}', 422, "/title"),
        (b'{"title":"a\\u0000b"}', 422, "/title"),
        (b'{"title":"\\ud800"}', 422, ""),
        (b'{"title":"' + b"x" * 501 + b'"}', 422, "/title"),
        (b'{"title":"x","description":"' + b"x" * 16385 + b'"}', 422, "/description"),
        (b'{"title":"x","description":"' + "é".encode() * 8193 + b'"}', 422, "/description"),
        (b'{"title":"x","colour":"red"}', 422, "/colour"),
        (b'{"title":"x","project_id":"01890000-0000-7000-8000-000000000000"}', 422, "/project_id"),
        (b'{"title":"x","section_id":"01890000-0000-7000-8000-000000000000"}', 422, "/section_id"),
        (b'{"title":"x","parent_id":"01890000-0000-7000-8000-000000000000"}', 422, "/parent_id"),
        (b'{"title":"x","label_ids":["01890000-0000-7000-8000-000000000000"]}', 422, "/label_ids"),
        (b'{"title":"x","assignee_id":"01890000-0000-7000-8000-000000000000"}', 422, "/assignee_id"),
        (b'{"title":"x","status":"late"}', 422, "/status"),
        (b'{"title":"x","priority":4}', 422, "/priority"),
        (b'{"title":"x","priority":-1}', 422, "/priority"),
        (b'{"title":"x","priority":"2"}', 422, "/priority"),
        (b'{"title":"x","priority":1.5}', 422, "/priority"),
        (b'{"title":"x","priority":true}', 422, "/priority"),
        (b'{"title":"x","priority":' + b"9" * 400 + b"}", 422, "/priority"),
        (b'{"title":"x","due_date":"2026-02-30"}', 422, "/due_date"),
        (b'{"title":"x","due_date":"10000-01-01"}', 422, "/due_date"),
        (b'{"title":"x","due_date":"0000-01-01"}', 422, "/due_date"),
        (b'{"title":"x","due_date":20261201}', 422, "/due_date"),
        (b'{"title":"x","due_at":"2026-12-01T09:00:00","due_zone":"UTC"}', 422, "/due_at"),
        (b'{"title":"x","due_at":"2026-12-01T09:00:00Z"}', 422, "/due_zone"),
        (b'{"title":"x","due_zone":"UTC"}', 422, "/due_zone"),
        (b'{"title":"x","due_at":"2026-12-01T09:00:00Z","due_zone":"Mars/Olympus"}', 422, "/due_zone"),
        (b'{"title":"x","due_at":"2026-12-01T09:00:00Z","due_zone":"../../etc/passwd"}', 422, "/due_zone"),
        (b'{"title":"x","due_at":"2026-12-01T09:00:00Z","due_zone":"UTC","due_date":"2026-12-01"}', 422, "/due_date"),
        (b'{"title":"x","due_at":"0001-01-01T00:00:00+14:00","due_zone":"UTC"}', 422, "/due_at"),
        (b'{"title":"x","due_at":"9999-12-31T23:59:59-12:00","due_zone":"UTC"}', 422, "/due_at"),
        (b'{"title":"x","due_at":"9999-12-31T23:59:59Z","due_zone":"Asia/Tokyo"}', 422, "/due_at"),
        (b'{"title":"x","position":""}', 422, "/position"),
        (b'{"title":"x","position":"a b"}', 422, "/position"),
        (b'{"title":"x","position":"' + b"a" * 10_240 + b'"}', 422, "/position"),
        (b'{"title":"x","id":"01890000-0000-7000-8000-00000000000A"}', 422, "/id"),
        (b'{"title":"x","id":"01890000000070008000000000000000"}', 422, "/id"),
        (b'{"title":"x","id":"{01890000-0000-7000-8000-000000000000}"}', 422, "/id"),
        (b'{"title":"x","id":7}', 422, "/id"),
        (b'{"title":"x","id":null}', 422, "/id"),
    ],
)
async def test_a_body_that_does_not_fit_is_told_where(ada: Client, body: bytes, status: int, pointer: str) -> None:
    got, problem = await refused(ada, body)

    assert got == status, problem
    if pointer is not None:
        assert [fault["pointer"] for fault in problem["errors"]] == [pointer]
    assert (await ada.get(TASKS)).json()["items"] == []


async def test_a_body_of_10_mib_is_refused(ada: Client) -> None:
    status, problem = await refused(ada, json.dumps({"title": "x", "description": "x" * 10_485_760}).encode())

    assert (status, problem["code"]) == (413, "too_large")


@pytest.mark.parametrize("told", [b"", b"x", b"-1", b"1_0", b"\xb2", b"1.5", b" 7", b"9" * 5000])
async def test_a_length_that_is_no_number_is_nobody_s_failure(ada: Client, told: bytes) -> None:
    headers = {b"content-length": told, b"authorization": f"Bearer {ada.signed_in['access_token']}".encode()}

    answer = await ada.http.request("POST", TASKS, content=b'{"title":"x"}', headers=headers)

    assert answer.status_code == (413 if len(told) > 9 else 201), answer.text


@pytest.mark.parametrize(
    ("query", "status", "pointer"),
    [
        ("?unknown=1", 400, None),
        ("?limit=1&limit=2", 400, None),
        ("?q=", 422, "/q"),
        ("?project=nobody", 422, "/project"),
        ("?limit", 400, None),
        ("?title=%FF", 400, None),
        ("?limit=0", 422, "/limit"),
        ("?limit=201", 422, "/limit"),
        ("?limit=x", 422, "/limit"),
        ("?limit=" + "9" * 5000, 422, "/limit"),
        ("?status=late", 422, "/status"),
        ("?status=", 422, "/status"),
        ("?status=todo,", 422, "/status"),
        ("?sort=size", 422, "/sort"),
        ("?due_before=tomorrow", 422, "/due_before"),
        ("?due_after=9999-12-31", 422, "/due_after"),
        ("?space=x", 422, "/space"),
        ("?space=ALL", 422, "/space"),
        ("?cursor=x", 400, None),
        ("?cursor=", 422, "/cursor"),
        ("?cursor=%00", 422, "/cursor"),
    ],
)
async def test_a_query_that_does_not_fit_is_told_where(ada: Client, query: str, status: int, pointer: str) -> None:
    got, problem = await refused(ada, b"", "GET", TASKS + query)

    assert got == status, problem
    if pointer is not None:
        assert [fault["pointer"] for fault in problem["errors"]] == [pointer]


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
async def test_an_idempotency_key_is_1_to_255_visible_characters(ada: Client, key: str) -> None:
    answer = await ada.post(TASKS, {"title": "x"}, headers={"idempotency-key": key})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("PUT", TASKS, 405, "method_not_allowed"),
        ("DELETE", TASKS, 405, "method_not_allowed"),
        ("GET", "/api/v1/nothing", 404, "no_such_route"),
        ("GET", TASKS + "/", 404, "no_such_route"),
        ("GET", TASKS + "/x", 422, "invalid"),
        ("GET", TASKS + "/%00", 422, "invalid"),
        ("GET", TASKS + "/01890000-0000-7000-8000-000000000000", 404, "task_not_found"),
        ("GET", TASKS + "?space=01890000-0000-7000-8000-000000000000", 404, "space_not_found"),
    ],
)
async def test_a_place_that_is_not_there(ada: Client, method: str, path: str, status: int, code: str) -> None:
    got, problem = await refused(ada, b"", method, path)

    assert (got, problem["code"]) == (status, code)


async def test_405_says_what_is_allowed(ada: Client) -> None:
    answer = await ada.call("PUT", TASKS)

    assert answer.headers["allow"] == "GET, POST"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = ("id", "title", "description", "status", "priority", "due_date", "due_at", "due_zone", "position", "x")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(members=st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=6))
async def test_any_json_is_made_or_refused(ada: Client, members: dict[str, Any]) -> None:
    answer = await ada.call("POST", TASKS, content=json.dumps(members).encode())

    assert answer.status_code in {201, 400, 409, 422}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(body=st.binary(max_size=200))
async def test_any_bytes_are_refused_with_a_problem(ada: Client, body: bytes) -> None:
    status, _ = await refused(ada, body)

    assert status in {400, 422}
