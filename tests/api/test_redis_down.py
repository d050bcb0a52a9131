"""Without Redis the product is slower, and as right: nothing stale, nobody let in, no limit open."""

import asyncio
import math
import signal
from collections.abc import Iterator
from dataclasses import replace

import asyncpg
import pytest

from taskflow.foundation.limits import Rate
from taskflow.foundation.redis import keys
from taskflow.foundation.settings import Settings
from tests.api.two import Process, process
from tests.client import PASSWORD, Client
from tests.features.spaces.team import waiting
from tests.foundation.redis.store import Store
from tests.settled import found, settled

pytestmark = pytest.mark.slow

TASKS = "/api/v1/tasks"
SYNC = "/api/v1/sync"


@pytest.fixture
def down(both: list[Client], store: Store) -> Iterator[list[Client]]:
    """Somebody signed in at either process, whose Redis is then killed."""
    store.kill()
    yield both
    if store.process is None:
        store.start()


@pytest.fixture
def hanging(both: list[Client], store: Store) -> Iterator[list[Client]]:
    """Somebody signed in at either process, whose Redis then takes every command and answers none."""
    store.send(signal.SIGSTOP)
    yield both
    store.send(signal.SIGCONT)


async def test_reads_and_writes_go_on_and_every_process_sees_them(down: list[Client]) -> None:
    here, there = down

    task = await here.task("First")
    await there.patch(f"{TASKS}/{task['id']}", {"title": "Changed"})
    answers = [await client.get(TASKS) for client in (here, there, here)]

    assert [[task["title"] for task in answer.json()["items"]] for answer in answers] == [["Changed"]] * 3
    assert len({answer.headers["etag"] for answer in answers}) == 1
    unchanged = await there.get(TASKS, headers={"if-none-match": answers[0].headers["etag"]})
    assert unchanged.status_code == 304


async def test_who_signed_out_stays_out_in_every_process_before_and_after_redis_is_back(
    down: list[Client], store: Store
) -> None:
    here, there = down

    ended = await here.post("/api/v1/auth/logout", {"refresh_token": here.signed_in["refresh_token"]})
    without = [(await client.get(TASKS)).status_code for client in (here, there)]
    store.start()
    again = [(await client.get(TASKS)).status_code for client in (here, there)]

    assert (ended.status_code, without, again) == (204, [401, 401], [401, 401])


async def test_one_can_sign_in_and_refresh(down: list[Client]) -> None:
    here, there = down

    signed_in = await here.post("/api/v1/auth/login", {"email": here.signed_in["user"]["email"], "password": PASSWORD})
    refreshed = await there.post("/api/v1/auth/refresh", {"refresh_token": signed_in.json()["refresh_token"]})

    assert [signed_in.status_code, refreshed.status_code] == [200, 200]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", f"{TASKS}?"), ("GET", f"{TASKS}?space=all&"), ("POST", SYNC)],
    ids=["of one's own", "over all", "sync"],
)
async def test_beyond_the_cap_readers_are_told_to_come_back_and_writers_are_not(
    down: list[Client], processes: list[Process], settings: Settings, method: str, path: str
) -> None:
    here, _ = down
    owner = await asyncpg.connect(settings.database_url)
    await owner.execute("BEGIN; SET LOCAL ROLE taskflow_owner; LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE")

    reading = [
        asyncio.create_task(here.get(f"{path}limit={nth + 1}") if method == "GET" else here.post(SYNC, {}))
        for nth in range(14)
    ]
    refused, _ = await asyncio.wait(reading, return_when=asyncio.FIRST_COMPLETED)
    while len(refused) < 4:
        refused, _ = await asyncio.wait(reading, timeout=0.01)
    writing = asyncio.create_task(here.post(TASKS, {"title": "Pay rent"}))
    await waiting(processes[0].backend, 11)
    await owner.close()

    assert {(answer.result().status_code, answer.result().headers["retry-after"]) for answer in refused} == {(503, "1")}
    assert sorted(answer.status_code for answer in await asyncio.gather(*reading)) == [200] * 10 + [503] * 4
    assert (await writing).status_code == 201


async def test_each_process_lets_its_share_of_a_limit_through(
    down: list[Client], settings: Settings, store: Store
) -> None:
    narrow = replace(
        settings, redis_url=store.url, workers=2, rate_limit_user=Rate(10, 3600), rate_limit_auth=Rate(4, 900)
    )
    wrong = {"email": down[0].signed_in["user"]["email"], "password": "wrong horse battery 9"}

    async with process(narrow) as one, process(narrow) as other:
        asked = [[(await each.client(down[0]).get(TASKS)).status_code for _ in range(7)] for each in (one, other)]
        guessed = [
            [(await Client(each.http).post("/api/v1/auth/login", wrong)).status_code for _ in range(4)]
            for each in (one, other)
        ]

    assert asked == [[200] * 5 + [429] * 2] * 2
    assert guessed == [[401] * 2 + [429] * 2] * 2


async def test_it_is_found_again_by_itself(both: list[Client], processes: list[Process], store: Store) -> None:
    here, there = both
    task = await here.task("First")
    store.kill()
    await here.patch(f"{TASKS}/{task['id']}", {"title": "Changed"})
    store.start()

    answers = [await client.get(TASKS) for client in (there, here, there)]

    assert [[task["title"] for task in answer.json()["items"]] for answer in answers] == [["Changed"]] * 3
    await found(processes[0].turn)
    await here.get(TASKS)
    with store.client() as redis:
        assert redis.dbsize() > 0


async def test_a_process_that_finds_redis_first_does_not_believe_it_before_the_others_have_told_it(
    down: list[Client], processes: list[Process], store: Store
) -> None:
    here, there = down
    task = await here.task("First")
    await there.get(TASKS)
    line = processes[1].turn._script._line
    line._probe_at = math.inf  # this one does not look for Redis again, for the time being
    store.start()
    await found(processes[0].turn)
    await here.get(TASKS)

    writing = asyncio.create_task(there.patch(f"{TASKS}/{task['id']}", {"title": "Changed"}))
    while (one := (await there.get(f"{TASKS}/{task['id']}")).json())["title"] == "First":
        pass
    listed = await here.get(TASKS)
    line._probe_at = 0

    assert listed.json()["items"] == [one]
    assert (await writing).status_code == 200


async def test_when_all_have_found_redis_it_is_gone_by_again(
    down: list[Client], processes: list[Process], store: Store
) -> None:
    here, there = down
    store.start()
    for each in processes:
        await settled(each.turn)

    task = await here.task("First")
    await there.get(TASKS)

    with store.client() as redis:
        assert redis.get(keys.known(here.id)) == str(task["seq"])


async def test_a_redis_that_hangs_holds_nobody_up_once_that_is_known(
    hanging: list[Client], processes: list[Process], store: Store
) -> None:
    here, there = hanging
    credentials = {"email": here.signed_in["user"]["email"], "password": PASSWORD}

    async with asyncio.timeout(20):  # one wait of 2 s in each process; each wait for a pool of connections took 6 s
        read = await asyncio.gather(*(client.get(TASKS) for client in (here, there) for _ in range(5)))
        read += [await here.get(f"{TASKS}?limit={limit}") for limit in range(1, 11)]
        signed_in = await here.post("/api/v1/auth/login", credentials)
        refreshed = await here.post("/api/v1/auth/refresh", {"refresh_token": signed_in.json()["refresh_token"]})
        ended = await here.post("/api/v1/auth/logout", {"refresh_token": refreshed.json()["refresh_token"]})
    store.send(signal.SIGCONT)
    for each in processes:
        await settled(each.turn)

    assert {answer.status_code for answer in read} == {200}
    assert [signed_in.status_code, refreshed.status_code, ended.status_code] == [200, 200, 204]
    task = await here.task("First")
    assert (await there.get(TASKS)).json()["items"] == [task]
