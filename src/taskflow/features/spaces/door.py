"""The one door: every operation on a space is performed here, in one transaction, and told to the caches after it."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from taskflow.features.spaces.access import Access
from taskflow.features.spaces.errors import KeyInUse, KeyReused, SpaceBusy, SpaceNotFound
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.queries import keep_answer, kept_answer
from taskflow.features.spaces.work import Changed, Progress, Work
from taskflow.foundation.backend import Backend
from taskflow.foundation.operation import Args, Operation
from taskflow.foundation.redis import keys
from taskflow.foundation.refusal import Refusal

T = TypeVar("T")

TRIES = 3  # of a transaction that a deadlock or a serialization failure undid
KEPT = timedelta(hours=24)


class Key(Struct, frozen=True):
    """An Idempotency-Key and what the request said under it."""

    text: str
    fingerprint: bytes


class Answered(Struct, frozen=True):
    """What is answered: the status, the thing as JSON (empty: it is gone), the space's number and those of others.

    `written` are the numbers of all spaces that were held, also of those that are not the caller's to know of.
    """

    status: int
    body: bytes
    number: int
    others: dict[UUID, int] = {}
    written: dict[UUID, int] = {}


class Call(Struct, frozen=True):
    """An operation that is asked for: by whom and where, with which arguments, and how it is to be answered."""

    access: Access
    operation: Operation
    args: Args
    status: int = 200
    key: Key | None = None
    if_match: frozenset[int] | None = None
    progress: Progress | None = None


class Repeated(Exception):
    """A key was answered before: the transaction ends, in which nothing was written."""

    def __init__(self, answered: Answered) -> None:
        """Say what is answered again."""
        super().__init__()
        self.answered = answered


async def perform(backend: Backend, call: Call) -> Answered:
    """Run an operation to its commit, and make the space's number known.

    Raises the operation's refusals (with the space's number on them), PreconditionFailed, KeyReused, and
    SpaceBusy or KeyInUse where others hold the lock for too long.
    """
    answered = await retried(lambda: once(backend, call), keyed=call.key is not None)
    numbers = {call.access.space_id: answered.number, **answered.written}
    await make_known(backend, numbers)
    return answered


async def make_known(backend: Backend, numbers: Mapping[UUID, int]) -> None:
    """Tell the caches and all who listen how far these spaces have come."""
    published = (backend.turn.publish(keys.known(space), at, keys.channel(space)) for space, at in numbers.items())
    await asyncio.gather(*published)


async def retried(attempt: Callable[[], Awaitable[T]], *, keyed: bool) -> T:
    """Try again what the database undid for the sake of another transaction."""
    for _ in range(TRIES):
        try:
            return await attempt()
        except asyncpg.LockNotAvailableError as locked:
            raise (KeyInUse if keyed else SpaceBusy) from locked
        except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
            await asyncio.sleep(0.05)
    raise SpaceBusy


async def once(backend: Backend, call: Call) -> Answered:
    """One transaction: lock, look the key up, operate, keep the answer."""
    work = Work(backend.database, call.access.space_id, if_match=call.if_match, progress=call.progress)
    if call.key is not None:
        work.once_held = partial(ask_for_kept, work, call, call.key)
    try:
        async with work:
            answered = await operate(work, call)
    except Repeated as repeated:
        return repeated.answered
    except SpaceNotFound:
        raise  # with no number: whoever is no longer in the space is not told how far it has come
    except Refusal as refusal:
        home = work.spaces.get(call.access.space_id)
        refusal.number = home.before if home else None
        raise
    work.committed()
    return answered


async def operate(work: Work, call: Call) -> Answered:
    """Run the operation, give back what numbers it did not need, and keep the answer under its key."""
    changed: Changed[Any] = await call.operation.run(work, call.access, call.args)
    await work.step(call.access.space_id)
    await work.give_back()
    body = b"" if changed.thing is None else msgspec.json.encode(changed.thing)
    if call.key:
        expires = work.now + KEPT
        named = (work.space_id, call.access.account_id, call.key.text, call.key.fingerprint)
        kept = body if changed.kept is None else msgspec.json.encode(changed.kept)
        await keep_answer(work, *named, call.status, kept, expires)
    written = {space_id: held.now for space_id, held in work.spaces.items()}
    told = (work.told | {call.access.account_id}) - {work.space_id}
    others = {space_id: now for space_id, now in written.items() if space_id in told}
    return Answered(call.status, body, work.number, others, written)


async def ask_for_kept(work: Work, call: Call, key: Key) -> None:
    """Raise Repeated where this key was answered before, KeyReused where that was to another request.

    It is asked when the operation has the lock: taken by itself before, it would stand out of the order of several.
    """
    found = await kept_answer(work, work.space_id, call.access.account_id, key.text, work.now)
    if found is None:
        return
    await call.access.require(work, Role.VIEWER)
    if found.fingerprint != key.fingerprint:
        raise KeyReused
    raise Repeated(Answered(found.status, found.body, work.held.before))


def fingerprint(*parts: bytes) -> bytes:
    """What tells two requests under one key apart."""
    return hashlib.sha256(b"\0".join(parts)).digest()
