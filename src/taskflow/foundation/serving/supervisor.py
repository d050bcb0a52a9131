"""The parent process: starts the services and the workers, replaces what dies, and ends all of it."""

import contextlib
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType

from taskflow.foundation.embedded.data_folder import Unusable
from taskflow.foundation.embedded.services import Service, Services, back_off
from taskflow.foundation.serving.worker import ENDING_S, HOPELESS, Worker, become, tie, untie

ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
TICK_S = 1.0
# A worker that lived this long had started, whether it said so or not.
STARTED_S = 10.0
FAILED_STARTS = 5
# One press of Ctrl-C may come twice: from the terminal, and from a program in between.
SAME_PRESS_S = 0.5
HURRIED_S = 1.0

Say = Callable[[str], None]


def complain(line: str) -> None:
    sys.stderr.write(f"taskflow: {line}\n")
    sys.stderr.flush()


def supervise(
    sockets: list[socket.socket],
    workers: int,
    work: Callable[[Worker], None],
    *,
    services: Sequence[Service] = (),
    prepare: Callable[[], None] | None = None,
    ready: Callable[[], None] = lambda: None,
    gone: Callable[[int], None] = lambda _: None,
    say: Say = complain,
) -> int:
    """Run `work` in processes of its own until told to end; the exit status.

    The services come first, then `prepare` in a process of its own; `ready` is called once, when every worker was;
    `gone` with the index of each that has ended.
    Raises Unusable, with nothing left running.
    """
    return Parent(sockets, workers, work, Services(services, say), ready, gone, say).run(prepare)


@dataclass
class Place:
    """A worker's place: who stands in it, or when the next one may be started."""

    index: int
    pid: int | None = None
    began: float = 0.0
    started: bool = False
    failures: int = 0
    due: float = 0.0


class Parent:
    """What `supervise` is made of; one for each call."""

    def __init__(
        self,
        sockets: list[socket.socket],
        workers: int,
        work: Callable[[Worker], None],
        services: Services,
        ready: Callable[[], None],
        gone: Callable[[int], None],
        say: Say,
    ) -> None:
        self._sockets = sockets
        self._places = [Place(index) for index in range(workers)]
        self._unready = set(range(workers))
        self._work = work
        self._services = services
        self._ready = ready
        self._gone = gone
        self._say = say
        self._ties = tie()
        self._told: list[tuple[signal.Signals, float]] = []
        self._status = 0

    def run(self, prepare: Callable[[], None] | None) -> int:
        with _signals(self._hear) as self._wake:
            try:
                self._services.start(given_up=lambda: bool(self._told))
                if prepare and not self._told:
                    self._prepare(prepare)
                while not self._told:
                    self._tend()
            finally:
                self._end_workers()
                self._services.stop()
                untie(self._ties)
        return self._status

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if number != signal.SIGCHLD and (not self._told or now > self._told[-1][1] + SAME_PRESS_S):
            self._told.append((signal.Signals(number), now))

    def _prepare(self, prepare: Callable[[], None]) -> None:
        pid = self._fork(prepare)
        while (status := _reap(pid)) is None:
            if self._told:
                os.kill(pid, signal.SIGTERM)
            self._wait(TICK_S)
        if status == HOPELESS:
            self._give_up()
        elif status and not self._told:
            raise Unusable(f"what goes before the start failed ({_told(status)}).")

    def _give_up(self) -> None:
        """End as if told to, but with a status that says otherwise; the reason was said."""
        self._status = 1
        self._told.append((signal.SIGTERM, time.monotonic()))

    def _fork(self, run: Callable[[], None]) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        # Until the child has handlers of its own, no signal may run the parent's in it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, (*ENDS, signal.SIGCHLD))
        try:
            if (pid := os.fork()) == 0:
                become(run, self._ties, self._say)
            return pid
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _tend(self) -> None:
        for place in self._places:
            self._look_at(place)
            if place.pid is None and time.monotonic() >= place.due and not self._told:
                self._fill(place)
        self._services.tend()
        if not self._told:
            dues = [place.due - time.monotonic() for place in self._places if place.pid is None]
            self._wait(max(min([TICK_S, *dues]), 0))

    def _look_at(self, place: Place) -> None:
        if place.pid is None or (status := _reap(place.pid)) is None:
            return
        pid, place.pid = place.pid, None
        self._gone(place.index)
        started = place.started or time.monotonic() > place.began + STARTED_S
        place.failures = 0 if started else place.failures + 1
        place.due = time.monotonic() + back_off(place.failures)
        if place.failures >= FAILED_STARTS:
            self._say(f"worker {place.index} could not start, {FAILED_STARTS} times in a row ({_told(status)}).")
        elif status != HOPELESS:
            self._say(f"worker {place.index}, process {pid}, ended ({_told(status)}): another takes its place.")
        if place.failures >= FAILED_STARTS or status == HOPELESS:
            self._give_up()

    def _fill(self, place: Place) -> None:
        place.began, place.started = time.monotonic(), False
        try:
            place.pid = self._fork(lambda: self._work(Worker(place.index, self._sockets, self._ties)))
        except OSError as failure:
            place.failures += 1
            place.due = time.monotonic() + back_off(place.failures)
            self._say(f"worker {place.index} cannot be started: {failure.strerror}.")

    def _wait(self, seconds: float) -> None:
        """Wait for a signal, or a worker's word."""
        ready, _, _ = select.select([self._wake, self._ties.readiness[0]], [], [], seconds)
        if self._wake in ready:
            os.read(self._wake, 4096)
        if self._ties.readiness[0] in ready:
            self._hear_ready(os.read(self._ties.readiness[0], 4096))

    def _hear_ready(self, indexes: bytes) -> None:
        for index in indexes:
            self._places[index].started = True
        if self._unready:
            self._unready -= set(indexes)
            if not self._unready and not self._told:
                self._ready()

    def _end_workers(self) -> None:
        """Tell the workers to end, give them their time, and kill those that need more."""
        for listening in self._sockets:
            listening.close()
        if any(number != signal.SIGTERM for number, _ in self._told):
            self._ties.hurry[0] = 1
        self._signal_workers(signal.SIGTERM)
        until = time.monotonic() + ENDING_S
        while self._working() and time.monotonic() < until:
            if len(self._told) > 1:
                until = min(until, self._told[1][1] + HURRIED_S)
            self._wait(max(min(TICK_S, until - time.monotonic()), 0))
        for pid in self._signal_workers(signal.SIGKILL):
            os.waitpid(pid, 0)
            self._status = 1

    def _signal_workers(self, number: signal.Signals) -> list[int]:
        working = self._working()
        for pid in working:
            os.kill(pid, number)
        return working

    def _working(self) -> list[int]:
        for place in self._places:
            if place.pid is not None and _reap(place.pid) is not None:
                place.pid = None
        return [place.pid for place in self._places if place.pid is not None]


@contextlib.contextmanager
def _signals(hear: Callable[[int, FrameType | None], None]) -> Iterator[int]:
    """Have signals heard; a file descriptor that can be read after each of them."""
    wake, told = os.pipe()
    for end in (wake, told):
        os.set_blocking(end, False)
    # One that was started by nohup stays deaf to the terminal's end.
    taken = [*ENDS[:2], signal.SIGCHLD] + [s for s in ENDS[2:] if signal.getsignal(s) != signal.SIG_IGN]
    before = {number: signal.signal(number, hear) for number in taken}
    woken = signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    try:
        yield wake
    finally:
        signal.set_wakeup_fd(woken)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(wake)
        os.close(told)


def _reap(pid: int) -> int | None:
    """The exit status of a child that ended: negative where a signal ended it."""
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _told(status: int) -> str:
    return f"status {status}" if status >= 0 else signal.Signals(-status).name
