"""PostgreSQL and Redis as Debian packages them, with passwords, on TCP: stores that an operator runs."""

import os
import pwd
import subprocess
import time
from pathlib import Path
from shutil import which
from typing import Any

import asyncpg
import pytest
import redis

from tests.served import LONG_S, free_port

PASSWORD = "a word / with: signs @ it"
IN_URL = "a%20word%20%2F%20with%3A%20signs%20%40%20it"
QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def postgres_programs() -> Path:
    """Where the newest of Debian's is; skips the test where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda program: int(program.parts[-3]))
    if not found:
        pytest.skip("needs Debian's PostgreSQL")
    return found[-1].parent


class Postgres:
    """A cluster of its own in `folder`; its superuser is `postgres`."""

    def __init__(self, folder: Path) -> None:
        self.programs, self.folder, self.port = postgres_programs(), folder, free_port()
        self.files, self.log = folder / "files", folder / "log"
        self.user = pwd.getpwnam("postgres").pw_uid if os.getuid() == 0 else None  # it refuses to run as root

    def make(self) -> None:
        """Make its files; whoever comes gives a password."""
        if self.user is not None:
            os.chown(self.folder, self.user, -1)
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        asked = ["--auth=scram-sha-256", f"--pwfile={secret}", "--username=postgres", "--no-sync"]
        self.run("initdb", "-D", self.files, "--encoding=UTF8", "--locale=C.UTF-8", *asked)

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=localhost -c fsync=off"
        self.run("pg_ctl", "-D", self.files, "-l", self.log, "-o", options, "-w", "start")

    def stop(self, how: str = "fast") -> None:
        """End it: `fast` ends every session, `immediate` is a crash."""
        self.run("pg_ctl", "-D", self.files, "-m", how, "-w", "stop")

    def run(self, program: str, *words: str | Path) -> None:
        """Run one of its programs as who owns the files."""
        asked: list[str | Path] = [self.programs / program, *words]
        subprocess.run(asked, check=True, cwd=self.folder, timeout=LONG_S, user=self.user, **QUIET)

    def url(self, login: str = "postgres") -> str:
        """Its address for a login whose password is PASSWORD."""
        return f"postgresql://{login}:{IN_URL}@localhost:{self.port}/postgres"

    async def ask(self, sql: str, *args: object) -> list[asyncpg.Record]:
        """Ask as the superuser."""
        connection = await asyncpg.connect(self.url())
        try:
            rows: list[asyncpg.Record] = await connection.fetch(sql, *args)
            return rows
        finally:
            await connection.close()


class Redis:
    """A Redis with a password, on TCP, that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        program = which("redis-server")
        if program is None:
            pytest.skip("needs Debian's Redis")
        self.port = free_port()
        self.url = f"redis://:{IN_URL}@localhost:{self.port}/3"
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--requirepass", PASSWORD, "--save", ""]
        self.words: list[str] = [program, *words, "--dir", str(folder)]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.process = subprocess.Popen(self.words, **QUIET)
        until = time.monotonic() + LONG_S
        with redis.Redis.from_url(self.url) as client:
            while not answers(client):
                assert time.monotonic() < until
                time.sleep(0.02)

    def stop(self) -> None:
        """End it."""
        if self.process:
            self.process.terminate()
            self.process.wait(LONG_S)
            self.process = None


def answers(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
