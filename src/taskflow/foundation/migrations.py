"""Migrations: numbered SQL files, run once each, in order, by one process at a time."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable
from contextlib import asynccontextmanager, suppress
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

import asyncpg

from taskflow.foundation.database import ROLE
from taskflow.foundation.keys import new_access_pair

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NAME = re.compile(r"^(\d{4})_(expand|backfill|contract)_(\w+)\.sql$")
OUTSIDE = "-- outside a transaction"  # the second line of a file that CREATEs an INDEX CONCURRENTLY
LOCK = 7_305_417_268  # any number, the same in every release
OWNER = "taskflow_owner"
ROLES = ("taskflow_owner", "taskflow_migrator", "taskflow_app", "taskflow_login", "taskflow_janitor", "taskflow_search")
LOCK_WAIT_S = 60
PURPOSES = ("access", "cursor", "sync")


class Migration(NamedTuple):
    """One file; `phase` says on which side of a deploy it may run."""

    number: int
    phase: Literal["expand", "backfill", "contract"]
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, in hex."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


class MigrationError(Exception):
    """A migration can't be run; the message is one line for the operator."""


def shipped() -> list[Migration]:
    """The migrations of this release, in order."""
    return read(
        (entry.name, entry.read_text())
        for entry in files("taskflow.migrations").iterdir()
        if entry.name.endswith(".sql")
    )


def read(texts: Iterable[tuple[str, str]]) -> list[Migration]:
    """Order (file name, text) pairs; raises MigrationError for a bad name or a number used twice."""
    found: dict[int, Migration] = {}
    for name, text in texts:
        match = NAME.match(name)
        if match is None:
            msg = f"{name}: a migration is named NNNN_expand|backfill|contract_what.sql"
            raise MigrationError(msg)
        number = int(match[1])
        if number in found:
            msg = f"{name}: the number {number} is taken by {found[number].name}"
            raise MigrationError(msg)
        phase = cast("Literal['expand', 'backfill', 'contract']", match[2])
        found[number] = Migration(number, phase, name.removesuffix(".sql"), text)
    return [found[number] for number in sorted(found)]


async def migrate(
    url: str, migrations: list[Migration], tell: Callable[[str], None] = lambda _: None, *, login: str = ""
) -> int:
    """Bring the database up to date; how many files ran. `login` may log in from now on, and act as the application.

    Raises MigrationError, or asyncpg's errors and OSError where it can't be reached.
    """
    connection = await asyncpg.connect(url, timeout=10)
    try:
        async with alone(connection):
            await prepare(connection, login)
            applied = await applied_checksums(connection)
            check(applied, migrations)
            missing = waiting(applied, migrations)
            for migration in missing:
                tell(f"migrating: {migration.name}")
                await apply(connection, migration)
            await ensure_keys(connection)
            return len(missing)
    finally:
        await connection.close()


@asynccontextmanager
async def alone(connection: asyncpg.Connection) -> "AsyncIterator[None]":
    """Hold the migration lock: polled, since a blocked pg_advisory_lock deadlocks with CREATE INDEX CONCURRENTLY.

    Every role may take it, the application's too; one that holds it delays a migration by LOCK_WAIT_S, and no more.
    """
    for _ in range(LOCK_WAIT_S * 10):
        if await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
            break
        await asyncio.sleep(0.1)
    else:
        msg = f"another process has been migrating this database for {LOCK_WAIT_S} s"
        raise MigrationError(msg)
    try:
        yield
    finally:
        await connection.execute("RESET ROLE")
        await connection.execute(f"SELECT pg_advisory_unlock({LOCK})")


async def prepare(connection: asyncpg.Connection, login: str) -> None:
    """Make the roles, which belong to the whole server, and the table of what has run; raises MigrationError."""
    try:
        for role in ROLES:
            await ensure_role(connection, role)
        if login:
            await ensure_role(connection, login, "LOGIN")
            await ensure_member(connection, login, ROLE)
        await ensure_rights(connection)
    except asyncpg.InsufficientPrivilegeError as refused:
        raise MigrationError(
            f"this login may not prepare the database ({refused.args[0]}): TASKFLOW_MIGRATION_DATABASE_URL names one"
            " that owns it and may make roles"
        ) from refused


async def ensure_role(
    connection: asyncpg.Connection, role: str, enters: Literal["LOGIN", "NOLOGIN"] = "NOLOGIN"
) -> None:
    """Make a role where it is missing (another database may be at it too), and let the migrating login act as it."""
    if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
        with suppress(asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
            await connection.execute(f"CREATE ROLE {role} {enters} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
    await ensure_member(connection, await connection.fetchval("SELECT current_user"), role)


async def ensure_member(connection: asyncpg.Connection, member: str, role: str) -> None:
    """Let one role act as another."""
    if not await connection.fetchval("SELECT pg_has_role($1, $2, 'MEMBER')", member, role):
        await connection.execute(f'GRANT {role} TO "{member}"')


async def ensure_rights(connection: asyncpg.Connection) -> None:
    """Give the owner the database to build in, and begin to act as it."""
    await ensure_member(connection, "taskflow_migrator", OWNER)
    for role in ("taskflow_login", "taskflow_janitor", "taskflow_search"):
        await ensure_member(connection, OWNER, role)
    database = await connection.fetchval("SELECT quote_ident(current_database())")
    await connection.execute(
        f"GRANT CREATE, CONNECT ON DATABASE {database} TO {OWNER};"
        f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER} WITH GRANT OPTION"
    )
    await connection.execute(f"SET ROLE {OWNER}; SET lock_timeout = '1s'; SET statement_timeout = '60s'")
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations (number int PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,"
        " applied_at timestamptz NOT NULL DEFAULT now());"
        "GRANT SELECT ON migrations TO taskflow_app;"
        "GRANT USAGE ON SCHEMA public TO taskflow_app, taskflow_login, taskflow_janitor, taskflow_search"
    )


async def applied_checksums(connection: asyncpg.Connection) -> dict[int, str]:
    """What has run here: number to checksum; empty where nothing has."""
    if await connection.fetchval("SELECT to_regclass('public.migrations') IS NULL"):
        return {}
    return {row["number"]: row["checksum"] for row in await connection.fetch("SELECT number, checksum FROM migrations")}


def check(applied: dict[int, str], migrations: list[Migration]) -> None:
    """Raise MigrationError where a file was changed after it ran, or was put before one that ran."""
    for migration in migrations:
        ran = applied.get(migration.number)
        if ran is not None and ran != migration.checksum:
            msg = f"{migration.name} was changed after it ran on this database"
            raise MigrationError(msg)
        if ran is None and any(number > migration.number for number in applied):
            msg = f"{migration.name} has not run, but a later one has"
            raise MigrationError(msg)


def waiting(applied: dict[int, str], migrations: list[Migration]) -> list[Migration]:
    """The files that have not run on this database; later ones belong to a newer release, beside which this works."""
    return [migration for migration in migrations if migration.number not in applied]


async def apply(connection: asyncpg.Connection, migration: Migration, tries: int = 5) -> None:
    """Run one file and note it, in one transaction but for those marked; tried again where a table is locked."""
    for attempt in range(1, tries + 1):
        try:
            if OUTSIDE in migration.sql.splitlines()[:2]:
                await connection.execute(migration.sql)
                await note(connection, migration)
            else:
                async with connection.transaction():
                    await connection.execute(migration.sql)
                    await note(connection, migration)
        except asyncpg.LockNotAvailableError as locked:
            if attempt == tries:
                msg = f"{migration.name}: a table stayed locked through {tries} tries"
                raise MigrationError(msg) from locked
            await asyncio.sleep(attempt)
        except asyncpg.PostgresError as failure:
            msg = f"{migration.name}: {failure}"
            raise MigrationError(msg) from failure
        else:
            return


async def note(connection: asyncpg.Connection, migration: Migration) -> None:
    """Record that a file ran."""
    await connection.execute(
        "INSERT INTO migrations (number, name, checksum) VALUES ($1, $2, $3)",
        migration.number,
        migration.name,
        migration.checksum,
    )


async def ensure_keys(connection: asyncpg.Connection) -> None:
    """Make the installation's first key of each purpose; the application only reads them."""
    for purpose in PURPOSES:
        secret, public = new_access_pair() if purpose == "access" else (secrets.token_bytes(32), None)
        await connection.execute(
            "INSERT INTO signing_keys (kid, purpose, secret, public, signs_from) SELECT $1, $2, $3, $4, now()"
            " WHERE NOT EXISTS (SELECT FROM signing_keys WHERE purpose = $2)",
            f"{purpose}-1",
            purpose,
            secret,
            public,
        )
