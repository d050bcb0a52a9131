"""Nobody sees or changes what is not theirs, even where a statement forgets to say whose it means."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from taskflow.foundation.backend import Backend
from taskflow.foundation.database import Database
from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from taskflow.foundation.ids import new_id
from taskflow.foundation.settings import Settings
from tests.architecture.catalogue import Table, tables
from tests.architecture.rows import in_order, insert

WITHOUT_A_WALL = {
    "installation": "one row, the epoch, which every write reads",
    "jobs.queue": "workers take the jobs of all spaces; what a job then does is done inside of a wall",
    "migrations": "what has run on this database",
    "signing_keys": "every process signs and verifies with them; the application may only read them",
}
WALL = "({owner} = (NULLIF(current_setting('app.space'::text, true), ''::text))::uuid)"
DELETED_AGO = "((deleted_seq IS NOT NULL) AND (updated_at < (now() - '{}'::interval)))"
TRASHED = "30 days 01:00:00"
BURIED = ("comments", "labels", "projects", "sections", "tasks")
BEYOND_THE_WALL = {
    ("accounts", "login", "{taskflow_login}", "SELECT", "true"): "find_login: whose address is this",
    ("answers", "expired", "{taskflow_janitor}", "ALL", "(expires_at < now())"): "purge_answers",
    ("sessions", "expired", "{taskflow_janitor}", "ALL", "(ends_at < now())"): "purge_sessions",
    ("activity", "expired", "{taskflow_janitor}", "ALL", f"(at < (now() - '{TRASHED}'::interval))"): "empty_trash",
    ("invitations", "expired", "{taskflow_janitor}", "ALL", "(expires_at < (now() - '30 days'::interval))"): (
        "purge_invitations"
    ),
    **{
        (table, policy, "{taskflow_janitor}", right, DELETED_AGO.format(after)): purpose
        for table in BURIED
        for policy, right, after, purpose in (
            ("expired", "ALL", "90 days", "purge_tombstones"),
            ("trash_seen", "SELECT", TRASHED, "empty_trash"),
            ("trash_emptied", "UPDATE", TRASHED, "empty_trash"),
        )
    },
}
SEES_ALL = "SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"
POLICIES = """
SELECT tablename, policyname, roles::text, cmd, qual FROM pg_policies
WHERE permissive = 'PERMISSIVE' AND with_check IS NULL ORDER BY 1, 2
"""


class Undone(Exception):
    """Ends a transaction that is not meant to last."""


@pytest.fixture(scope="module", autouse=True)
async def _bound(backend: Backend) -> None:
    """Before all else: a suite that is run by a superuser passes with every policy dropped."""
    assert await backend.database.fetch(SEES_ALL) == []


@pytest.fixture(scope="module")
async def owner(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """The login that migrates."""
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def walled(owner: asyncpg.Connection) -> list[Table]:
    """The tables that should have a wall, each after those that it points to."""
    return in_order({name: table for name, table in (await tables(owner)).items() if name not in WITHOUT_A_WALL})


@pytest.fixture(scope="module")
async def two(owner: asyncpg.Connection, walled: list[Table]) -> tuple[UUID, UUID]:
    """Two spaces, each with a row in every table."""
    mine, theirs = new_id(), new_id()
    for table in walled:
        for space in (mine, theirs):
            await owner.execute(insert(table), space)
    return mine, theirs


async def test_requests_are_not_served_by_a_login_that_passes_through_walls(postgres: EmbeddedPostgres) -> None:
    async with asyncpg.create_pool(postgres.url, min_size=1, max_size=1) as pool:
        with pytest.raises(PermissionError, match="application role"):
            await Database(pool).refuse_privileges()


async def test_every_table_has_a_wall_or_is_on_a_list(owner: asyncpg.Connection) -> None:
    found = await tables(owner)

    assert {name for name, table in found.items() if not (table.walled and table.forced)} == WITHOUT_A_WALL.keys()
    assert {table.kind for table in found.values()} == {"r"}, "a view shows what its owner may see"


async def test_every_wall_is_the_same_one(owner: asyncpg.Connection, walled: list[Table]) -> None:
    plain = {(table.full_name, "{public}", "ALL", WALL.format(owner=table.owner)) for table in walled}

    policies = [tuple(row) for row in await owner.fetch(POLICIES)]

    assert {policy for policy in policies if policy[2] != "{public}"} == BEYOND_THE_WALL.keys()
    assert {(table, *rest) for table, _, *rest in policies if rest[0] == "{public}"} == plain
    assert await owner.fetchval("SELECT count(*) FROM pg_policies") == len(policies)


@asynccontextmanager
async def inside(backend: Backend, space: UUID) -> AsyncIterator[Any]:
    """A connection within the wall of a space; all that is done on it is undone."""
    with suppress(Undone):
        async with backend.database.transaction(space) as transaction:
            yield transaction.connection
            raise Undone


@pytest.mark.parametrize(
    "careless",
    [
        "SELECT {owner} FROM {table}",
        "SELECT {owner} FROM {table} WHERE {owner} = '{theirs}' OR true",
        "UPDATE {table} SET {column} = {column} RETURNING {owner}",
        "UPDATE {table} SET {column} = {column} WHERE {owner} IN ('{mine}', '{theirs}') RETURNING {owner}",
        "DELETE FROM {table} RETURNING {owner}",
        "DELETE FROM {table} WHERE {owner} IN ('{mine}', '{theirs}') RETURNING {owner}",
    ],
)
async def test_a_statement_that_names_no_space_reaches_its_own_alone(
    backend: Backend, walled: list[Table], two: tuple[UUID, UUID], careless: str
) -> None:
    reached: dict[str, Any] = {}

    for place, table in enumerate(walled):
        async with inside(backend, two[0]) as connection:
            for pointing in reversed(walled[place + 1 :]):  # what points to a row keeps it from being deleted
                if "DELETE" in careless and pointing.name != "accounts":
                    await connection.execute(filled(careless, pointing, two))
            reached[table.name] = await owners(connection, filled(careless, table, two))

    allowed = {"accounts": "refused"} if "DELETE" in careless else {}
    assert reached == {table.name: {two[0]} for table in walled} | allowed


def filled(careless: str, table: Table, two: tuple[UUID, UUID]) -> str:
    """A statement about a table; `column`: one that is no part of its key."""
    column = next(column.name for column in reversed(table.columns) if column.name not in table.key)
    return careless.format(table=table.name, owner=table.owner, column=column, mine=two[0], theirs=two[1])


async def owners(connection: Any, sql: str, *args: object) -> Any:
    """Whose rows a statement reaches, or that it is refused."""
    try:
        return {row[0] for row in await connection.fetch(sql, *args)}
    except asyncpg.InsufficientPrivilegeError:
        return "refused"


@pytest.mark.parametrize(
    "clause",
    ["", " ON CONFLICT DO NOTHING", " ON CONFLICT ({key}) DO UPDATE SET {column} = excluded.{column}"],
    ids=["insert", "insert or nothing", "upsert"],
)
@pytest.mark.parametrize("there", [True, False], ids=["over a row of theirs", "beside their rows"])
async def test_nothing_is_put_into_another_space(
    backend: Backend, walled: list[Table], two: tuple[UUID, UUID], clause: str, *, there: bool
) -> None:
    reached: dict[str, Any] = {}

    for table in walled:
        sql = insert(table) + filled(clause.replace("{key}", ", ".join(table.key)), table, two)
        async with inside(backend, two[0]) as connection:
            reached[table.name] = await owners(connection, sql, two[1] if there else new_id())

    assert reached == {table.name: "refused" for table in walled}


async def test_nothing_is_moved_into_another_space(
    backend: Backend, walled: list[Table], two: tuple[UUID, UUID]
) -> None:
    reached: dict[str, Any] = {}

    for table in walled:
        async with inside(backend, two[0]) as connection:
            move = filled("UPDATE {table} SET {owner} = $1 RETURNING {owner}", table, two)
            reached[table.name] = await owners(connection, move, new_id())

    assert reached == {table.name: "refused" for table in walled}


async def test_outside_of_every_wall_there_is_nothing(
    backend: Backend, walled: list[Table], two: tuple[UUID, UUID]
) -> None:
    async with backend.database.transaction(two[0]):
        pass  # a commit leaves the setting empty behind, which is not the same as never set

    seen = {table.name: await backend.database.fetch(filled("TABLE {table}", table, two)) for table in walled}

    assert seen == {table.name: [] for table in walled}


@pytest.fixture
async def single(settings: Settings) -> AsyncIterator[Database]:
    """A pool of one connection."""
    database = await Database.open(settings.database_url, 1)
    yield database
    await database.close()


@pytest.mark.parametrize("rounds", [500, pytest.param(10_000, marks=pytest.mark.long)])
async def test_one_connection_that_serves_two_spaces_in_turn_mixes_nothing_up(
    single: Database, two: tuple[UUID, UUID], rounds: int
) -> None:
    chance, outcomes = random.Random(rounds), {"done": 0, "cancelled": 0}

    for _ in range(rounds):
        space = chance.choice(two)
        visit = asyncio.create_task(visited(single, space))
        if chance.random() < 0.7:
            await break_off(visit, chance)
        await asyncio.wait([visit])
        outcomes["cancelled" if visit.cancelled() else "done"] += 1
        if not visit.cancelled():
            assert visit.result() == ({space}, {space})
        assert await single.fetch("SELECT space_id FROM tasks") == []

    assert min(outcomes.values()) > rounds / 10, outcomes


async def visited(database: Database, space: UUID) -> tuple[set[UUID], set[UUID]]:
    """Whose rows are seen, and whose are changed, by two statements that name no space."""
    async with asyncio.timeout(30), database.transaction(space) as transaction:
        seen = await transaction.connection.fetch("SELECT space_id FROM tasks")
        changed = await transaction.connection.fetch("UPDATE tasks SET seq = seq + 1 RETURNING space_id")
    return {row[0] for row in seen}, {row[0] for row in changed}


async def break_off(visit: asyncio.Task[Any], chance: random.Random) -> None:
    """Cancel at some moment; now and then once more, while the first is being cleaned up after."""
    for _ in range(chance.choice([1, 1, 2])):
        await asyncio.sleep(chance.choice([0, chance.uniform(0, 0.003)]))
        visit.cancel()
