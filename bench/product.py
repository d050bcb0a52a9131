"""The served product on a scratch data folder, and what its processes cost."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any, Self

TICK = os.sysconf("SC_CLK_TCK")
TASKFLOW = Path(sys.executable).with_name("taskflow")
PARTS = ("server", "valkey", "postgres")
WIDE = {f"TASKFLOW_RATE_LIMIT_{which}": "100000000/1h" for which in ("IP", "USER", "AUTH")}


class Product:
    """`taskflow serve` on a free port, its data in a folder of its own."""

    def __init__(self, **options: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bench"))
        self.port = free_port()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TASKFLOW_")}
        self.environment = (
            clean
            | WIDE
            | options
            | {
                "TASKFLOW_DATA_DIR": str(self.folder / "data"),
                "TASKFLOW_PORT": str(self.port),
                "TASKFLOW_HOST": "127.0.0.1",
            }
        )  # fmt: skip - what is asked wins over the rest
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Start it; the seconds until its page was answered."""
        began = time.monotonic()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([TASKFLOW, "serve"], env=self.environment, stdout=log, stderr=log)
        while self.process.poll() is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/", timeout=5):
                return time.monotonic() - began
            time.sleep(0.02)
        raise RuntimeError((self.folder / "log").read_text()[-500:])

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        """One request; its answer's JSON."""
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode() if body is not None else None, method=method
        )
        request.add_header("content-type", "application/json")
        if token:
            request.add_header("authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def people(self, count: int, tasks: int, named: str = "user") -> list[str]:
        """So many accounts with so many tasks each; their access tokens."""
        tokens = []
        for n in range(count):
            asked = {"email": f"{named}{n}@example.com", "password": f"correct horse {n} battery", "name": f"User {n}"}
            tokens.append(self.call("POST", "/api/v1/auth/register", asked)["access_token"])
            for t in range(tasks):
                made = {"title": f"Buy milk {t}", "description": "two bottles, the blue ones, from the corner shop"}
                self.call("POST", "/api/v1/tasks", made, tokens[-1])
        return tokens

    def processes(self) -> dict[int, str]:
        """All processes of the product, each with the part that it belongs to."""
        found: dict[int, str] = {}
        waiting = [self.process.pid] if self.process else []
        while waiting:
            pid = waiting.pop()
            with contextlib.suppress(OSError):
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                found[pid] = next((part for part in PARTS[1:] if part.encode() in command.split(b"\0")[0]), "server")
                for thread in Path(f"/proc/{pid}/task").glob("*/children"):
                    waiting += [int(child) for child in thread.read_text().split()]
        return found

    def cpu(self) -> dict[str, float]:
        """CPU seconds so far, by part; a process that has ended counts with its parent."""
        seconds = dict.fromkeys(PARTS, 0.0)
        for pid, part in self.processes().items():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                seconds[part] += sum(map(int, fields[11:15])) / TICK
        return seconds

    def memory(self) -> dict[str, float]:
        """Memory in MiB by part; what processes share is counted once (PSS)."""
        mebibytes = dict.fromkeys(PARTS, 0.0)
        for pid, part in self.processes().items():
            with contextlib.suppress(OSError, AttributeError):
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
                mebibytes[part] += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1]) / 1024
        return mebibytes


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
