"""The live socket: what changes arrives, whoever may not hear it is cut off, and nobody disturbs the others."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from taskflow.features.sync.live.times import SOCKETS_MOST, Times
from taskflow.foundation.clock import now
from taskflow.foundation.limits import Rate
from taskflow.foundation.redis import keys
from taskflow.foundation.settings import Settings
from tests.client import Client
from tests.features.sync.sockets import Serving, serving
from tests.foundation.redis.store import Store, program
from tests.settled import settled

TASKS = "/api/v1/tasks"
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """A Valkey that these tests may kill."""
    path = program("valkey-server")
    assert path is not None
    with tempfile.TemporaryDirectory(prefix="tf") as folder:
        server = Store(path, Path(folder))
        server.start()
        yield server
        server.kill()


@pytest.fixture(scope="module")
async def both(settings: Settings, store: Store) -> AsyncIterator[list[Serving]]:
    """Two processes."""
    there = replace(settings, redis_url=store.url, workers=2)
    async with serving(there) as one, serving(there) as other:
        for made in (one, other):
            await settled(made.turn)
        yield [one, other]


@pytest.fixture
async def ada(both: list[Serving]) -> Client:
    return await Client(both[0].http).registered()


@pytest.fixture
async def mia(both: list[Serving]) -> Client:
    return await Client(both[0].http).registered()


async def team(owner: Client, *members: Client) -> str:
    """A space with members that may edit."""
    space: str = (await owner.post("/api/v1/spaces", {"name": "Team"})).json()["id"]
    for member in members:
        made = (await owner.post(f"/api/v1/invitations?space={space}", {"role": "editor"})).json()
        answer = await member.post("/api/v1/invitations/accept", {"token": made["token"]})
        assert answer.status_code in {200, 201}, answer.text
    return space


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


@pytest.mark.parametrize(
    "text",
    [
        *("", "no JSON", "[]", "{}", '{"type": "sing"}', '{"type": "commands"}'),
        *('{"type": "commands", "commands": [{}]}', '{"type": "commands", "commands": [], "x": 1}', "[" * 5000),
        *('{"type": "hello"}', '{"type": "hello", "access_token": 1}'),
    ],
)
async def test_garbage_is_answered_with_a_problem_and_the_socket_goes_on(
    both: list[Serving], ada: Client, text: str
) -> None:
    async with both[0].socket() as live:
        await live.hello(ada)

        await live.say_text(text)
        answered = await live.hear()

        assert answered["type"] == "problem"
        assert answered["status"] in {400, 422}
        assert await live.quiet()


@pytest.mark.parametrize("text", ["", "no JSON", '{"type": "commands", "commands": []}', '{"type": "hello"}'])
async def test_who_begins_with_anything_but_a_hello_is_asked_who_they_are(both: list[Serving], text: str) -> None:
    async with both[0].socket() as live:
        await live.say_text(text)

        assert await live.ends() == 4401


async def test_who_says_nothing_is_asked_who_they_are(settings: Settings) -> None:
    async with serving(settings, Times(hello_s=0.01)) as process, process.socket() as live:
        assert await live.ends() == 4401


async def test_a_bad_token_and_one_of_an_ended_session_are_refused(both: list[Serving], ada: Client) -> None:
    await ada.post("/api/v1/auth/logout", {"refresh_token": ada.signed_in["refresh_token"]})

    codes = []
    for client in (Client(ada.http, {"access_token": "x.y.z"}), ada):
        async with both[1].socket() as live:
            await live.hello(client)
            codes.append(live.code)

    assert codes == [4401, 4403]


async def test_a_frame_that_is_too_large_ends_its_socket_alone(both: list[Serving], ada: Client) -> None:
    async with both[0].socket() as large, both[0].socket() as other:
        await large.hello(ada)
        await other.hello(ada)

        await large.say_text("x" * 5_000_000)

        assert await large.ends() == 4429
        assert await other.quiet()


async def test_who_asks_and_never_reads_is_sent_away_and_the_others_go_on(
    settings: Settings, both: list[Serving], ada: Client, store: Store
) -> None:
    there = replace(settings, redis_url=store.url, workers=2)
    for _ in range(10):
        await ada.task("Long", description="x" * 16_000)
    async with serving(there, Times(send_s=0.2)) as process, both[1].socket() as other, process.socket() as deaf:
        await other.hello(ada)

        for _ in range(100):
            await deaf.say(type="hello", access_token=ada.signed_in["access_token"])
        task = await ada.task("For the others")

        assert await other.brings(task["id"])
        await closed(process)
        assert await deaf.ends() == 4409


async def test_who_takes_no_ping_is_sent_away(settings: Settings, ada: Client, store: Store) -> None:
    there = replace(settings, redis_url=store.url, workers=2)
    async with serving(there, ping_s=0.1) as process, process.socket() as deaf:
        await deaf.hello(ada)

        await closed(process)

        assert await deaf.ends() == 4409


async def closed(process: Serving) -> None:
    """Return when a process has no sockets any more."""
    while process.application.hub.sessions:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.01)


async def test_a_session_that_is_revoked_is_cut_off_everywhere_and_the_others_go_on(
    both: list[Serving], ada: Client
) -> None:
    password = {"email": ada.signed_in["user"]["email"], "password": "correct horse battery 9"}
    second = Client(ada.http, (await ada.post("/api/v1/auth/login", password)).json())
    async with both[0].socket() as one, both[1].socket() as other, both[1].socket() as first:
        for live, client in ((one, second), (other, second), (first, ada)):
            await live.hello(client)

        await second.post("/api/v1/auth/logout", {"refresh_token": second.signed_in["refresh_token"]})

        assert [await one.ends(), await other.ends()] == [4403, 4403]
        assert await first.quiet()


async def test_a_revocation_that_nobody_told_of_is_found(settings: Settings, ada: Client, store: Store) -> None:
    there = replace(settings, redis_url=store.url, workers=2)
    async with serving(there, Times(sessions_s=0.05)) as process, process.socket() as live:
        await live.hello(ada)
        session_id = process.backend.tokens.verify(ada.signed_in["access_token"])
        assert session_id

        with store.client() as redis:
            redis.set(keys.session(ada.id, session_id.session_id), "revoked")

        assert await live.ends() == 4403


async def test_a_token_that_runs_out_ends_the_socket_unless_another_was_shown(both: list[Serving], ada: Client) -> None:
    backend = both[0].backend
    caller = backend.tokens.verify(ada.signed_in["access_token"])
    assert caller
    issued = now()
    short = backend.tokens.mint(
        caller.account_id, caller.session_id, issued, issued.replace(microsecond=0) + 2 * SECOND
    )
    async with both[0].socket() as one, both[0].socket() as renewed:
        for live in (one, renewed):
            await live.hello(Client(ada.http, {"access_token": short}))
        await renewed.hello(ada)

        assert await one.ends() == 4401
        assert await renewed.quiet()


async def test_somebody_else_may_not_take_a_socket_over(both: list[Serving], ada: Client, mia: Client) -> None:
    async with both[0].socket() as live:
        await live.hello(ada)

        assert await live.hello(mia) is None
        assert live.code == 4401


async def test_a_member_who_is_removed_is_told_that_the_space_is_gone_and_nothing_after(
    both: list[Serving], ada: Client, mia: Client
) -> None:
    space = await team(ada, mia)
    async with both[0].socket() as hers, both[1].socket() as gone:
        await hers.hello(ada)
        await gone.hello(mia)

        await ada.delete(f"/api/v1/members/{mia.id}?space={space}")
        task = (await ada.post(f"{TASKS}?space={space}", {"title": "Secret"})).json()
        own = await mia.task("Own")

        told: list[Any] = []
        while not any(own["id"] == thing["id"] for page in told for thing in page.get("tasks", [])):
            told += [{**page, "of": of} for of, page in (await gone.until("changes"))["spaces"].items()]
        assert [page for page in told if page["of"] == space] == [{"gone": True, "of": space}]
        assert await hers.brings(task["id"])


async def test_a_space_that_somebody_joins_flows_from_its_beginning(
    both: list[Serving], ada: Client, mia: Client
) -> None:
    async with both[1].socket() as live:
        await live.hello(mia)

        space = await team(ada)
        before = (await ada.post(f"{TASKS}?space={space}", {"title": "Before"})).json()
        made = (await ada.post(f"/api/v1/invitations?space={space}", {"role": "editor"})).json()
        await mia.post("/api/v1/invitations/accept", {"token": made["token"]})
        assert await live.brings(before["id"])
        after = (await ada.post(f"{TASKS}?space={space}", {"title": "After"})).json()
        assert await live.brings(after["id"])


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


async def test_a_publish_that_is_lost_is_made_up_for(settings: Settings, ada: Client, store: Store) -> None:
    there = replace(settings, redis_url=store.url, workers=2)
    async with serving(there, Times(numbers_s=0.1)) as process, process.socket() as live:
        await live.hello(ada)
        with store.client() as redis:
            redis.delete(keys.known(ada.id))
        process.turn.dying = True
        task_id = str(uuid4())

        answer = await process.client(ada).post(TASKS, {"id": task_id, "title": "Untold"})

        assert answer.status_code == 500  # Died
        assert await live.brings(task_id)


async def test_a_redis_that_was_killed_is_found_again_and_what_happened_meanwhile_arrives(
    both: list[Serving], ada: Client, store: Store
) -> None:
    async with both[1].socket() as live:
        await live.hello(ada)

        store.kill()
        meanwhile = await ada.task("Meanwhile")
        store.start()
        assert await live.brings(meanwhile["id"])
        after = await ada.task("After")
        assert await live.brings(after["id"])


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://[", "127.0.0.1"])
async def test_a_page_of_another_site_gets_no_socket(both: list[Serving], origin: str) -> None:
    async with both[0].socket(origin=origin) as live:
        assert (live.status, json.loads(live.refusal)["code"]) == (403, "foreign_origin")


async def test_a_page_of_this_site_gets_one(both: list[Serving]) -> None:
    for origin in (f"http://127.0.0.1:{both[0].port}", both[0].backend.settings.public_url):
        async with both[0].socket(origin=origin) as live:
            assert live.status == 101


async def test_messages_count_against_the_user(settings: Settings, store: Store, ada: Client) -> None:
    there = replace(settings, redis_url=store.url, workers=2, rate_limit_user=Rate(6, 3600))
    command = {"type": "update_task", "args": {}}
    async with serving(there) as process, process.socket() as live:
        with store.client() as redis:
            redis.delete(keys.limit(ada.id))
        await live.hello(ada)
        await live.say_text("garbage")
        await live.say(type="commands", commands=[{"id": str(uuid4()), **command} for _ in range(61)])  # costs 4
        await live.say_text("garbage")

        assert [(await live.hear())["type"] for _ in range(2)] == ["problem", "results"]
        assert await live.ends() == 4429


async def test_an_account_has_no_more_than_so_many_sockets_on_a_process(both: list[Serving], ada: Client) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(SOCKETS_MOST):
            await (await stack.enter_async_context(both[0].socket())).hello(ada)
        one_more = await stack.enter_async_context(both[0].socket())

        assert await one_more.hello(ada) is None
        assert one_more.code == 4429


async def test_nothing_listens_where_there_are_no_sockets(both: list[Serving], ada: Client) -> None:
    async with both[0].socket() as live:
        await live.hello(ada)
    hub = both[0].application.hub

    await closed(both[0])

    assert (hub.watched, hub.accounts) == ({}, {})


async def test_who_is_drained_is_told_when_to_come_back_and_what_is_under_way_is_answered(
    settings: Settings, ada: Client, store: Store
) -> None:
    there = replace(settings, redis_url=store.url, workers=2)
    async with serving(there) as process, process.socket() as live:
        await live.hello(ada)
        task_id = str(uuid4())
        await live.say(type="commands", commands=[{"id": task_id, "type": "create_task", "args": {"title": "Late"}}])
        await live.until("results")

        process.drain.begin()
        told = await live.until("drain")

        assert 0 <= told["retry_after"] <= 1
        assert await live.ends() == 1012
