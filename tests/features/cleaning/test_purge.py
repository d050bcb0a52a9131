"""What has expired is deleted; what has not is out of the janitor's sight."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from taskflow.features.cleaning import jobs
from taskflow.foundation.backend import Backend
from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from taskflow.foundation.ids import new_id
from taskflow.foundation.jobs import JOBS, Attempt

ANSWERS = """INSERT INTO answers (space_id, account_id, key, fingerprint, status, body, expires_at)
    SELECT $1, $1, n::text, '', 200, '', now() + make_interval(hours => $3) FROM generate_series(1, $2) n"""
SESSIONS = """INSERT INTO sessions
    (space_id, id, refresh_hash, rotated_at, name, created_at, last_used_at, idle_at, ends_at)
    SELECT $1, gen_random_uuid(), '', now(), '', now(), now(), now(), now() + make_interval(hours => $3)
    FROM generate_series(1, $2)"""


def attempt(backend: Backend) -> Attempt[Backend]:
    return Attempt(new_id(), "", 1, 1, backend)


async def count(backend: Backend, table: str, *spaces: Any) -> list[int]:
    counts = []
    for space in spaces:
        async with backend.database.transaction(space) as transaction:
            counts.append(await transaction.connection.fetchval(f"SELECT count(*) FROM {table}"))  # noqa: S608
    return counts


@pytest.mark.parametrize(
    ("table", "insert", "purge"),
    [("answers", ANSWERS, jobs.purge_answers), ("sessions", SESSIONS, jobs.purge_sessions)],
)
async def test_what_has_expired_is_deleted_in_every_space_and_nothing_else(
    backend: Backend, table: str, insert: str, purge: Any
) -> None:
    spaces = [new_id(), new_id()]
    for space in spaces:
        async with backend.database.transaction(space) as transaction:
            await transaction.connection.execute(insert, space, 1_200, -1)
            await transaction.connection.execute(insert.replace("n::text", "'lives' || n"), space, 3, 1)

    await purge(attempt(backend), b"")

    assert await count(backend, table, *spaces) == [3, 3]


async def test_they_run_every_few_minutes() -> None:
    assert {JOBS[name].every for name in ("purge_answers", "purge_sessions")} == {jobs.EVERY}


@pytest.mark.parametrize("function", ["purge_answers(int)", "purge_sessions(int)"])
async def test_only_the_application_may_call_the_janitor(postgres: EmbeddedPostgres, function: str) -> None:
    roles = ("taskflow_app", "taskflow_login", "taskflow_search", "public")
    connection = await asyncpg.connect(postgres.url)

    allowed = [
        role
        for role in roles
        if await connection.fetchval("SELECT has_function_privilege($1, $2, 'EXECUTE')", role, function)
    ]

    assert allowed == ["taskflow_app"]
    owner = "SELECT proowner::regrole::text FROM pg_proc WHERE oid = $1::regprocedure"
    assert await connection.fetchval(owner, function) == "taskflow_janitor"
    await connection.close()


async def test_a_caller_cannot_lead_the_janitor_to_another_table(
    postgres: EmbeddedPostgres,
) -> None:
    connection = await asyncpg.connect(postgres.url, server_settings={"role": "taskflow_app"})
    try:
        await connection.execute(f"CREATE TEMPORARY TABLE answers AS SELECT '{uuid4()}'::uuid AS space_id")
        await connection.execute("SET search_path = pg_temp, public")
        assert await connection.fetchval("SELECT purge_answers(10)") == 0
        assert await connection.fetchval("SELECT count(*) FROM pg_temp.answers") == 1
    finally:
        await connection.close()
