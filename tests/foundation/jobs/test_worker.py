"""What a worker does with jobs that fail, repeat, hang or are taken from it, and with a database that goes away."""

import asyncio
import logging
from datetime import timedelta
from typing import NoReturn

import asyncpg
import pytest

from taskflow.foundation.jobs import Attempt, Job, Lost, enqueue, job
from tests.foundation.jobs.cluster import Database
from tests.foundation.jobs.conftest import Working
from tests.foundation.jobs.waiting import soon, until

QUEUED = "SELECT count(*) FROM jobs.queue"
FAILED = "SELECT count(*) FROM jobs.queue WHERE failed_at IS NOT NULL"
EFFECTS = "SELECT count(*) FROM effects"
Context = Attempt[Database]


async def write(connection: asyncpg.Connection, attempt: Context, note: str = "") -> None:
    await connection.execute("INSERT INTO effects VALUES ($1, $2)", attempt.id, note)


async def test_a_job_that_fails_is_tried_again_and_then_set_aside_with_its_error(
    connection: asyncpg.Connection,
    database: Database,
    working: Working,
    jobs: dict[str, Job],
    caplog: pytest.LogCaptureFixture,
) -> None:
    numbers: list[int] = []

    @job("break", jobs=jobs, attempts=3)
    async def break_(attempt: Context, _: bytes) -> NoReturn:
        numbers.append(attempt.number)
        raise RuntimeError("no \0 and no \ud800")

    await enqueue(connection, "break", b"", key="one")
    async with working():
        await until(lambda: database.fetch(FAILED))

    assert numbers == [1, 2, 3]
    assert await database.fetch("SELECT error FROM jobs.queue") == r"RuntimeError: no  and no \ud800"
    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.WARNING, logging.ERROR]
    assert caplog.records[-1].__dict__["job"] == "break"


async def test_a_job_that_fails_once_is_done_by_its_second_attempt(
    connection: asyncpg.Connection, database: Database, working: Working, jobs: dict[str, Job]
) -> None:
    @job("stumble", jobs=jobs)
    async def stumble(attempt: Context, _: bytes) -> None:
        if attempt.number == 1:
            raise OSError("not yet")

    await enqueue(connection, "stumble", b"")
    async with working():
        await until(lambda: database.fetch("SELECT NOT EXISTS (SELECT FROM jobs.queue)"))

    assert await database.fetch(QUEUED) == 0


async def test_a_payload_that_is_none_and_an_attempt_that_takes_too_long_are_failures(
    connection: asyncpg.Connection, database: Database, working: Working, jobs: dict[str, Job]
) -> None:
    @job("read", jobs=jobs, attempts=1)
    async def read(_: Context, payload: dict[str, int]) -> None: ...

    @job("hang", jobs=jobs, attempts=1, limit=timedelta(milliseconds=1))
    async def hang(_: Context, __: bytes) -> None:
        await asyncio.Event().wait()

    await enqueue(connection, "read", b"{")
    await enqueue(connection, "hang", b"")
    async with working():
        await until(lambda: database.fetch(f"{FAILED} HAVING count(*) = 2"))

    kinds = await database.fetch("SELECT array_agg(split_part(error, ':', 1) ORDER BY name) FROM jobs.queue")
    assert kinds == ["TimeoutError", "DecodeError"]


async def test_what_failed_is_deleted_a_month_later_and_what_finished_at_once(
    connection: asyncpg.Connection, database: Database, working: Working, jobs: dict[str, Job]
) -> None:
    @job("break", jobs=jobs, attempts=1)
    async def break_(_: Context, __: bytes) -> NoReturn:
        raise RuntimeError

    await enqueue(connection, "break", b"")
    await enqueue(connection, "break", b"")
    async with working():
        await until(lambda: database.fetch(f"{FAILED} HAVING count(*) = 2"))
    await connection.execute(
        "UPDATE jobs.queue SET failed_at = now() - interval '31 days'"
        " WHERE id = (SELECT id FROM jobs.queue ORDER BY run_at LIMIT 1)"
    )

    async with working():
        await until(lambda: database.fetch("SELECT count(*) = 1 FROM jobs.queue"))

    assert await database.fetch(FAILED) == 1


async def test_a_job_whose_name_a_worker_does_not_know_is_left_for_one_that_does(
    connection: asyncpg.Connection, database: Database, working: Working, jobs: dict[str, Job]
) -> None:
    @job("known", jobs=jobs)
    async def known(_: Context, __: bytes) -> None: ...

    await enqueue(connection, "of the next release", b"")
    await enqueue(connection, "known", b"")
    async with working():
        await until(lambda: database.fetch("SELECT count(*) = 1 FROM jobs.queue"))

    assert await database.fetch("SELECT (name, taken)::text FROM jobs.queue") == '("of the next release",0)'


async def test_what_repeats_runs_once_a_period_however_many_workers_there_are(
    database: Database, working: Working, jobs: dict[str, Job]
) -> None:
    @job("sweep", jobs=jobs, every=timedelta(milliseconds=300))
    async def sweep(attempt: Context, _: bytes) -> None:
        period = await attempt.context.fetch("SELECT date_bin(period, now(), 'epoch')::text FROM jobs.queue")
        connection = await attempt.context.connect()
        await write(connection, attempt, period)
        await connection.close()

    async with working(), working(), working():
        await until(lambda: database.fetch("SELECT count(*) >= 5 FROM effects"))

    assert await database.fetch("SELECT count(*) - count(DISTINCT note) FROM effects") == 0
    assert await database.fetch(QUEUED) == 1


async def test_what_repeats_and_fails_goes_on_with_its_next_period(
    database: Database, working: Working, jobs: dict[str, Job]
) -> None:
    numbers: list[int] = []

    @job("sweep", jobs=jobs, every=timedelta(milliseconds=50), attempts=2)
    async def sweep(attempt: Context, _: bytes) -> NoReturn:
        numbers.append(attempt.number)
        raise RuntimeError

    async def is_enough() -> bool:
        return len(numbers) > 4

    async with working():
        await until(is_enough)

    assert numbers[:4] == [1, 2, 1, 2]
    assert await database.fetch(FAILED) == 0


async def test_a_period_that_a_release_shortens_holds_from_its_start(
    database: Database, working: Working, jobs: dict[str, Job]
) -> None:
    async def sweep(attempt: Context, _: bytes) -> None:
        connection = await attempt.context.connect()
        await write(connection, attempt)
        await connection.close()

    job("sweep", jobs=jobs, every=timedelta(days=1))(sweep)
    async with working():
        await until(lambda: database.fetch("SELECT count(*) = 1 FROM effects"))
    jobs.clear()

    job("sweep", jobs=jobs, every=timedelta(milliseconds=50))(sweep)
    async with working():
        await until(lambda: database.fetch("SELECT count(*) > 2 FROM effects"))

    assert await database.fetch(QUEUED) == 1


async def test_a_worker_that_is_told_to_stop_lets_its_jobs_end(
    connection: asyncpg.Connection, database: Database, working: Working, jobs: dict[str, Job]
) -> None:
    began = asyncio.Event()

    @job("take time", jobs=jobs)
    async def take_time(attempt: Context, _: bytes) -> None:
        began.set()
        await asyncio.sleep(0.2)
        connection = await attempt.context.connect()
        await write(connection, attempt)
        await connection.close()

    await enqueue(connection, "take time", b"")
    async with working():
        await soon(began.wait())

    assert await database.fetch(EFFECTS) == 1
    assert await database.fetch(QUEUED) == 0


async def test_what_does_not_end_in_time_is_given_back_unharmed(
    connection: asyncpg.Connection, database: Database, working: Working, jobs: dict[str, Job]
) -> None:
    began = asyncio.Event()

    @job("hang", jobs=jobs)
    async def hang(_: Context, __: bytes) -> None:
        began.set()
        await asyncio.Event().wait()

    await enqueue(connection, "hang", b"", key="one")
    async with working(grace=timedelta()):
        await soon(began.wait())

    assert await database.fetch("SELECT run_at <= now() AND attempts = 0 AND error IS NULL FROM jobs.queue")


async def test_the_effect_of_an_attempt_whose_job_was_taken_over_rolls_back(
    connection: asyncpg.Connection, database: Database, working: Working, jobs: dict[str, Job]
) -> None:
    lost = asyncio.Event()

    @job("be late", jobs=jobs)
    async def be_late(attempt: Context, _: bytes) -> None:
        connection = await attempt.context.connect()
        if attempt.number == 1:  # as if the lease had run out
            await connection.execute("UPDATE jobs.queue SET taken = taken + 1, attempts = 2, run_at = now()")
        try:
            async with connection.transaction():
                await write(connection, attempt, str(attempt.number))
                await attempt.finish(connection)
        except Lost:
            lost.set()
            raise
        finally:
            await connection.close()

    await enqueue(connection, "be late", b"")
    async with working():
        await soon(lost.wait())
        await until(lambda: database.fetch("SELECT NOT EXISTS (SELECT FROM jobs.queue)"))

    assert await database.fetch("SELECT array_agg(note) FROM effects") == ["3"]


async def test_a_long_job_keeps_its_lease(
    connection: asyncpg.Connection, database: Database, working: Working, jobs: dict[str, Job]
) -> None:
    @job("take time", jobs=jobs)
    async def take_time(attempt: Context, _: bytes) -> None:
        until_then = "SELECT run_at > created_at + interval '1.5 seconds' FROM jobs.queue WHERE taken = 1"
        await until(lambda: attempt.context.fetch(until_then))
        connection = await attempt.context.connect()
        await write(connection, attempt)
        await connection.close()

    await enqueue(connection, "take time", b"")
    async with working(lease=timedelta(seconds=1)), working(lease=timedelta(seconds=1)):
        await until(lambda: database.fetch("SELECT NOT EXISTS (SELECT FROM jobs.queue)"))

    assert await database.fetch(EFFECTS) == 1


async def test_a_worker_outlives_a_restart_of_the_database_with_a_job_in_its_hands(
    connection: asyncpg.Connection, database: Database, working: Working, jobs: dict[str, Job]
) -> None:
    began, go_on = asyncio.Event(), asyncio.Event()

    @job("take time", jobs=jobs)
    async def take_time(_: Context, __: bytes) -> None:
        began.set()
        await go_on.wait()

    await enqueue(connection, "take time", b"before")
    async with working():
        await soon(began.wait())
        await asyncio.to_thread(database.cluster.control, "restart")
        go_on.set()
        await until(lambda: database.fetch("SELECT NOT EXISTS (SELECT FROM jobs.queue)"))
        connection = await database.connect()
        await enqueue(connection, "take time", b"after")
        await until(lambda: database.fetch("SELECT NOT EXISTS (SELECT FROM jobs.queue)"))
        await connection.close()


async def test_a_worker_that_is_told_to_stop_while_the_database_is_away_ends(
    connection: asyncpg.Connection, database: Database, working: Working, jobs: dict[str, Job]
) -> None:
    began = asyncio.Event()

    @job("hang", jobs=jobs)
    async def hang(_: Context, __: bytes) -> None:
        began.set()
        await asyncio.Event().wait()

    await enqueue(connection, "hang", b"")
    async with asyncio.timeout(60), working(grace=timedelta()):
        await soon(began.wait())
        await asyncio.to_thread(database.cluster.control, "stop")
    await asyncio.to_thread(database.cluster.control, "start")

    assert await database.fetch("SELECT taken = 1 AND run_at > created_at FROM jobs.queue")
