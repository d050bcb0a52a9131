"""Programs that run beside the server: the account they run as, how they start, and how they end."""

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO, NamedTuple

from taskflow.foundation.embedded.data_folder import Unusable

LOG_LIMIT = 8 << 20
# Numbers of Linux's capabilities.
DAC_OVERRIDE, DAC_READ_SEARCH, SETPCAP = 1, 2, 8
GRAVE = ("FATAL", "PANIC", "ERROR", "error:", "could not")


class Account(NamedTuple):
    name: str
    uid: int
    gid: int


class Step(NamedTuple):
    """A signal that ends a program, and the seconds it is given."""

    signal: signal.Signals
    seconds: float


def account(uid: int) -> Account:
    """The account of a number. Raises Unusable where it has no name, for PostgreSQL asks for one."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise Unusable(f"PostgreSQL cannot run as user {uid}: it has no name (no line in /etc/passwd).") from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def nobody() -> Account:
    try:
        return account(pwd.getpwnam("nobody").pw_uid)
    except KeyError:
        raise Unusable("PostgreSQL cannot run as root, and there is no user nobody.") from None


def folder_of(package: str) -> Path:
    """Where a package lies, without importing it. Raises Unusable."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Unusable(f"the package {package.replace('_', '-')} is not installed.")
    return Path(spec.submodule_search_locations[0])


def start(
    arguments: Sequence[str | Path], runner: Account, folder: Path, log: Path, *, at_parent_end: str, typed: bytes = b""
) -> subprocess.Popen[bytes]:
    """Start a program with a new log, in a session of its own: out of reach of a terminal's Ctrl-C. Raises OSError."""
    setpriv = shutil.which("setpriv")
    direct = None if setpriv or runner.uid == os.geteuid() else runner
    with _new_log(log, runner) as output:
        process = subprocess.Popen(  # noqa: S603 - the programs of our own wheels
            [*(_privileges(setpriv, runner, at_parent_end, arguments[0]) if setpriv else []), *arguments],
            stdin=subprocess.PIPE if typed else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            # It speaks English, and hears of no PGPORT or PGDATA of the user's.
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            start_new_session=True,
            user=direct and direct.uid,
            group=direct and direct.gid,
            extra_groups=direct and [],
        )
    if process.stdin:
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(typed)
    return process


def _new_log(log: Path, runner: Account) -> IO[bytes]:
    """An empty log; the one before it is kept beside it."""
    with contextlib.suppress(FileNotFoundError):
        log.replace(log.with_name(f"{log.name}.1"))
    opened = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    if os.geteuid() == 0:
        os.fchown(opened, runner.uid, runner.gid)
    return os.fdopen(opened, "ab")


def _privileges(setpriv: str, runner: Account, at_parent_end: str, program: str | Path) -> list[str]:
    """The words before a program: who runs it, and the signal it gets when this process ends (on Linux)."""
    words = [setpriv]
    # The kernel looks at the thread that started it: only the main one lives as long as its process.
    if threading.current_thread() is threading.main_thread():
        words += ["--pdeathsig", at_parent_end]
    if runner.uid != os.geteuid():
        words += ["--reuid", str(runner.uid), "--regid", str(runner.gid), "--clear-groups"]
        permitted = _permitted()
        if reach := _reach(permitted, program):
            words += ["--inh-caps", reach, "--ambient-caps", reach]
        if permitted >> SETPCAP & 1:
            # access(2), by which PostgreSQL looks for its own programs, forgets capabilities otherwise.
            words += ["--securebits", "+no_setuid_fixup"]
    return [*words, "--"]


def _reach(permitted: int, program: str | Path) -> str:
    """The one capability that lets an account run a program, and use a folder, below a closed home."""
    if permitted >> DAC_READ_SEARCH & 1 and Path(program).stat().st_mode & stat.S_IXOTH:
        return "+dac_read_search"
    # It writes everywhere too. But a container's root lacks the other one by default, and that one runs nothing that a
    # umask of 077 left to root alone: 'program "postgres" is needed by initdb but was not found'.
    return "+dac_override" if permitted >> DAC_OVERRIDE & 1 else ""


def _permitted() -> int:
    """The capabilities of this process, a bit each."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1], 16) for line in status if line.startswith("CapPrm"))


def end(process: subprocess.Popen[bytes], *steps: Step) -> None:
    """End a program by one signal after the other, SIGKILL after the last."""
    for step in steps:
        if process.poll() is None:
            process.send_signal(step.signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(step.seconds)
    if process.poll() is None:
        process.kill()
        process.wait()


def complaint(log: Path) -> str:
    """The last line of a log that tells of a failure, or its last one."""
    try:
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    except OSError:
        lines = []
    grave = [line for line in lines if any(word in line for word in GRAVE)]
    return (grave or lines or ["it said nothing"])[-1]


def trim(log: Path) -> None:
    """Empty a log that has grown too long; its program goes on at the new end."""
    with contextlib.suppress(OSError):
        # Neither a link nor a pipe that its owner put in its place.
        opened = os.open(log, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            if os.fstat(opened).st_size > LOG_LIMIT:
                os.ftruncate(opened, 0)
        finally:
            os.close(opened)
