"""Workers that are killed or late: each effect exactly once all the same."""

import asyncio
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from taskflow.foundation.jobs import enqueue
from tests.foundation.jobs.cluster import Database
from tests.foundation.jobs.waiting import until

PROGRAM = Path(__file__).with_name("worker_process.py")
Start = Callable[[], Awaitable[Process]]


@pytest.fixture
async def start(database: Database) -> AsyncIterator[Start]:
    """Starts worker processes; none of them outlives its test."""
    workers: list[Process] = []

    async def start() -> Process:
        workers.append(await asyncio.create_subprocess_exec(sys.executable, PROGRAM, database.url))
        return workers[-1]

    yield start
    for worker in workers:
        with suppress(ProcessLookupError):
            worker.kill()
        await worker.wait()


@pytest.mark.parametrize("jobs_in_all", [2_000, pytest.param(10_000, marks=pytest.mark.long)])
async def test_each_effect_is_there_exactly_once_though_workers_are_killed_and_one_is_late(
    jobs_in_all: int, database: Database, start: Start
) -> None:
    connection = await database.connect()
    async with connection.transaction():
        for _ in range(jobs_in_all):
            await enqueue(connection, "count", b"")
    workers = [await start(), await start()]

    for done in range(200, jobs_in_all - 200, 200):
        await until(partial(database.fetch, "SELECT count(*) >= $1 FROM effects", done))
        victim = workers.pop(0)
        victim.kill()
        await victim.wait()
        workers.append(await start())
    await until(lambda: database.fetch("SELECT count(*) < 200 FROM jobs.queue"))
    late = workers[0]
    late.send_signal(signal.SIGSTOP)
    # But for those that it is just finishing: their rows are locked.
    await until(lambda: database.fetch("SELECT NOT EXISTS (SELECT FROM jobs.queue FOR UPDATE SKIP LOCKED)"))
    late.send_signal(signal.SIGCONT)
    for worker in workers:
        worker.terminate()
        await worker.wait()

    assert await database.fetch("SELECT count(*) FROM effects") == jobs_in_all
    assert await database.fetch("SELECT count(DISTINCT job) FROM effects") == jobs_in_all
    assert await database.fetch("SELECT count(*) FROM jobs.queue") == 0
    await connection.close()


async def test_a_job_that_kills_its_workers_is_set_aside(
    connection: asyncpg.Connection, database: Database, start: Start
) -> None:
    await enqueue(connection, "kill", b"")

    for _ in range(2):
        worker = await start()
        assert await worker.wait() == -signal.SIGKILL
    worker = await start()
    await until(lambda: database.fetch("SELECT count(*) = 1 FROM jobs.queue WHERE failed_at IS NOT NULL"))

    assert await database.fetch("SELECT error FROM jobs.queue") == "Died: "
    worker.terminate()
    assert await worker.wait() == 0
