"""The registry of jobs: each has a name, a function and, where it repeats, a period."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar, get_type_hints

import msgspec

from taskflow.foundation.jobs.attempt import Attempt

C = TypeVar("C")
P = TypeVar("P")
Run = Callable[[Attempt[C], P], Awaitable[None]]

ATTEMPTS = 12  # with the back-off of worker.py: an outage of an hour is outlived
LIMIT = timedelta(minutes=10)


class Job(msgspec.Struct, frozen=True):
    """One entry of the registry; `payload` is bytes or the struct that its JSON is read into."""

    name: str
    run: Callable[..., Awaitable[None]]
    payload: Any
    every: timedelta | None
    attempts: int
    limit: timedelta

    def read(self, payload: bytes) -> object:
        """The function's argument; raises msgspec.ValidationError."""
        return payload if self.payload is bytes else msgspec.json.decode(payload, type=self.payload)


JOBS: dict[str, Job] = {}


def job(
    name: str,
    *,
    every: timedelta | None = None,
    attempts: int = ATTEMPTS,
    limit: timedelta = LIMIT,
    jobs: dict[str, Job] = JOBS,
) -> Callable[[Run[C, P]], Run[C, P]]:
    """Enter a function of an attempt and a payload into the registry.

    The payload's annotation says what it is: bytes, or a struct read from JSON. One with `every` is given an empty one,
    once a period over all processes. `limit` is how long one attempt may take.
    """

    def enter(run: Run[C, P]) -> Run[C, P]:
        if name in jobs:
            raise ValueError(f"two jobs are named {name}")
        *_, payload = (kind for parameter, kind in get_type_hints(run).items() if parameter != "return")
        jobs[name] = Job(name, run, payload, every, attempts, limit)
        return run

    return enter
