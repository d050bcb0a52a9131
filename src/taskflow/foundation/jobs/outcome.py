"""What became of an attempt: done, failed with an error, or given back unharmed."""

import logging
from datetime import timedelta
from typing import Generic, TypeVar

import msgspec

from taskflow.foundation.jobs import queue
from taskflow.foundation.jobs.attempt import Attempt
from taskflow.foundation.jobs.registry import Job

C = TypeVar("C")

LONGEST_DELAY = timedelta(hours=1)
LONGEST_ERROR = 500

log = logging.getLogger(__name__)


class Outcome(msgspec.Struct, Generic[C], frozen=True):
    """Done, unless it has an error or was released."""

    job: Job
    attempt: Attempt[C]
    error: str | None = None
    released: bool = False

    @property
    def mine(self) -> queue.Mine:
        return self.attempt.id, self.attempt.taken

    @property
    def done(self) -> bool:
        return self.error is None and not self.released

    @property
    def final(self) -> bool:
        return self.attempt.number >= self.job.attempts


async def settle(connection: queue.Connection, outcomes: list[Outcome[C]], first_delay: timedelta) -> None:
    """Write them down; to do so twice changes nothing."""
    if done := [outcome.mine for outcome in outcomes if outcome.done]:
        await queue.finish(connection, done)
    for outcome in outcomes:
        if outcome.released:
            await queue.release(connection, outcome.mine)
        elif outcome.error is not None and outcome.final:
            await queue.park(connection, outcome.mine, outcome.error)
        elif outcome.error is not None:
            await queue.retry(connection, outcome.mine, delay(first_delay, outcome.attempt.number), outcome.error)


def delay(first: timedelta, number: int) -> timedelta:
    """By default 2, 4, 8 ... seconds after the first, second, third attempt, an hour at most."""
    return min(timedelta(seconds=first.total_seconds() * 2 ** (number - 1)), LONGEST_DELAY)


def failed(job: Job, attempt: Attempt[C], error: Exception) -> Outcome[C]:
    """Log the error, and keep it in a form that a text column takes."""
    outcome = Outcome(job, attempt, error=described(error))
    named = {"job": attempt.name, "job_id": str(attempt.id), "attempt": attempt.number}
    if outcome.final:
        log.error("job failed for good", exc_info=error, extra=named)
    else:
        log.warning("job failed and will be tried again", exc_info=error, extra=named)
    return outcome


def described(error: Exception) -> str:
    """The error as text without U+0000 and lone surrogates."""
    text = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    return text.replace("\0", "").encode(errors="backslashreplace").decode()
