"""The embedded PostgreSQL: a child of the server, reached over a Unix socket in the data folder."""

import signal
import subprocess
import time
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from taskflow.foundation.embedded import cluster, processes, programs
from taskflow.foundation.embedded.data_folder import Unusable, reason, refuse_links
from taskflow.foundation.embedded.programs import Step

# PostgreSQL's words for them: fast (sessions end, all is written), immediate (the next start recovers).
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT
# For its parent's end: no new sessions, and it ends with the last worker's.
SMART = "TERM"
RECOVERY_S = 300.0


class EmbeddedPostgres:
    """PostgreSQL on the files below a data folder. Only the user of this process, and who owns the files, gets in."""

    name = "PostgreSQL"

    def __init__(self, folder: Path, connections: int = 100) -> None:
        self.folder = folder.absolute()
        self.connections = connections
        self.log = self.folder / "postgres.log"
        self._sockets = self.folder / "run"
        self._files = self.folder / "postgres"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For migrations alone: who may do everything."""
        return self.url_as(cluster.SUPERUSER)

    @property
    def served_url(self) -> str:
        """For requests and jobs; `migrate` with `cluster.LOGIN` lets it in."""
        return self.url_as(cluster.LOGIN)

    def url_as(self, role: str, database: str = cluster.DATABASE) -> str:
        """The address for a role, as asyncpg and libpq take it."""
        return f"postgresql://{role}@/{database}?host={quote(str(self._sockets))}&port={cluster.PORT}"

    @cached_property
    def version(self) -> str:
        """As in `18.6`. Raises Unusable where the program cannot run."""
        try:
            said = subprocess.run([cluster.program("postgres"), "-V"], capture_output=True, check=True, text=True)  # noqa: S603
        except (OSError, subprocess.CalledProcessError) as failure:
            raise Unusable(f"PostgreSQL cannot run: {failure}.") from failure
        return said.stdout.split()[2]

    def start(self) -> None:
        """Start it, and wait until it takes connections. What was left by a kill is cleared away. Raises Unusable."""
        try:
            self._launch()
        except OSError as failure:
            raise Unusable(f"PostgreSQL cannot start: {reason(failure)}.") from failure
        self._await()

    def _launch(self) -> None:
        refuse_links(self._files, self._sockets)
        runner = cluster.owner(self.folder)
        self._clear()
        files = cluster.make(self.folder, runner, self.log)
        cluster.check_version(files, self.version)
        cluster.own_folder(self._sockets, runner)
        cluster.configure(files, self._sockets, runner, self.connections)
        server = cluster.program("postgres")
        self._process = programs.start((server, "-D", files), runner, files, self.log, at_parent_end=SMART)

    def _clear(self) -> None:
        """Stop a server that outlived its parent, and remove files that name a process long gone."""
        steps = (Step(FAST, 20), Step(IMMEDIATE, 5), Step(signal.SIGKILL, 5))
        first = next(iter(self._pid_file()), "")
        if not processes.end_all(self._running, int(first) if first.isdigit() else 0, steps):
            raise Unusable(f"PostgreSQL cannot start: one that was left running on {self._files} does not end.")
        for stale in (self._files / "postmaster.pid", self._socket, self._socket.with_suffix(".5432.lock")):
            stale.unlink(missing_ok=True)

    def _running(self) -> set[int]:
        return processes.running_on(self._files, "postgres")

    @property
    def _socket(self) -> Path:
        return self._sockets / f".s.PGSQL.{cluster.PORT}"

    def _pid_file(self) -> list[str]:
        """The lines of postmaster.pid: the first is the process, the eighth what it is at."""
        try:
            return [line.strip() for line in (self._files / "postmaster.pid").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def _await(self) -> None:
        until = time.monotonic() + RECOVERY_S
        while not self._ready():
            if not self.alive():
                raise Unusable(f"PostgreSQL did not start: {programs.complaint(self.log)}")
            if time.monotonic() > until:
                self.stop()
                raise Unusable(f"PostgreSQL did not start in {RECOVERY_S:.0f} s: {programs.complaint(self.log)}")
            time.sleep(0.005)

    def _ready(self) -> bool:
        lines = self._pid_file()
        return self._process is not None and lines[:1] == [str(self._process.pid)] and lines[7:8] == ["ready"]

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ensure(self) -> None:
        """Start it again if it died, and keep its log short. Raises Unusable."""
        programs.trim(self.log)
        if not self.alive():
            self.start()

    def stop(self) -> None:
        """Stop it with all that it started; nothing happens where it does not run."""
        if self._process is None:
            return
        programs.end(self._process, Step(FAST, 10), Step(IMMEDIATE, 3))
        if self._process.returncode != 0:
            processes.end_all(self._running, 0, (Step(IMMEDIATE, 0.5), Step(signal.SIGKILL, 1)))
        self._process = None
