"""Several requests in one call: each is answered as it would be alone, in order, and none stops another."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from httpx import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from taskflow.api import batch
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import new_id
from taskflow.foundation.limits import Rate
from taskflow.foundation.settings import Settings
from tests.account import signed_in
from tests.api.two import Process, process
from tests.client import Client
from tests.foundation.redis.store import Store

TASKS = "/api/v1/tasks"
BATCH = "/api/v1/batch"


def part(name: str, method: str = "GET", path: str = TASKS, body: Any = None, **headers: str) -> dict[str, Any]:
    """One request of a batch."""
    given = {"headers": {key.replace("_", "-"): text for key, text in headers.items()}} if headers else {}
    return {"id": name, "method": method, "path": path, **given, **({} if body is None else {"body": body})}


async def ask(who: Client, *parts: dict[str, Any], **headers: str) -> Response:
    return await who.post(BATCH, {"requests": parts}, headers=headers)


async def asked(who: Client, *parts: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await ask(who, *parts)
    assert answer.status_code == 200, answer.text
    answers: list[dict[str, Any]] = answer.json()["responses"]
    return answers


async def test_parts_are_done_in_order_and_one_that_fails_does_not_stop_the_next(ada: Client) -> None:
    made = str(new_id())

    answers = await asked(
        ada,
        part("b", "POST", TASKS, {"id": made, "title": "Pay rent"}),
        part("a", "POST", TASKS, {"title": ""}),
        part("é", "GET", f"{TASKS}/{new_id()}"),
        part("none", "GET", "/api/v1/nothing"),
        part("d", "PATCH", f"{TASKS}/{made}", {"title": "Paid"}),
        part("c", "GET", f"{TASKS}?limit=1"),
        part("e", "DELETE", f"{TASKS}/{made}"),
    )

    assert [answer["id"] for answer in answers] == ["b", "a", "é", "none", "d", "c", "e"]
    assert [answer["status"] for answer in answers] == [201, 422, 404, 404, 200, 200, 204]
    assert answers[5]["body"]["items"][0]["title"] == "Paid"
    assert answers[6]["body"] is None
    assert answers[0]["headers"]["location"] == f"{TASKS}/{made}?space={ada.id}"


async def test_the_whole_answer_says_the_largest_number_of_each_space_and_has_one_request_id(ada: Client) -> None:
    team = (await ada.post("/api/v1/spaces", {"name": "Team"})).json()["id"]
    create = part("1", "POST", TASKS, {"title": "x"})

    answer = await ask(
        ada, create, {**create, "id": "2"}, part("3", path=f"{TASKS}?space={team}"), **{"x-request-id": "q"}
    )

    told = dict(pair.split("=") for pair in answer.headers["taskflow-seq"].split(", "))
    parts = answer.json()["responses"]
    assert told[ada.id] == parts[1]["headers"]["taskflow-seq"].partition("=")[2]
    assert told.keys() == {ada.id, team}
    assert {one["headers"]["x-request-id"] for one in parts} == {"q"}


@pytest.mark.parametrize(
    ("requests", "pointer"),
    [
        ([], "/requests"),
        ([part(str(each)) for each in range(51)], "/requests"),
        ([part("1"), part("1")], "/requests/1/id"),
        ([part("")], "/requests/0/id"),
        ([part("1", "HEAD")], "/requests/0/method"),
        ([part("1", path="/healthz")], "/requests/0/path"),
        ([part("1", path="//evil/api/v1/tasks")], "/requests/0/path"),
        ([part("1", path=TASKS + "#a")], "/requests/0/path"),
        ([part("1", path=TASKS + " x")], "/requests/0/path"),
        ([part("1"), part("2", "POST", "/api/v1/auth/login", {})], "/requests/1/path"),
        ([part("1", "POST", "/api/v1/%61uth/logout")], "/requests/0/path"),
        ([part("1", "POST", BATCH, {"requests": []})], "/requests/0/path"),
        ([part("1", path="/api/v1/live?x=1")], "/requests/0/path"),
        ([part("1", authorization="Bearer x")], "/requests/0/headers/authorization"),
        ([part("1", Cookie="a=b")], "/requests/0/headers/Cookie"),
        ([part("1", x_forwarded_for="10.0.0.1")], "/requests/0/headers/x-forwarded-for"),
        ([part("1", if_match="1", If_Match="2")], "/requests/0/headers/if-match"),
        ([{**part("1"), "colour": "red"}], "/requests/0/colour"),
        ([{"id": "1", "method": "GET"}], "/requests/0/path"),
        ("x", "/requests"),
    ],
)
async def test_a_part_that_can_be_none_refuses_the_whole_call_and_nothing_has_run(
    ada: Client, requests: Any, pointer: str
) -> None:
    first = [part("first", "POST", TASKS, {"title": "x"})] if requests and pointer != "/requests" else []
    place = pointer.replace("/1/", "/2/").replace("/0/", "/1/") if first else pointer

    answer = await ada.post(BATCH, {"requests": first + requests if first else requests})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.text
    assert place in {fault["pointer"] for fault in answer.json()["errors"]}
    assert (await ada.get(TASKS)).json()["items"] == []


async def test_a_call_that_is_no_json_or_too_large_is_refused_as_any(ada: Client) -> None:
    large = await ask(ada, part("1", "POST", TASKS, {"title": "x" * 1024 * 1024}))
    garbage = await ada.call("POST", BATCH, content=b"{")
    keyed = await ask(ada, part("1"), **{"idempotency-key": "k"})

    assert [large.status_code, garbage.status_code, keyed.status_code] == [413, 400, 422]


async def test_who_is_not_signed_in_is_refused_as_a_whole(client: Client) -> None:
    assert (await ask(client, part("1"))).status_code == 401


async def test_a_key_is_a_parts_own_and_the_same_alone_and_in_a_batch(ada: Client) -> None:
    create = part("1", "POST", TASKS, {"title": "x"}, Idempotency_Key="k")
    other = part("3", "POST", TASKS, {"title": "y"}, idempotency_key="k")

    first, again, differs = await asked(ada, create, {**create, "id": "2"}, other)
    alone = await ada.call("POST", TASKS, content=b'{"title":"x"}', headers={"idempotency-key": "k"})

    assert first["body"] == again["body"] == alone.json()
    assert (differs["status"], differs["body"]["code"]) == (422, "key_reused")


async def test_what_is_held_already_is_not_answered_again_and_an_older_tag_does_not_write(ada: Client) -> None:
    path = f"{TASKS}/{(await ada.task())['id']}"
    held = (await ada.get(path)).headers["etag"]

    answers = await asked(
        ada,
        part("1", path=path, If_None_Match=held),
        part("2", "PATCH", path, {"title": "One"}, If_Match=held),
        part("3", "PATCH", path, {"title": "Two"}, If_Match=held),
    )

    assert [answer["status"] for answer in answers] == [304, 200, 412]
    assert answers[0]["body"] is None


async def test_a_foreign_thing_is_answered_as_one_that_never_was(ada: Client, backend: Backend) -> None:
    eve = Client(ada.http, await signed_in(backend))
    theirs = (await eve.task())["id"]

    answers = await asked(ada, part("1", path=f"{TASKS}/{theirs}"), part("2", path=f"{TASKS}/{theirs}?space={eve.id}"))

    assert [answer["body"]["code"] for answer in answers] == ["task_not_found", "space_not_found"]


async def test_a_number_that_is_not_there_yet_is_waited_for_by_its_part_alone(ada: Client) -> None:
    answers = await asked(ada, part("1", TaskFlow_Seq=f"{ada.id}=9000000000000000"), part("2"))

    assert [answer["status"] for answer in answers] == [503, 200]


async def test_a_body_with_what_no_text_may_have_is_refused_in_its_part(ada: Client) -> None:
    answers = await asked(ada, part("1", "POST", TASKS, {"title": "a\0b"}), part("2", "POST", TASKS, [1]), part("3"))

    assert [answer["status"] for answer in answers] == [422, 422, 200]


async def test_behind_answers_that_are_large_enough_nothing_is_done(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "ANSWERS_BYTES", 10)

    first, second = await asked(ada, part("1"), part("2", "POST", TASKS, {"title": "x"}))

    assert (first["status"], second["status"], second["body"]["code"]) == (200, 503, "too_much_at_once")
    assert (await ada.get(TASKS)).json()["items"] == []


@pytest.fixture
async def narrow(settings: Settings, store: Store) -> AsyncIterator[Process]:
    """A process that lets five requests of a user through."""
    async with process(replace(settings, redis_url=store.url, workers=1, rate_limit_user=Rate(5, 3600)), 1) as one:
        yield one


async def test_each_part_counts_as_one_request_and_the_call_itself_as_none(both: list[Client], narrow: Process) -> None:
    ada = narrow.client(await both[0].registered())

    answers = await asked(ada, *(part(str(each)) for each in range(7)))
    after = await ask(ada, part("1"))

    assert [answer["status"] for answer in answers] == [200] * 5 + [429] * 2
    assert after.status_code == 429


IDS = [str(new_id()) for _ in range(3)]
WRITES = some.fixed_dictionaries(
    {}, optional={"title": some.sampled_from(["", "a", "b"]), "priority": some.integers(0, 4), "x": some.just(1)}
)
PATHS = some.sampled_from([TASKS, *(f"{TASKS}/{each}" for each in IDS), "/api/v1/me", f"{TASKS}?limit=0"])
CREATES = some.builds(lambda body, made: ("POST", TASKS, body | {"id": made}), WRITES, some.sampled_from(IDS))
METHODS = some.sampled_from(["GET", "PATCH", "DELETE", "PUT"])
REQUESTS = CREATES | some.tuples(METHODS, PATHS.filter(lambda path: not path.endswith("/me")), WRITES)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=some.lists(REQUESTS, min_size=1, max_size=12))
async def test_a_batch_answers_as_its_requests_do_one_by_one(
    client: Client, backend: Backend, history: list[tuple[str, str, Any]]
) -> None:
    ada, bob = [Client(client.http, await signed_in(backend)) for _ in range(2)]

    together = await asked(ada, *(part(str(each), *request) for each, request in enumerate(history)))
    alone = [await bob.call(method, path, json=body) for method, path, body in history]

    assert [(one["status"], plain(one["body"], ada)) for one in together] == [
        (one.status_code, plain(one.json() if one.content else None, bob)) for one in alone
    ]


def plain(body: Any, who: Client) -> str:
    """A body less what differs between two people at two times."""
    text = json.dumps(body).replace(who.id, "me")
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "then", text)
    return re.sub(r'"(request_id|next_cursor|position)": "[^"]*"', "", text)
