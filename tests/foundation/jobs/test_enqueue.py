"""What is left behind in a transaction, and when it is done."""

import asyncio

import asyncpg
import msgspec
import pytest

from taskflow.foundation.jobs import Attempt, Job, enqueue, job
from tests.foundation.jobs.cluster import Database
from tests.foundation.jobs.conftest import Working
from tests.foundation.jobs.waiting import soon

QUEUED = "SELECT count(*) FROM jobs.queue"


@pytest.fixture
def seen(jobs: dict[str, Job]) -> "asyncio.Queue[bytes]":
    """What the job `note` was given, in its order."""
    payloads: asyncio.Queue[bytes] = asyncio.Queue()

    @job("note", jobs=jobs)
    async def note(_: Attempt[Database], payload: bytes) -> None:
        await payloads.put(payload)

    return payloads


async def test_a_job_of_a_transaction_that_rolls_back_is_never_seen(
    connection: asyncpg.Connection, database: Database
) -> None:
    transaction = connection.transaction()
    await transaction.start()
    await enqueue(connection, "note", b"")

    await transaction.rollback()

    assert await database.fetch(QUEUED) == 0


async def test_a_job_runs_after_the_commit_of_its_transaction_and_not_before(
    connection: asyncpg.Connection, database: Database, working: Working, seen: "asyncio.Queue[bytes]"
) -> None:
    other = await database.connect()
    async with working():
        async with connection.transaction():
            await enqueue(connection, "note", b"open")
            await enqueue(other, "note", b"committed")
            first = await soon(seen.get())
        second = await soon(seen.get())

    assert (first, second) == (b"committed", b"open")
    assert await database.fetch(QUEUED) == 0
    await other.close()


async def test_while_one_of_a_key_waits_there_is_no_second_one_and_the_newer_payload_counts(
    connection: asyncpg.Connection, database: Database, working: Working, seen: "asyncio.Queue[bytes]"
) -> None:
    for payload in (b"old", b"newer"):
        await enqueue(connection, "note", payload, key="space 1")
    await enqueue(connection, "note", b"of another key", key="space 2")
    assert await database.fetch(QUEUED) == 2

    async with working():
        found = {await soon(seen.get()), await soon(seen.get())}

    assert found == {b"newer", b"of another key"}
    assert seen.empty()


async def test_one_of_the_same_key_that_comes_while_the_first_runs_is_done_after_it(
    connection: asyncpg.Connection, working: Working, jobs: dict[str, Job]
) -> None:
    seen: asyncio.Queue[bytes] = asyncio.Queue()
    go_on = asyncio.Event()

    @job("read", jobs=jobs)
    async def read(_: Attempt[Database], payload: bytes) -> None:
        await seen.put(payload)
        await go_on.wait()

    async with working():
        await enqueue(connection, "read", b"first", key="space 1")
        first = await soon(seen.get())
        await enqueue(connection, "read", b"second", key="space 1")
        go_on.set()
        second = await soon(seen.get())

    assert (first, second) == (b"first", b"second")


async def test_a_waiting_job_is_not_taken_while_a_transaction_that_counts_on_it_is_open(
    connection: asyncpg.Connection, database: Database, working: Working, seen: "asyncio.Queue[bytes]"
) -> None:
    other = await database.connect()
    await enqueue(connection, "note", b"old", key="space 1")

    async with connection.transaction():
        await enqueue(connection, "note", b"with what this transaction did", key="space 1")
        async with working():
            await enqueue(other, "note", b"another")
            first = await soon(seen.get())
    async with working():
        second = await soon(seen.get())

    assert (first, second) == (b"another", b"with what this transaction did")
    await other.close()


async def test_a_payload_arrives_as_the_struct_that_the_job_names(
    connection: asyncpg.Connection, working: Working, jobs: dict[str, Job]
) -> None:
    class Letter(msgspec.Struct):
        to: str

    letters: asyncio.Queue[Letter] = asyncio.Queue()

    async def send(_: Attempt[Database], letter: Letter) -> None:
        await letters.put(letter)

    send.__annotations__["letter"] = Letter
    job("send", jobs=jobs)(send)
    await enqueue(connection, "send", msgspec.json.encode(Letter("ada@example.com")))

    async with working():
        assert await soon(letters.get()) == Letter("ada@example.com")


def test_two_jobs_of_one_name_are_refused(jobs: dict[str, Job], seen: "asyncio.Queue[bytes]") -> None:
    assert seen.empty()

    async def again(_: Attempt[Database], __: bytes) -> None: ...

    with pytest.raises(ValueError, match="two jobs are named note"):
        job("note", jobs=jobs)(again)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE jobs.other (id int)",
        "DROP TABLE jobs.queue",
        "ALTER TABLE jobs.queue ADD COLUMN more text",
        "TRUNCATE jobs.queue",
        "CREATE FUNCTION jobs.run() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
async def test_the_application_role_may_use_the_queue_and_change_nothing_about_it(
    connection: asyncpg.Connection, sql: str
) -> None:
    role = "SELECT (rolname, rolsuper, rolbypassrls)::text FROM pg_roles WHERE rolname = current_user"
    assert await connection.fetchval(role) == "(taskflow_app,f,f)"

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(sql)
