"""The folder that holds all that one TaskFlow keeps, and the lock that gives it to one process at a time."""

import contextlib
import errno
import fcntl
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

# What `sockaddr_un` holds, less its closing zero.
SOCKET_PATH_LIMIT = 103 if sys.platform == "darwin" else 107
LONGEST_SOCKET = "run/.s.PGSQL.5432"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Unusable(Exception):
    """What TaskFlow needs cannot be used; the text is one line that says what and why."""


class InUse(Unusable):
    """Another process holds the data folder: `pid`, or None before it has written its number."""

    def __init__(self, path: Path, pid: int | None) -> None:
        super().__init__(f"the data folder {path} is in use by {f'process {pid}' if pid else 'another process'}.")
        self.pid = pid


class DataFolder:
    """A data folder, made where it is missing (0700) and held until `release`. Raises Unusable, InUse."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        _check_name(self.path)
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock: int | None = self._hold()
        except OSError as failure:
            raise Unusable(f"the data folder {self.path} cannot be used: {reason(failure)}.") from failure
        # A worker that outlives its parent must not keep the next one out.
        os.register_at_fork(after_in_child=self._let_go)

    def _hold(self) -> int:
        lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            self._lock_exclusively(lock)
            if not os.access(self.path, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, "", str(self.path))
            os.ftruncate(lock, 0)
            os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
            _give_to_owner(lock, self.path)
        except BaseException:
            os.close(lock)
            raise
        return lock

    def _lock_exclusively(self, lock: int) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            written = os.pread(lock, 20, 0).strip()
            raise InUse(self.path, int(written) if written.isdigit() else None) from None

    def _let_go(self) -> None:
        """Close this process's copy of the lock; the parent's, after a fork, still holds."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def release(self) -> None:
        if self._lock is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._lock, 0)
        self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, at: TracebackType | None
    ) -> None:
        self.release()


def _check_name(path: Path) -> None:
    """Refuse a path that PostgreSQL, Valkey or their clients could not use for a socket."""
    if not str(path).isprintable() or "," in str(path):
        raise Unusable(
            f"the data folder {str(path)!r} cannot be used: its path has a comma or a character that cannot be printed."
        )
    spare = SOCKET_PATH_LIMIT - len(f"/{LONGEST_SOCKET}")
    if (length := len(os.fsencode(path))) > spare:
        raise Unusable(
            f"the data folder {path} cannot be used: its path has {length} bytes, and a Unix socket in it leaves "
            f"room for {spare}."
        )


def _give_to_owner(lock: int, folder: Path) -> None:
    """What root writes into someone's folder stays that one's."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(lock, owner.st_uid, owner.st_gid)


def refuse_links(*places: Path) -> None:
    """Raise Unusable where root would follow a link that a folder's owner may have put there."""
    for place in places:
        if os.geteuid() == 0 and place.is_symlink():
            raise Unusable(f"{place} is a link, and root follows none in a data folder: put there what it points to.")


def reason(failure: OSError) -> str:
    """Why the system refused, in words, with the path it is about."""
    about = f"{failure.filename} " if failure.filename else ""
    if isinstance(failure, FileExistsError | NotADirectoryError):
        return f"{about}is not a folder" if failure.errno == errno.EEXIST else f"{about}does not lie in a folder"
    if failure.errno in FULL:
        return "the disk is full"
    if failure.errno == errno.EROFS:
        return f"{about}is on a disk that can only be read"
    if isinstance(failure, PermissionError):
        return f"{about}is closed to the user that runs TaskFlow"
    return f"{about}{failure.strerror or failure}"
