"""Passwords: argon2id, in threads of their own; common ones refused."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from taskflow.foundation.refusal import Unavailable, invalid

HASHER = PasswordHasher(
    time_cost=2, memory_cost=19 * 1024, parallelism=1
)  # 19 MiB, t=2, p=1: OWASP's least for argon2id
THREADS = 2  # a hash holds a core and 19 MiB for its time
WAITING = 64  # more than this many at once are turned away, so that memory and time stay bounded

T = TypeVar("T")

_executor = ThreadPoolExecutor(THREADS, "argon2")
_waiting = 0


class TooManySignIns(Unavailable):
    """Too many people are signing in at this moment: try again in a few seconds."""

    retry_after = 2


async def hash_password(password: str) -> str:
    """The argon2id hash (PHC string); raises Invalid for a common password."""
    if password.casefold() in common():
        raise invalid("/password", "is one of the most common passwords: choose another")
    return await _run(lambda: HASHER.hash(password))


async def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is right; without an account (None) it costs the same and is False."""
    known = password_hash or await _nobody()
    return await _run(lambda: _verify(known, password)) and password_hash is not None


async def _nobody() -> str:
    """A hash that no password is known for, so that an unknown address takes as long as a known one."""
    return await _run(_nobodys_hash)


@cache
def _nobodys_hash() -> str:
    return HASHER.hash("nobody's")


def _verify(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


async def _run(work: Callable[[], T]) -> T:
    global _waiting  # noqa: PLW0603 - one count for the process, as the executor is one
    if _waiting >= WAITING:
        raise TooManySignIns
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_executor, work)
    finally:
        _waiting -= 1


@cache
def common() -> frozenset[str]:
    """The passwords that are tried first: `common_passwords.txt`, one a line."""
    return frozenset(files(__package__).joinpath("common_passwords.txt").read_text().split())
