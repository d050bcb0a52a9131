"""Every role of the database can do its one thing, and so can every function that lends its role to others."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import new_id
from taskflow.foundation.migrations import OWNER, ROLES
from taskflow.foundation.settings import Settings
from tests.account import Person
from tests.architecture.catalogue import tables
from tests.architecture.rows import insert

APP = "taskflow_app"
READ_ONLY = {"installation", "migrations", "signing_keys"}
EXPIRING = ("activity", "answers", "invitations", "sessions")
BURIED = ("comments", "labels", "projects", "sections", "tasks")
# What each role may do beside what is everybody's: a table's rights, or a column's.
LENT = {
    "taskflow_login": {
        f"SELECT accounts.{column}" for column in ("account_id", "disabled_at", "email_key", "password_hash")
    },
    "taskflow_janitor": {
        *(f"{right} {table}" for right in ("SELECT", "DELETE") for table in (*EXPIRING, *BURIED)),
        *(f"UPDATE {table}" for table in BURIED),
    },
    "taskflow_search": set[str](),
    "taskflow_migrator": set[str](),
}
# Functions that are run as another role than the caller's: whose, and what for.
DEFINERS = {
    "find_login(text)": ("taskflow_login", "the account of an address, and what proves it"),
    "purge_answers(integer)": ("taskflow_janitor", "delete answers that have expired"),
    "purge_sessions(integer)": ("taskflow_janitor", "delete sessions that have ended"),
    "purge_invitations(integer)": ("taskflow_janitor", "delete invitations 30 days after their end"),
    "empty_trash(integer)": ("taskflow_janitor", "take all out of tombstones after 30 days, with their history"),
    "purge_tombstones(integer)": ("taskflow_janitor", "delete tombstones after 90 days"),
}
ENDS = {"answers": "expires_at", "sessions": "ends_at"}
GRANTS = """
SELECT a.grantee::regrole::text AS grantee, a.privilege_type || ' ' || thing.name AS right, a.is_grantable
FROM (
    SELECT c.relnamespace AS schema, c.relacl AS acl, c.oid::regclass::text AS name FROM pg_class c
    UNION ALL
    SELECT c.relnamespace, t.attacl, c.oid::regclass || '.' || t.attname
    FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid
) thing, aclexplode(thing.acl) a
WHERE a.grantee::regrole::text <> $1 AND thing.schema::regnamespace::text !~ '^(pg_|information_schema)'
"""
FUNCTIONS = """
SELECT p.oid::regprocedure::text AS name, p.proowner::regrole::text AS owner, p.prosecdef AS definer,
    p.proconfig AS settings,
    ARRAY(SELECT a.grantee::regrole::text FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        WHERE a.grantee <> p.proowner) AS callers
FROM pg_proc p WHERE p.pronamespace::regnamespace::text !~ '^(pg_|information_schema)'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


@pytest.fixture(scope="module")
async def owner(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """The login that migrates."""
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.mark.parametrize("role", ROLES)
async def test_no_role_of_the_product_has_power_over_the_server(owner: asyncpg.Connection, role: str) -> None:
    powers = (
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = $1"
    )

    held = await owner.fetchrow(powers, role)

    assert held is not None
    assert not any(held)


async def test_who_serves_requests_is_nobody_else(owner: asyncpg.Connection) -> None:
    others = await owner.fetch(
        "SELECT rolname FROM pg_roles WHERE rolname <> $1 AND pg_has_role($1, oid, 'USAGE')", APP
    )

    assert others == []


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {OWNER, "taskflow_migrator"}])
async def test_only_who_migrates_makes_things(owner: asyncpg.Connection, role: str) -> None:
    schemas = await owner.fetch(
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND has_schema_privilege($1, oid, 'CREATE')", role
    )
    things = await owner.fetch("SELECT relname FROM pg_class WHERE relowner = $1::regrole", role)

    assert (schemas, things) == ([], [])


async def test_the_application_reads_and_writes_rows_and_nothing_else(owner: asyncpg.Connection) -> None:
    expected = {
        f"{right} {name}"
        for name in await tables(owner)
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE")
        if right == "SELECT" or name not in READ_ONLY
    } - {"DELETE accounts"}

    assert await rights(owner, APP) == expected


@pytest.mark.parametrize("role", LENT)
async def test_a_role_with_one_purpose_may_do_no_more(owner: asyncpg.Connection, role: str) -> None:
    assert await rights(owner, role) == LENT[role]


async def test_nothing_is_everybodys(owner: asyncpg.Connection) -> None:
    assert await rights(owner, "-") == set()
    assert {row["grantee"] for row in await owner.fetch(GRANTS, OWNER)} <= {APP, *LENT}


async def rights(owner: asyncpg.Connection, role: str) -> set[str]:
    """What a role was granted on tables and columns; none of it to hand on."""
    rows = [row for row in await owner.fetch(GRANTS, OWNER) if row["grantee"] == role]
    assert not any(row["is_grantable"] for row in rows)
    return {row["right"] for row in rows}


async def test_every_function_that_lends_its_role_is_on_the_list(owner: asyncpg.Connection) -> None:
    found = await owner.fetch(FUNCTIONS)

    lent = {row["name"]: row["owner"] for row in found if row["definer"]}
    assert lent == {name: role for name, (role, _) in DEFINERS.items()}
    assert [row["name"] for row in found if row["owner"] not in {OWNER, *LENT}] == []


async def test_a_function_that_lends_its_role_looks_nowhere_else_and_serves_the_application_alone(
    owner: asyncpg.Connection,
) -> None:
    lending = [row for row in await owner.fetch(FUNCTIONS) if row["definer"]]

    assert {row["name"]: (row["settings"], row["callers"]) for row in lending} == {
        name: (["search_path=public, pg_temp"], [APP]) for name in DEFINERS
    }


@pytest.mark.parametrize("asked", ["%", "", "' OR true --", None, "nobody@example.com"])
@pytest.mark.usefixtures("person")
async def test_an_address_that_nobody_has_finds_no_login(backend: Backend, asked: str | None) -> None:
    found = await backend.database.fetch("SELECT * FROM find_login($1)", asked)

    assert found == []


async def test_an_address_finds_its_own_login_alone(backend: Backend, person: Person) -> None:
    found = await backend.database.fetch("SELECT * FROM find_login($1)", person.account.email)

    assert [row["account_id"] for row in found] == [person.id]
    assert [*found[0].keys()] == ["account_id", "password_hash", "disabled_at"]


@pytest.mark.parametrize("table", ["answers", "sessions"])
async def test_the_janitor_does_not_see_what_still_lives(owner: asyncpg.Connection, table: str) -> None:
    undone = owner.transaction()
    await undone.start()
    await owner.execute(insert((await tables(owner))[table]), new_id())
    await owner.execute("SET LOCAL ROLE taskflow_janitor")

    seen = await owner.fetchval(f"SELECT count(*) FROM {table} WHERE space_id IS NOT NULL AND now() < {ENDS[table]}")  # noqa: S608
    await undone.rollback()

    assert seen == 0
