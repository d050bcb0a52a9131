"""The worker: takes jobs that are due, runs them and settles what became of them, on one connection of its own."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Generic, TypeVar

import asyncpg

from taskflow.foundation.jobs import queue
from taskflow.foundation.jobs.attempt import Attempt, Lost
from taskflow.foundation.jobs.outcome import Outcome, described, failed, settle
from taskflow.foundation.jobs.registry import JOBS, Job

C = TypeVar("C")

TROUBLE = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
BETWEEN_CONNECTS = 1.0  # seconds
BETWEEN_PURGES = 3600.0
LAST_WORDS = 5.0  # for writing down what became of the last ones
FAILED_ARE_KEPT = timedelta(days=30)

log = logging.getLogger(__name__)


class Died(Exception):
    """No attempt came to an end: it may be this job that kills its workers."""


class Worker(Generic[C]):
    """Runs up to `at_once` jobs in this process; any number of workers share one queue.

    The jobs of a worker that died are taken by others when their `lease` is over. One that is told to stop takes no
    more, and what still runs after `grace` is cancelled and given back.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[asyncpg.Connection]],
        context: C,
        *,
        jobs: Mapping[str, Job] = JOBS,
        at_once: int = 4,
        poll: timedelta = timedelta(seconds=1),
        lease: timedelta = timedelta(seconds=30),
        grace: timedelta = timedelta(seconds=15),
        first_delay: timedelta = timedelta(seconds=2),
    ) -> None:
        """Prepare; nothing is asked of the database before `run`."""
        self.connect, self.context, self.jobs, self.at_once = connect, context, jobs, at_once
        self.poll, self.lease, self.grace, self.first_delay = poll, lease, grace, first_delay
        self.running: dict[queue.Mine, asyncio.Task[None]] = {}
        self.outcomes: list[Outcome[C]] = []
        self.wake = asyncio.Event()
        self.outage = False

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`; a database that goes away is waited for."""
        work, told = asyncio.create_task(self._work(stop)), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((work, told), return_when=asyncio.FIRST_COMPLETED)
            self.wake.set()
            if self.running:
                await asyncio.wait(self.running.values(), timeout=self.grace.total_seconds())
            await self._cancel()
            await asyncio.wait((work,), timeout=LAST_WORDS)
        finally:
            told.cancel()
            work.cancel()
            await self._cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work

    async def _cancel(self) -> None:
        tasks = list(self.running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.running.clear()  # of those that had not begun

    async def _work(self, stop: asyncio.Event) -> None:
        while self._needed(stop):
            try:
                await self._serve(stop)
            except TROUBLE as trouble:
                if not self.outage:
                    log.warning("jobs wait for the database", extra={"error": described(trouble)})
                self.outage = True
                await self._pause(BETWEEN_CONNECTS)

    def _needed(self, stop: asyncio.Event) -> bool:
        return bool(self.running or self.outcomes or not stop.is_set())

    async def _serve(self, stop: asyncio.Event) -> None:
        """Work on one connection until it breaks, or until all is settled after `stop`."""
        connection = await self.connect()
        try:
            await queue.plan(connection, {name: job.every for name, job in self.jobs.items() if job.every})
            self.outage = False
            purge_at = keep_at = self._clock()
            while self._needed(stop):
                await self._settle(connection)
                if self._clock() >= keep_at:
                    await queue.keep(connection, self.running, self.lease)
                    keep_at = self._clock() + self.lease.total_seconds() / 3
                if self._clock() >= purge_at:
                    await queue.purge(connection, FAILED_ARE_KEPT)
                    purge_at = self._clock() + BETWEEN_PURGES
                if not stop.is_set():
                    await self._take(connection, stop)
                await self._pause(self.poll.total_seconds())
        finally:
            connection.terminate()

    @staticmethod
    def _clock() -> float:
        return asyncio.get_running_loop().time()

    async def _settle(self, connection: asyncpg.Connection) -> None:
        """Write down what became of attempts; one of them comes off the list only when that is written."""
        outcomes = list(self.outcomes)
        await settle(connection, outcomes, self.first_delay)
        del self.outcomes[: len(outcomes)]

    async def _take(self, connection: asyncpg.Connection, stop: asyncio.Event) -> None:
        free = self.at_once - len(self.running)
        if free:
            for row in await queue.take(connection, self.jobs, free, self.lease):
                self._begin(self.jobs[row.name], row, too_late=stop.is_set())

    def _begin(self, job: Job, row: queue.Row, *, too_late: bool) -> None:
        attempt = Attempt(row.id, row.name, row.attempts, row.taken, self.context)
        if too_late:
            self._end(Outcome(job, attempt, released=True))
        elif row.attempts > job.attempts:
            self._end(failed(job, attempt, Died()))
        else:
            self.running[row.id, row.taken] = asyncio.create_task(self._attempt(job, attempt, row.payload))

    async def _attempt(self, job: Job, attempt: Attempt[C], payload: bytes) -> None:
        outcome = Outcome(job, attempt)
        try:
            async with asyncio.timeout(job.limit.total_seconds()):
                await job.run(attempt, job.read(payload))
        except asyncio.CancelledError:
            outcome = Outcome(job, attempt, released=True)
        except Lost:
            log.warning("job was taken over: the lease ran out", extra={"job": job.name, "job_id": str(attempt.id)})
        except Exception as error:  # noqa: BLE001 - whatever a job raises is its outcome
            outcome = failed(job, attempt, error)
        self._end(outcome)

    def _end(self, outcome: Outcome[C]) -> None:
        self.running.pop(outcome.mine, None)
        self.outcomes.append(outcome)
        self.wake.set()

    async def _pause(self, seconds: float) -> None:
        """Wait for an attempt to end, for `stop`, or for a while."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.wake.wait()
        self.wake.clear()
