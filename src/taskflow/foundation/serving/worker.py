"""A worker process: what its parent gives it, and how it follows its parent into the end."""

import mmap
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple, NoReturn

from taskflow.foundation.embedded.data_folder import Unusable

# The status of a worker that said in one line why it cannot do its work (EX_CONFIG): to start it again is no use.
HOPELESS = 78
# How long a worker may take to end. With the parent's own end (PostgreSQL's last checkpoint) less than 30 s.
ENDING_S = 27.0


class Ties(NamedTuple):
    """What the parent and all of its workers share."""

    hurry: mmap.mmap  # one byte: not 0 when nobody waits for the workers to end slowly
    readiness: tuple[int, int]  # a pipe: the index of each worker that is ready, a byte
    life: tuple[int, int]  # a pipe that nobody writes to: its end is the parent's


def tie() -> Ties:
    return Ties(mmap.mmap(-1, 1), os.pipe(), os.pipe())


def untie(ties: Ties) -> None:
    ties.hurry.close()
    for end in (*ties.readiness, *ties.life):
        os.close(end)


class Worker:
    """Its number, counted from 0, and the sockets to serve."""

    def __init__(self, index: int, sockets: list[socket.socket], ties: Ties) -> None:
        self.index = index
        self.sockets = sockets
        self._ties = ties

    def ready(self) -> None:
        """Tell the parent that this worker does its work now."""
        with suppress(BrokenPipeError):
            os.write(self._ties.readiness[1], bytes([self.index]))

    def hurried(self) -> bool:
        """Whether the end came by a person at a terminal, or by the parent's death: no balancer has to notice it."""
        return self._ties.hurry[0] != 0


def become(work: Callable[[], None], ties: Ties, say: Callable[[str], None]) -> NoReturn:
    """Be the worker, in a process just forked with its signals blocked, and end it with a status."""
    status = 1
    try:
        _take_signals()
        os.close(ties.life[1])
        threading.Thread(target=_follow, args=(ties,), daemon=True).start()
        work()
        status = 0
    except Unusable as refusal:
        say(str(refusal))
        status = HOPELESS
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    except BaseException:  # noqa: BLE001 - a bug: told in full, for the process ends here
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _take_signals() -> None:
    """Ctrl-C at a terminal reaches every process: it is the parent that decides."""
    signal.set_wakeup_fd(-1)
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    for default in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(default, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _follow(ties: Ties) -> None:
    """Wait for the parent's end, and bring about this process's own."""
    os.read(ties.life[0], 1)
    ties.hurry[0] = 1
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ENDING_S)
    os._exit(1)
