"""What has expired is deleted; what has not is out of the janitor's sight."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from taskflow.features.cleaning import jobs
from taskflow.features.tasks.model import CreateTask, DeleteTask, UpdateTask
from taskflow.foundation.backend import Backend
from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from taskflow.foundation.ids import new_id
from taskflow.foundation.jobs import JOBS, Attempt
from tests.account import Person, new_person

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


async def test_a_deleted_task_goes_after_90_days_with_its_history_and_no_other_does(backend: Backend) -> None:
    ada, eve = await new_person(backend), await new_person(backend)
    for person in (ada, eve):
        made = {title: await person.do(CreateTask(title=title)) for title in ("old", "young", "alive")}
        for task in made.values():
            await person.do(UpdateTask(id=task["id"], priority=1))
        for title in ("old", "young"):
            await person.do(DeleteTask(id=made[title]["id"]))
        await age(person, made["old"], 91)
        await age(person, made["young"], 89)
        await age(person, made["alive"], 400)

    await jobs.purge_tombstones(attempt(backend), b"")

    assert await count(backend, "tasks", ada.id, eve.id) == [2, 2]
    assert await count(backend, "activity", ada.id, eve.id) == [1, 1], "what lives keeps its own"


async def age(person: Person, task: dict[str, Any], days: int) -> None:
    """Let all that happened to a task lie so many days further back."""
    async with person.backend.database.transaction(person.id) as transaction:
        for table, column, key in (("tasks", "updated_at", "id"), ("activity", "at", "entity_id")):
            moved = f"UPDATE {table} SET {column} = {column} - make_interval(days => $1) WHERE {key} = $2"  # noqa: S608
            await transaction.connection.execute(moved, days, task["id"])


async def test_they_run_every_few_minutes() -> None:
    assert {
        JOBS[name].every for name in ("purge_answers", "purge_invitations", "purge_sessions", "purge_tombstones")
    } == {jobs.EVERY}


@pytest.mark.parametrize(
    "function",
    [
        "purge_answers(int)",
        "purge_invitations(int)",
        "purge_sessions(int)",
        "empty_trash(int)",
        "purge_tombstones(int)",
    ],
)
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
