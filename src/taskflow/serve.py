"""Serving: the stores, the schema, the parent and its workers, and what runs in each."""

import asyncio
import gc
import logging
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from taskflow.api.static import StaticFiles
from taskflow.app import Application, declare
from taskflow.foundation import jobs
from taskflow.foundation.backend import Backend, opened
from taskflow.foundation.database import Database
from taskflow.foundation.embedded.cluster import LOGIN
from taskflow.foundation.embedded.data_folder import DataFolder, Unusable
from taskflow.foundation.embedded.stores import UNREACHED, embedded, refuse_older, stores
from taskflow.foundation.migrations import MigrationError, shipped
from taskflow.foundation.migrations import migrate as run_migrations
from taskflow.foundation.serving import server
from taskflow.foundation.serving.listening import listen
from taskflow.foundation.serving.supervisor import supervise
from taskflow.foundation.serving.worker import Worker
from taskflow.foundation.settings import Settings
from taskflow.foundation.telemetry import log_bridge
from taskflow.foundation.telemetry.log import flush_all
from taskflow.foundation.telemetry.meters import metrics

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"


def serve(settings: Settings) -> int:
    """Serve until told to end; raises Unusable, with one line, where that can't be."""
    log_bridge.begin(settings.log_level, settings.log_format)
    with DataFolder(settings.data_dir):
        sockets = listen(settings.host, settings.port)
        reached, services = embedded(settings)
        declare()
        metrics.start(settings.workers)
        gc.freeze()  # what is imported by now is shared with the workers, and stays shared
        return supervise(
            sockets,
            settings.workers,
            lambda worker: work(reached, worker, shared=settings.workers > 1 or bool(settings.redis_url)),
            services=services,
            prepare=lambda: prepare(reached, own=not settings.database_url),
            ready=lambda: say_ready(settings),
            gone=metrics.leave,
        )


def say_ready(settings: Settings) -> None:
    """Where it is, and where the data lies."""
    host = settings.host if ":" not in settings.host else f"[{settings.host}]"
    print(f"TaskFlow is at http://{host}:{settings.port}\nIts data is in {settings.data_dir.absolute()}", flush=True)  # noqa: T201


def prepare(settings: Settings, *, own: bool) -> None:
    """Bring the embedded database up to date; of another one say in one line that it is behind."""
    if own:
        asyncio.run(migrated(settings, own=True))
        return
    refuse_older(settings.database_url)


def migrate(settings: Settings) -> int:
    """Bring the configured database up to date."""
    with stores(settings) as reached:
        count = asyncio.run(migrated(reached, own=not settings.database_url))
    print(f"{count} migrations ran; the database is up to date" if count else "the database is up to date")  # noqa: T201
    return 0


async def migrated(settings: Settings, *, own: bool) -> int:
    """Run what has not run, and let the server in to its own database; raises Unusable."""
    try:
        return await run_migrations(settings.migration_database_url, shipped(), say, login=LOGIN if own else "")
    except MigrationError as failure:
        raise Unusable(str(failure)) from failure
    except UNREACHED as failure:
        raise Unusable(f"the database can't be migrated: {failure}") from failure


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def work(settings: Settings, worker: Worker, *, shared: bool) -> None:
    """One worker process: the application on its sockets; the first one runs the jobs as well."""
    metrics.enter(worker.index)
    try:
        server.serve(Life(settings, worker, shared=shared), worker.sockets, ready=worker.ready, hurried=worker.hurried)
    finally:
        flush_all()  # the process ends without Python's own last rites


class Life:
    """The ASGI application from its process' start to its end: opens the backend, runs jobs, answers."""

    application: Application

    def __init__(self, settings: Settings, worker: Worker, *, shared: bool) -> None:
        """Nothing is open before the lifespan begins."""
        self.settings, self.worker, self.shared = settings, worker, shared

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Begin, answer, end."""
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        else:
            await self.application(scope, receive, send)

    async def live(self, receive: Any, send: Any) -> None:
        """Hold the backend open between start-up and shutdown."""
        await receive()
        try:
            async with opened(self.settings) as backend:
                self.application = Application(backend, StaticFiles(STATIC), self.settings.workers, shared=self.shared)
                self.warn(backend)
                ending = asyncio.Event()
                job_worker = asyncio.create_task(self.run_jobs(backend, ending))
                await send({"type": "lifespan.startup.complete"})
                await receive()
                ending.set()
                with suppress(TimeoutError):
                    await asyncio.wait_for(job_worker, 2)
        except (*UNREACHED, PermissionError) as failure:
            raise Unusable(f"the server can't start: {failure}") from failure
        await send({"type": "lifespan.shutdown.complete"})

    def warn(self, backend: Backend) -> None:
        """Tell, once for the instance, of a login that is safe only as long as no request gets to speak SQL."""
        if backend.database.overprivileged and self.worker.index == 0:
            log.warning(
                "the login of TASKFLOW_DATABASE_URL may do more than the application: name one that may only act as"
                " taskflow_app, and this one in TASKFLOW_MIGRATION_DATABASE_URL"
            )

    async def run_jobs(self, backend: Backend, ending: asyncio.Event) -> None:
        """Do what transactions left behind, in one process of the instance."""
        if self.worker.index == 0:
            connect = Database.connector(self.settings.database_url)
            await jobs.Worker(connect, backend).run(ending)
