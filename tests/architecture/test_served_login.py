"""Whoever gets SQL into a request of the embedded server is the application, and can become nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from taskflow.foundation.database import ROLE, Database
from taskflow.foundation.embedded.cluster import LOGIN, SUPERUSER
from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from taskflow.foundation.embedded.stores import embedded
from taskflow.foundation.migrations import OWNER, ROLES
from taskflow.foundation.settings import load
from tests.logins import lets_in, new_login

OTHERS = [role for role in (SUPERUSER, *ROLES) if role != ROLE]
POWERS = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = $1"


@pytest.fixture
async def served(postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    """A connection of those that serve requests and run jobs."""
    connection = await Database.connector(postgres.served_url)()
    yield connection
    await connection.close()


@pytest.fixture
async def owner(postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    """The login that migrates."""
    connection = await asyncpg.connect(postgres.url)
    yield connection
    await connection.close()


def test_an_embedded_server_migrates_as_one_and_serves_as_another(tmp_path: Path) -> None:
    reached, _ = embedded(load({"TASKFLOW_DATA_DIR": str(tmp_path)}, tmp_path))

    own = EmbeddedPostgres(tmp_path)
    assert (reached.database_url, reached.migration_database_url) == (own.url_as(LOGIN), own.url_as(SUPERUSER))


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize(
    "way",
    ["SELECT set_config('role', '{}', false)", "SET ROLE {}", "SET SESSION AUTHORIZATION {}", "GRANT {} TO " + LOGIN],
)
async def test_it_becomes_no_other_role(served: asyncpg.Connection, way: str, role: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await served.execute(way.format(role))


@pytest.mark.parametrize(
    "way", ["RESET ROLE", "SET ROLE NONE", "SET SESSION AUTHORIZATION DEFAULT", "RESET ALL", "DISCARD ALL"]
)
@pytest.mark.usefixtures("person")
async def test_without_its_role_it_sees_nobody_either(served: asyncpg.Connection, way: str) -> None:
    await served.execute(way)

    assert await served.fetchval("SELECT current_user") in {ROLE, LOGIN}
    assert await served.fetch("SELECT * FROM accounts") == []


@pytest.mark.parametrize(
    "reach",
    [
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY (SELECT 1) TO '/dev/null'",
        "SELECT pg_read_file('PG_VERSION')",
        "CREATE EXTENSION file_fdw",
        "ALTER SYSTEM SET listen_addresses = '*'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc', 'getpid'",
        "ALTER TABLE accounts DISABLE ROW LEVEL SECURITY",
    ],
)
async def test_it_reaches_no_file_and_no_program(served: asyncpg.Connection, reach: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await served.execute(reach)


async def test_its_login_has_no_power_of_its_own(owner: asyncpg.Connection) -> None:
    powers = await owner.fetchrow(POWERS, LOGIN)
    members = await owner.fetch("SELECT rolname FROM pg_roles WHERE pg_has_role($1, oid, 'MEMBER')", LOGIN)

    assert powers is not None
    assert not any(powers)
    assert {row["rolname"] for row in members} == {LOGIN, ROLE}


@pytest.mark.parametrize("role", [role for role in ROLES if role != OWNER])
async def test_only_who_migrates_and_who_serves_get_in(
    postgres: EmbeddedPostgres, owner: asyncpg.Connection, role: str
) -> None:
    await owner.execute(f"ALTER ROLE {role} LOGIN")

    entered = await lets_in(postgres, role)
    await owner.execute(f"ALTER ROLE {role} NOLOGIN")

    assert not entered


async def test_a_login_that_could_be_more_than_the_application_is_noticed(postgres: EmbeddedPostgres) -> None:
    plain, owning = await new_login(postgres, f"IN ROLE {ROLE}"), await new_login(postgres, f"IN ROLE {ROLE}, {OWNER}")

    found = [await overprivileged(postgres.url_as(login)) for login in (LOGIN, plain, owning, SUPERUSER)]

    assert found == [False, False, True, True]


async def overprivileged(url: str) -> bool:
    """Whether a login could be more than it serves as."""
    database = await Database.open(url, 1)
    await database.close()
    return database.overprivileged
