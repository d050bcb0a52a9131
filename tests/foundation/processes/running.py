"""The small server as a process, seen from outside."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

SMALL_SERVER = Path(__file__).with_name("small_server.py")
LONG_S = 60


class Running:
    """A started small server; whatever of it is left when the test ends is killed."""

    def __init__(self, folder: Path, *words: str, user: str = "", path: str = "") -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, SMALL_SERVER, folder, *words, *(["--user", user] if user else [])],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, ["src", path]))},
            cwd=SMALL_SERVER.parents[3],
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, at: TracebackType | None
    ) -> None:
        self.kill_all()
        self.process.communicate()

    def kill_all(self) -> None:
        while left := self.processes():
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.poll()

    def ready(self) -> int:
        """Wait until it says so; its port."""
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("ready "):
                return int(line.split()[1])
        _, complaint = self.process.communicate()
        pytest.fail(f"it ended: {complaint}")

    def end(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Its status and what it complained of, after a signal."""
        self.process.send_signal(how)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        _, complaint = self.process.communicate(timeout=LONG_S)
        return self.process.returncode, complaint

    def processes(self, program: str = "") -> list[int]:
        """All that has the folder in its command line, or works in it."""
        return [pid for pid, words in _processes(self.folder) if program in words]

    def workers(self) -> list[int]:
        return [pid for pid in self.processes("small_server") if pid != self.process.pid]


def _processes(folder: Path) -> Iterator[tuple[int, str]]:
    listed = subprocess.run(["ps", "-axww", "-o", "pid=,stat=,command="], capture_output=True, check=True, text=True)
    for line in listed.stdout.splitlines():
        pid, state, words = line.split(maxsplit=2)
        if not state.startswith("Z") and (str(folder) in words or _works_in(pid, folder)):
            yield int(pid), words


def _works_in(pid: str, folder: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").readlink().is_relative_to(folder)
    except OSError:
        return False


def eventually(true: Callable[[], object]) -> None:
    """Wait until something is true; a minute is for a busy machine, not a promise."""
    until = time.monotonic() + LONG_S
    while not true():
        if time.monotonic() > until:
            pytest.fail("it never came true")
        time.sleep(0.02)


@contextmanager
def connection(port: int) -> Iterator[http.client.HTTPConnection]:
    opened = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG_S)
    opened.connect()
    try:
        yield opened
    finally:
        opened.close()


def get(port: int, path: str) -> tuple[int, str]:
    with connection(port) as asked:
        asked.request("GET", path)
        answer = asked.getresponse()
        return answer.status, answer.read().decode()
