"""The product as it is served: `taskflow serve` on a scratch data folder, seen and hurt from outside."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

PROGRAM = Path(sys.executable).with_name("taskflow")
LONG_S = 60  # for a busy machine, not a promise
WIDE = {f"TASKFLOW_RATE_LIMIT_{which}": "1000000/1h" for which in ("IP", "USER", "AUTH")}
PASSWORD = "correct horse battery 9"


class Answer(NamedTuple):
    """A status, a body that was JSON, and the headers in lower case."""

    status: int
    body: Any
    headers: dict[str, str]


class Served:
    """A server of the test's own, at `url`; `start` returns when it is ready."""

    def __init__(self, folder: Path, workers: int = 1, **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://localhost:{self.port}"
        theirs = {name: value for name, value in os.environ.items() if not name.startswith("TASKFLOW_")}
        own = {"TASKFLOW_PORT": str(self.port), "TASKFLOW_DATA_DIR": str(folder / "data")}
        self.environment = theirs | WIDE | own | {"TASKFLOW_WORKERS": str(workers)} | environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it should get traffic."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve"],
                env=self.environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.ready()

    def ready(self) -> None:
        """Wait until it should get traffic."""
        until = time.monotonic() + LONG_S
        while not self.answers():
            assert self.process
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < until, self.log()
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether it is ready now."""
        try:
            return self.call("GET", "/readyz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def log(self) -> str:
        """What it has said."""
        return (self.folder / "log").read_text()

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Stop it as a person does; its exit status."""
        assert self.process
        self.process.send_signal(how)
        return self.process.wait(LONG_S)

    def kill(self) -> None:
        """Kill all of it at once, as a power cut does."""
        while found := self.processes():
            kill(found)
        if self.process:
            self.process.wait()

    def processes(self, program: str = "") -> list[int]:
        """What runs on its folder: all, or what has this in its command line."""
        own = self.process.pid if self.process and self.process.poll() is None else 0
        return [pid for pid, words in processes_on(self.folder, own) if program in words]

    def workers(self) -> list[int]:
        """Its worker processes, the oldest first."""
        assert self.process
        return [pid for pid in self.processes("taskflow serve") if pid != self.process.pid]

    def call(
        self, method: str, path: str, body: Any = None, token: str = "", headers: dict[str, str] | None = None
    ) -> Answer:
        """One request on a connection of its own; raises OSError or HTTPException where no answer comes."""
        line = http.client.HTTPConnection("localhost", self.port, timeout=LONG_S)
        try:
            told = {"authorization": f"Bearer {token}"} if token else {}
            if body is not None:
                told["content-type"] = "application/json"
            line.request(method, path, None if body is None else json.dumps(body), told | (headers or {}))
            answer = line.getresponse()
            text, named = answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        finally:
            line.close()
        return Answer(answer.status, json.loads(text) if "json" in named.get("content-type", "") else text, named)

    def register(self) -> Any:
        """Somebody new: who, and their tokens."""
        body = {"email": f"{uuid4().hex}@example.com", "password": PASSWORD, "name": "Ada"}
        answer = self.call("POST", "/api/v1/auth/register", body)
        assert answer.status == 201, answer
        return answer.body


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that an embedded PostgreSQL can be in: where root runs the suite, it runs as nobody."""
    with tempfile.TemporaryDirectory(prefix="tf") as path:
        Path(path).chmod(0o755)
        yield Path(path)


@contextmanager
def serving(workers: int = 1, **environment: str) -> Iterator[Served]:
    """The product, started on a folder of its own; nothing of it is left afterwards."""
    with scratch() as folder:
        made = Served(folder, workers, **environment)
        try:
            made.start()
            yield made
        finally:
            made.kill()


def free_port() -> int:
    """A port below those that the kernel gives to clients: one of them may hold it when the server starts again."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port


def kill(pids: list[int]) -> None:
    """kill -9, all stopped before: none sees that another has gone."""
    for how in (signal.SIGSTOP, signal.SIGKILL):
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, how)


def processes_on(folder: Path, own: int) -> list[tuple[int, str]]:
    """This process, those that name the folder or work in it, and what descends from them."""
    listed = subprocess.run(
        ["ps", "-axww", "-o", "pid=,ppid=,stat=,command="], capture_output=True, check=True, text=True
    )
    lines = [line.split(maxsplit=3) for line in listed.stdout.splitlines()]
    found: dict[int, str] = {}
    for pid, parent, state, *words in sorted(lines, key=lambda line: int(line[0])):
        command = " ".join(words)
        ours = int(pid) == own or int(parent) in found or str(folder) in command or works_in(pid, folder)
        if ours and "Z" not in state:
            found[int(pid)] = command
    return list(found.items())


def works_in(pid: str, folder: Path) -> bool:
    """Whether a process works in the folder, where the system tells."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink().is_relative_to(folder)
    except OSError:
        return False
