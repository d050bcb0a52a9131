"""Running commands: neighbours of one space in one transaction, each answered; what is over several spaces alone."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from taskflow.features.spaces.access import Access, own
from taskflow.features.spaces.door import TRIES
from taskflow.features.spaces.errors import SpaceBusy, SpaceNotFound
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.work import Work
from taskflow.features.sync.answering import OWN, Caller, Memory, Run, Spoilt, all_answered, done, unstored
from taskflow.features.sync.kept import Kept, keep, kept
from taskflow.features.sync.protocol import Result
from taskflow.features.sync.reading import Order
from taskflow.foundation.refusal import Refusal, Unavailable

AGAIN = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.LockNotAvailableError)
AGAIN_S = 0.05


class Done(Struct, frozen=True):
    """The results of one transaction's commands, and the numbers of the spaces that it held."""

    results: list[Result]
    written: dict[UUID, int]


class Remembered(Exception):
    """A command was answered before: the transaction ends, in which nothing was written."""

    def __init__(self, known: Kept) -> None:
        """Say what it was answered."""
        super().__init__()
        self.known = known


async def transacted(caller: Caller, access: Access, orders: Sequence[Order], memory: Memory) -> Done:
    """Run neighbours to their commit; raises SpaceBusy or DatabaseGone, and then none of them is done."""
    if orders[0].several and orders[0].id not in memory:
        return await tried_again(lambda: alone(caller, access, orders[0], memory))
    try:
        return await tried_again(lambda: together(caller, access, orders, memory))
    except Spoilt:
        return await tried_again(lambda: together(caller, access, orders, memory, careful=True))


async def tried_again(attempt: Callable[[], Awaitable[Done]]) -> Done:
    """Try again what the database undid for the sake of another transaction; raises SpaceBusy in the end."""
    for _ in range(TRIES):
        try:
            return await attempt()
        except AGAIN:
            await asyncio.sleep(AGAIN_S)
    raise SpaceBusy


async def together(
    caller: Caller, access: Access, orders: Sequence[Order], memory: Memory, *, careful: bool = False
) -> Done:
    """Neighbours in one transaction, which takes their numbers at once; `careful`: each with a savepoint before it.

    Raises Spoilt where there is none, and what failed has to be undone by itself.
    """
    work = Work(caller.database, access.space_id)
    try:
        async with work:
            await work.take(sum(order.refusal is None for order in orders))
            await access.require(work, Role.VIEWER)
            answered = await all_answered(Run(caller, access, work, careful=careful), orders, memory)
            await work.give_back()
    except SpaceNotFound:
        if access.space_id == caller.account_id:
            raise
        return await together(caller, own(caller.account_id), [turned_away(caller, order) for order in orders], memory)
    work.committed()
    return Done(answered, {space_id: held.now for space_id, held in work.spaces.items()})


def turned_away(caller: Caller, order: Order) -> Order:
    """A command on a space that its sender is not in: what it is answered is kept in their own."""
    return msgspec.structs.replace(order, space_id=caller.account_id, refusal=SpaceNotFound())


async def alone(caller: Caller, access: Access, order: Order, memory: Memory) -> Done:
    """A command over several spaces: it takes their locks itself; where it is refused, that is kept after it."""
    work = Work(caller.database, access.space_id)
    work.once_held = partial(ask_for_kept, work, caller, order)
    try:
        async with work:
            result = await done(Run(caller, access, work), order)
            await keep(work, caller.account_id, [Kept(order.fingerprint, result)])
            await work.give_back()
    except Remembered as remembered:
        return await together(caller, access, [order], memory | {order.id: remembered.known})
    except Unavailable:
        raise
    except Refusal as refusal:
        return await together(caller, access, [msgspec.structs.replace(order, refusal=refusal)], memory)
    except OWN as error:
        return await together(caller, access, [msgspec.structs.replace(order, refusal=unstored(error))], memory)
    work.committed()
    return Done([result], {space_id: held.now for space_id, held in work.spaces.items()})


async def ask_for_kept(work: Work, caller: Caller, order: Order) -> None:
    """Raise Remembered where a command with this id was answered before."""
    known = (await kept(work, caller.account_id, [order.id])).get(order.id)
    if known is not None:
        raise Remembered(known)
