"""Other people's children: processes that a killed parent left running on a folder."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from taskflow.foundation.embedded.programs import Step

PROC = Path("/proc")


def running_on(folder: Path, program: str) -> set[int]:
    """The processes of `program` that were started with `-D folder`, or (on Linux) work in it."""
    found = _from_proc(folder, program) if (PROC / "self").exists() else _from_ps(folder, program)
    return set(found) - {os.getpid()}


def _from_proc(folder: Path, program: str) -> Iterator[int]:
    for entry in PROC.iterdir():
        # One that has ended, or of another user, has nothing to read.
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and (_started_on(entry, folder, program) or _works_in(entry, folder, program)):
                yield int(entry.name)


def _started_on(entry: Path, folder: Path, program: str) -> bool:
    words = (entry / "cmdline").read_bytes().split(b"\0")
    return os.path.basename(words[0]) == program.encode() and os.fsencode(folder) in words  # noqa: PTH119 - of bytes


def _works_in(entry: Path, folder: Path, program: str) -> bool:
    """By its working folder: a child of PostgreSQL's writes another text over its command line."""
    runs = str((entry / "exe").readlink()).removesuffix(" (deleted)")
    return runs.endswith(f"/{program}") and (entry / "cwd").samefile(folder)


def _from_ps(folder: Path, program: str) -> Iterator[int]:
    listed = subprocess.run(["ps", "-axww", "-o", "pid=,command="], capture_output=True, check=False, text=True)  # noqa: S607
    for line in listed.stdout.splitlines():
        pid, _, words = line.strip().partition(" ")
        if f"/{program} -D {folder}" in words:
            yield int(pid)


def end_all(find: Callable[[], set[int]], first: int, steps: Sequence[Step]) -> bool:
    """End processes by one signal after the other, sent to `first` alone where it is one of them; whether all went."""
    for step in steps:
        found = find()
        for pid in [first] if first in found else found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, step.signal)
        if _gone(find, step.seconds):
            return True
    return False


def _gone(find: Callable[[], set[int]], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while find():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
