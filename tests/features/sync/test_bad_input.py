"""Whatever a client sends to sync: a problem, of the call or of one command, never a 500; the others undisturbed."""

import base64
import json
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from taskflow.foundation.backend import Backend
from taskflow.foundation.operation import REGISTRY
from tests.account import signed_in
from tests.architecture.world import join, left
from tests.client import Client

SYNC = "/api/v1/sync"
ID = "0193a000-0000-7000-8000-000000000000"


def command(kind: str = "create_task", /, **args: Any) -> dict[str, Any]:
    """A command that can be done, or not."""
    return {"id": str(uuid4()), "type": kind, "args": args or {"title": "Pay rent"}}


async def said(client: Client, body: Any, status: int = 200) -> Any:
    """What a call is answered."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = await client.call("POST", SYNC, content=content, headers={"content-type": "application/json"})
    assert answer.status_code == status, answer.text
    return answer.json()


async def titles(client: Client) -> list[str]:
    """What there is in the end."""
    return sorted(task["title"] for task in (await client.get("/api/v1/tasks?limit=200")).json()["items"])


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (b"", 400, None),
        (b"{", 400, None),
        (b'{"commands":[\xff]}', 400, None),
        (b"[]", 422, ""),
        (b"null", 422, ""),
        (b'{"commands":{}}', 422, "/commands"),
        (b'{"commands":[7]}', 422, "/commands/0"),
        (b'{"commands":[[]]}', 422, "/commands/0"),
        (b'{"commands":null}', 422, "/commands"),
        (b'{"cursors":[]}', 422, "/cursors"),
        (b'{"cursors":{"home":"x"}}', 422, None),
        (b'{"cursors":{"' + ID.upper().encode() + b'":"x"}}', 422, None),
        (b'{"orders":[]}', 422, "/orders"),
        (b'{"commands":[{"id":"' + ID.encode() + b'","base":1e999}]}', 422, "/commands/0"),
        (b'{"commands":[{"id":"' + ID.encode() + b'","args":{"title":-' + b"1" * 5000 + b"}}]}", 422, "/commands/0"),
        (b'{"cursors":{"' + ID.encode() + b'":7}}', 422, "/cursors"),
        (b'{"commands":[' + b"[" * 100_000 + b"]" * 100_000 + b"]}", 422, None),
    ],
)
async def test_a_call_that_does_not_fit_is_refused_whole(
    ada: Client, body: bytes, status: int, pointer: str | None
) -> None:
    problem = await said(ada, body, status)

    assert problem["status"] == status
    if pointer is not None:
        assert [fault["pointer"] for fault in problem["errors"]] == [pointer]


@pytest.mark.parametrize("bad", [None, 7, "", "x", ID.upper(), f"{{{ID}}}", ID + "\n", [], {}, "\0", ...])
async def test_a_command_without_a_usable_id_refuses_the_call_and_nothing_is_run(ada: Client, bad: Any) -> None:
    broken = {**command(), "id": bad}
    if bad is ...:
        del broken["id"]

    problem = await said(ada, {"commands": [command(), broken]}, 422)

    assert [fault["pointer"] for fault in problem["errors"]] == ["/commands/1/id"]
    assert await titles(ada) == []


async def test_a_hundred_commands_are_taken_and_one_more_is_not(ada: Client) -> None:
    many = [command(title=f"Task {n:03}") for n in range(101)]

    problem = await said(ada, {"commands": many}, 422)
    taken = await said(ada, {"commands": many[:100]})

    assert [fault["pointer"] for fault in problem["errors"]] == ["/commands"]
    assert all(result["ok"] for result in taken["results"])
    assert len(await titles(ada)) == 100


DEEP: Any = []
for _ in range(200):
    DEEP = [DEEP]

FAULTS: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"type": None}, "invalid", ["/type"]),
    ({"type": 7}, "invalid", ["/type"]),
    ({"type": ""}, "invalid", ["/type"]),
    ({"type": "Create Task"}, "invalid", ["/type"]),
    ({"type": "x" * 65}, "invalid", ["/type"]),
    ({"type": "paint_task"}, "upgrade_required", []),
    ({"v": 2}, "upgrade_required", []),
    ({"v": 2**53}, "upgrade_required", []),
    ({"v": 0}, "invalid", ["/v"]),
    ({"v": -1}, "invalid", ["/v"]),
    ({"v": "1"}, "invalid", ["/v"]),
    ({"v": 1.5}, "invalid", ["/v"]),
    ({"v": True}, "invalid", ["/v"]),
    ({"base": -1}, "invalid", ["/base"]),
    ({"base": 2**53}, "invalid", ["/base"]),
    ({"base": 10**400}, "invalid", ["/base"]),
    ({"base": "7"}, "invalid", ["/base"]),
    ({"when": "now"}, "invalid", ["/when"]),
    ({"args": []}, "invalid", ["/args"]),
    ({"args": None}, "invalid", ["/args"]),
    ({"args": "title"}, "invalid", ["/args"]),
    ({"args": {}}, "invalid", ["/args/title"]),
    ({"args": {"title": 7}}, "invalid", ["/args/title"]),
    ({"args": {"title": ""}}, "invalid", ["/args/title"]),
    ({"args": {"title": " \u2003"}}, "invalid", ["/args/title"]),
    ({"args": {"title": "x" * 501}}, "invalid", ["/args/title"]),
    ({"args": {"title": "a\0b"}}, "invalid", ["/args/title"]),
    ({"args": {"title": "x", "a\0b": 1}}, "invalid", []),
    ({"args": {"title": DEEP}}, "invalid", ["/args/title"]),
    ({"args": {"title": "x", "colour": "red"}}, "invalid", ["/args/colour"]),
    ({"args": {"title": "x", "priority": 10**400}}, "invalid", ["/args/priority"]),
    ({"args": {"title": "x", "priority": 1e400}}, "invalid", []),
    ({"args": {"title": "x", "id": ID.upper()}}, "invalid", ["/args/id"]),
    ({"args": {"title": "x", "project_id": ID}}, "invalid", ["/args/project_id"]),
    ({"args": {"title": "x", "label_ids": [ID]}}, "invalid", ["/args/label_ids"]),
    ({"args": {"title": "x", "description": "é" * 8193}}, "invalid", ["/args/description"]),
    ({"args": {"title": "x", "due_at": "2026-12-01T09:00:00Z"}}, "invalid", ["/args/due_zone"]),
    ({"args": {"title": "x", "space_id": 7}}, "invalid", ["/args/space_id"]),
    ({"args": {"title": "x", "space_id": None}}, "invalid", ["/args/space_id"]),
    ({"args": {"title": "x", "space_id": "home"}}, "invalid", ["/args/space_id"]),
    ({"args": {"title": "x", "space_id": ID}}, "space_not_found", []),
    ({"type": "update_task", "args": {"id": ID, "title": "x"}}, "task_not_found", []),
    ({"type": "register", "args": {}}, "not_a_command", []),
    ({"type": "create_invitation", "args": {}}, "not_a_command", []),
    ({"type": "import_tasks", "args": {}}, "not_a_command", []),
    ({"type": "undo", "args": {"kind": "task", "id": ID, "seq": 7}}, "change_not_found", []),
    ({"type": "undo", "args": {"kind": "table", "id": ID, "seq": 7}}, "invalid", ["/args/kind"]),
]


@pytest.mark.parametrize(("fault", "code", "pointers"), [each for each in FAULTS if "1e400" not in str(each)])
async def test_what_does_not_fit_in_a_command_refuses_that_one_and_no_other(
    ada: Client, fault: dict[str, Any], code: str, pointers: list[str]
) -> None:
    if fault.get("args") == {"title": "x", "priority": float("inf")}:
        return  # JSON has no such number
    broken = {**command(), **fault}

    answered = await said(ada, {"commands": [command(title="Before"), broken, command(title="Behind")]})

    first, refused, last = answered["results"]
    assert (first["ok"], refused["ok"], last["ok"]) == (True, False, True)
    assert refused["problem"]["code"] == code, refused
    if pointers:
        assert [each["pointer"] for each in refused["problem"]["errors"]] == pointers
    assert await titles(ada) == ["Before", "Behind"]


@pytest.mark.parametrize("written", ["\\ud800", "a\\udfff\\ud83d", "\\\\ud800 \\ud800"])
async def test_half_a_character_refuses_its_command_and_no_other(ada: Client, written: str) -> None:
    good, bad, last = (json.dumps(command(title=title)) for title in ("Before", "Bad", "Behind"))
    body = f'{{"commands":[{good},{bad.replace("Bad", written)},{last}]}}'.encode()

    results = (await said(ada, body))["results"]

    assert [result["ok"] for result in results] == [True, False, True]
    assert [fault["pointer"] for fault in results[1]["problem"]["errors"]] == ["/args/title"]
    assert await titles(ada) == ["Before", "Behind"]


@pytest.mark.parametrize("args", [{"x" * 900_000: 1}, {"status": "x" * 900_000}, {"/" * 900_000: "\0"}])
async def test_a_refusal_is_short_however_long_what_it_names(ada: Client, args: dict[str, Any]) -> None:
    result = (await said(ada, {"commands": [command(title="x", **args)]}))["results"][0]

    assert result["problem"]["code"] == "invalid"
    assert len(json.dumps(result)) < 3000


@pytest.mark.parametrize("where", ["same call", "next call"])
async def test_an_id_seen_before_with_other_content_is_refused_and_the_first_stays(ada: Client, where: str) -> None:
    first = command(title="First")
    second = {**first, "args": {"title": "Second"}}

    if where == "same call":
        results = (await said(ada, {"commands": [first, second, first]}))["results"]
    else:
        results = [(await said(ada, {"commands": [each]}))["results"][0] for each in (first, second, first)]

    assert [result["ok"] for result in results] == [True, False, True]
    assert results[1]["problem"]["code"] == "command_id_reused"
    assert results[2] == results[0]
    assert await titles(ada) == ["First"]


@pytest.mark.parametrize("changed", [{"type": "create_project"}, {"base": 7}, {"args": {"title": "x", "priority": 1}}])
async def test_whatever_differs_in_a_repeat_is_other_content(ada: Client, changed: dict[str, Any]) -> None:
    first = {**command(), "args": {"title": "x"}}

    results = (await said(ada, {"commands": [first, {**first, **changed}]}))["results"]

    assert results[1]["problem"]["code"] == "command_id_reused"


async def test_the_same_content_in_another_order_of_its_members_is_the_same(ada: Client) -> None:
    first = {**command(), "args": {"title": "x", "priority": 1}}
    again = {"v": 1, "args": {"priority": 1, "title": "x"}, "type": first["type"], "id": first["id"]}

    results = (await said(ada, {"commands": [first, again]}))["results"]

    assert results[0]["ok"]
    assert results[0] == results[1]


async def test_an_id_reused_for_another_space_of_one_call_is_found(ada: Client) -> None:
    team = (await ada.post("/api/v1/spaces", {"name": "The team"})).json()["id"]
    first = {**command(), "args": {"title": "x"}}
    second = {**first, "args": {"title": "x", "space_id": team}}

    results = (await said(ada, {"commands": [first, second]}))["results"]

    assert [result["ok"] for result in results] == [True, False]
    assert results[1]["problem"]["code"] == "command_id_reused"


async def cursor_of(client: Client, space: str | None = None) -> str:
    """Where somebody stands in a space."""
    cursor: str = (await said(client, {}))["spaces"][space or client.id]["cursor"]
    return cursor


def mutations(cursor: str) -> list[str]:
    """A cursor with each of its bytes changed, cut off, made longer, or replaced."""
    raw = base64.urlsafe_b64decode(cursor + "===")
    changed = [raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :] for place in range(len(raw))]
    bad = [base64.urlsafe_b64encode(each).decode().rstrip("=") for each in [*changed, raw[:-1], raw + b"\0", b""]]
    return [*bad, cursor + "=", cursor + "A", cursor[:-1], "", " ", "💥", "\0", "x" * 10_000, cursor.swapcase()]


async def test_a_cursor_that_was_not_given_here_starts_anew(ada: Client) -> None:
    await ada.task()
    cursor = await cursor_of(ada)

    for bad in mutations(cursor):
        body = {"cursors": {ada.id: bad}}
        content = json.dumps(body).encode()
        answer = await ada.call("POST", SYNC, content=content, headers={"content-type": "application/json"})
        if "\0" in bad and answer.status_code == 422:
            continue
        page = answer.json()["spaces"][ada.id]
        assert page["resync"], bad
        assert len(page["tasks"]) == 1
    assert "tasks" not in (await said(ada, {"cursors": {ada.id: cursor}}))["spaces"][ada.id]


async def test_another_s_cursor_starts_anew_and_tells_nothing_of_theirs(ada: Client, backend: Backend) -> None:
    eve = Client(ada.http, await signed_in(backend))
    await ada.task("Canary")
    theirs = await cursor_of(ada)

    answered = await said(eve, {"cursors": {eve.id: theirs, ada.id: theirs, ID: theirs}})

    assert answered["spaces"][eve.id]["resync"]
    assert answered["spaces"][ada.id] == answered["spaces"][ID] == {"gone": True}
    assert "Canary" not in str(answered)


async def test_who_has_left_is_told_that_it_is_gone_whatever_they_hold(ada: Client, backend: Backend) -> None:
    eve = Client(ada.http, await signed_in(backend))
    team = (await ada.post("/api/v1/spaces", {"name": "The team"})).json()["id"]
    await join(ada, eve, team)
    cursor = await cursor_of(eve, team)
    await ada.task("Canary")
    await left(eve, team)

    answers = [(await said(eve, {"cursors": {team: each}}))["spaces"] for each in (cursor, cursor[:-2], "")]
    unnamed = (await said(eve, {}))["spaces"]

    assert [each[team] for each in answers] == [{"gone": True}] * 3
    assert team not in unnamed
    assert "Canary" not in str(answers)


async def test_a_cursor_of_the_future_starts_anew(ada: Client, backend: Backend) -> None:
    from uuid import UUID  # noqa: PLC0415

    from taskflow.features.sync.cursor import Place, moment, seal  # noqa: PLC0415

    page = (await said(ada, {}))["spaces"][ada.id]
    ahead = seal(backend.keyring, UUID(ada.id), Place(page["seq"] + 1, moment()))

    answered = (await said(ada, {"cursors": {ada.id: ahead}}))["spaces"][ada.id]

    assert answered["resync"]
    assert answered["seq"] == page["seq"]


values: Any = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False, allow_infinity=False) | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3),
    max_leaves=8,
)
kinds = some.sampled_from(sorted(REGISTRY)) | some.text()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    commands=some.lists(some.fixed_dictionaries({"type": kinds | values, "args": values}), min_size=1, max_size=5),
    cursors=some.dictionaries(some.sampled_from([ID, "home"]), values, max_size=1),
)
async def test_garbage_is_refused_and_a_command_beside_it_is_done(ada: Client, commands: Any, cursors: Any) -> None:
    good = command()
    body = {"commands": [*({"id": str(uuid4()), **each} for each in commands), good], "cursors": cursors}

    answer = await ada.post(SYNC, body)

    assert answer.status_code in {200, 400, 422}, answer.text
    if answer.status_code == 200:
        results = answer.json()["results"]
        assert len(results) == len(commands) + 1
        assert results[-1]["ok"]
        assert all(result["ok"] or result["problem"]["status"] < 500 for result in results)
