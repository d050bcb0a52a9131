"""The stores of an installation: PostgreSQL and Redis, embedded in the data folder or named by the settings."""

import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from taskflow.foundation.data_folder import DataFolder, InUse
from taskflow.foundation.postgres import EmbeddedPostgres
from taskflow.foundation.services import Service
from taskflow.foundation.settings import Settings
from taskflow.foundation.valkey import EmbeddedValkey

SPARE_CONNECTIONS = 20  # beside the pools: migrations, jobs, imports, a person at psql


def embedded(settings: Settings) -> tuple[Settings, list[Service]]:
    """The settings with the addresses of the stores that are not named, and the services that have to run for them."""
    services: list[Service] = []
    if not settings.database_url:
        postgres = EmbeddedPostgres(settings.data_dir, settings.workers * settings.pool_size + SPARE_CONNECTIONS)
        services.append(postgres)
        settings = dataclasses.replace(
            settings, database_url=postgres.url, migration_database_url=settings.migration_database_url or postgres.url
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
