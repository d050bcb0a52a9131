"""The stores of an installation: PostgreSQL and Redis, embedded in the data folder or named by the settings."""

import asyncio
import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import asyncpg

from taskflow.foundation.embedded.cluster import LOGIN
from taskflow.foundation.embedded.data_folder import DataFolder, InUse, Unusable
from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from taskflow.foundation.embedded.services import Service
from taskflow.foundation.embedded.valkey import EmbeddedValkey
from taskflow.foundation.migrations import applied_checksums, shipped, waiting
from taskflow.foundation.settings import Settings

UNREACHED = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)
SPARE_CONNECTIONS = 20  # beside the pools: migrations, jobs, imports, a person at psql


def embedded(settings: Settings) -> tuple[Settings, list[Service]]:
    """The settings with the addresses of the stores that are not named, and the services that have to run for them."""
    services: list[Service] = []
    if not settings.database_url:
        postgres = EmbeddedPostgres(settings.data_dir, settings.workers * settings.pool_size + SPARE_CONNECTIONS)
        services.append(postgres)
        settings = dataclasses.replace(
            settings,
            database_url=postgres.served_url,
            migration_database_url=settings.migration_database_url or postgres.url,
        )
    if not settings.redis_url:
        valkey = EmbeddedValkey(settings.data_dir)
        services.append(valkey)
        settings = dataclasses.replace(settings, redis_url=valkey.url)
    return settings, services


@contextmanager
def stores(settings: Settings) -> Iterator[Settings]:
    """Reach the stores for a command: those of the server that runs on the data folder, or started for the while."""
    reached, services = embedded(settings)
    with ExitStack() as stack:
        if services:
            try:
                stack.enter_context(DataFolder(settings.data_dir))
            except InUse:
                services = []  # a server holds it, and with it has them running
        for service in services:
            service.start()
            stack.callback(service.stop)
        yield reached


def refuse_older(url: str) -> None:
    """Raise Unusable where a database lacks migrations of this release, or can't be asked."""
    behind = asyncio.run(missing(url))
    if behind:
        raise Unusable(f"the database is {behind} migrations behind this release: run `taskflow migrate` first")


async def missing(url: str) -> int:
    """How many migrations a database lacks; raises Unusable where it can't be asked."""
    try:
        connection = await asyncpg.connect(url, timeout=10)
        try:
            return len(waiting(await applied_checksums(connection), shipped()))
        finally:
            await connection.close()
    except asyncpg.InvalidAuthorizationSpecificationError as failure:
        if LOGIN not in str(failure):
            raise Unusable(f"the database can't be reached: {failure}") from failure
        raise Unusable("the database is behind this release: run `taskflow migrate` first") from failure
    except UNREACHED as failure:
        raise Unusable(f"the database can't be reached: {failure}") from failure
