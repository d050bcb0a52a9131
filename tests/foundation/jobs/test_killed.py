"""Workers that are killed: each effect exactly once all the same."""

import asyncio
import random
import signal
import sys
from asyncio.subprocess import Process
from pathlib import Path

import asyncpg
import pytest

from taskflow.foundation.jobs import enqueue
from tests.foundation.jobs.cluster import Database
from tests.foundation.jobs.waiting import until

PROGRAM = Path(__file__).with_name("worker_process.py")


async def start(database: Database) -> Process:
    return await asyncio.create_subprocess_exec(sys.executable, PROGRAM, database.url)


@pytest.mark.parametrize("jobs_in_all", [2_000, pytest.param(10_000, marks=pytest.mark.long)])
async def test_each_effect_is_there_exactly_once_though_workers_are_killed_all_the_time(
    jobs_in_all: int, database: Database
) -> None:
    connection = await database.connect()
    async with connection.transaction():
        for _ in range(jobs_in_all):
            await enqueue(connection, "count", b"")
    workers = [await start(database), await start(database)]
    killed = 0

    while await connection.fetchval("SELECT EXISTS (SELECT FROM jobs.queue)"):
        done = await connection.fetchval("SELECT count(*) FROM effects")
        if done >= (killed + 1) * 200:
            victim = workers.pop(random.randrange(2))
            victim.kill()
            await victim.wait()
            workers.append(await start(database))
            killed += 1
        await asyncio.sleep(0.02)

    found = await connection.fetchrow("SELECT count(*), count(DISTINCT job) FROM effects")
    assert found is not None
    assert tuple(found) == (jobs_in_all, jobs_in_all)
    assert killed >= jobs_in_all // 400
    await stop(workers)
    await connection.close()


async def stop(workers: list[Process]) -> None:
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [await worker.wait() for worker in workers] == [0, 0]


async def test_a_job_that_kills_its_workers_is_set_aside(connection: asyncpg.Connection, database: Database) -> None:
    await enqueue(connection, "kill", b"")

    for _ in range(2):
        worker = await start(database)
        assert await worker.wait() == -signal.SIGKILL
    worker = await start(database)
    await until(lambda: database.fetch("SELECT count(*) = 1 FROM jobs.queue WHERE failed_at IS NOT NULL"))

    assert await database.fetch("SELECT error FROM jobs.queue") == "Died: "
    worker.terminate()
    assert await worker.wait() == 0
