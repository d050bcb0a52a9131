"""Commands: what was done on a device, done here once, in order, each answered."""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from taskflow.features.spaces.access import Access, enter_all, own
from taskflow.features.spaces.door import make_known
from taskflow.features.sync.answering import Caller, Memory
from taskflow.features.sync.errors import UpgradeRequired
from taskflow.features.sync.kept import Kept, kept
from taskflow.features.sync.protocol import Command, Result
from taskflow.features.sync.reading import Order, read_all
from taskflow.features.sync.running import transacted, turned_away
from taskflow.foundation.backend import Backend

Accesses = dict[UUID, Access]


async def run(backend: Backend, account_id: UUID, commands: Sequence[Command], request_id: str) -> list[Result]:
    """Do what a call asks for, and say what became of each command; those spaces' numbers are made known.

    Raises Invalid, with nothing done, where a command has no usable id or there are too many; SpaceBusy or DatabaseGone
    where the database could not, and then what earlier transactions of the call did stays done, as a repeat is told.
    An id that comes again in a later call for a space that the first one did not name is not noticed.
    """
    orders = read_all(account_id, commands)
    if not orders:
        return []
    caller = Caller(backend.database, account_id, request_id)
    named = {order.space_id for order in orders}
    accesses = await entered(caller, named)
    memory = await remembered(caller, named | accesses.keys(), {order.id for order in orders})
    orders = [order if order.space_id in accesses else turned_away(caller, order) for order in orders]
    return await run_all(backend, caller, accesses, orders, memory)


async def entered(caller: Caller, space_ids: Collection[UUID]) -> Accesses:
    """The access to those of the named spaces that the account is in, and to its own."""
    home = own(caller.account_id)
    if space_ids == {caller.account_id}:
        return {home.space_id: home}
    every = (await enter_all(caller.database, caller.account_id)).accesses
    return {each.space_id: each for each in every if each.space_id in {*space_ids, home.space_id}}


async def remembered(caller: Caller, space_ids: Collection[UUID], ids: Collection[UUID]) -> Memory:
    """What was answered to the ids in these spaces, in left ones too; of one alone it is asked under its lock."""
    memory: Memory = {}
    if len(space_ids) > 1:
        async with caller.database.transaction(caller.account_id) as transaction:
            for space_id in space_ids:
                if space_id != transaction.space_id:
                    await transaction.enter(space_id)
                memory |= await kept(transaction, caller.account_id, ids)
    return memory


async def run_all(
    backend: Backend, caller: Caller, accesses: Accesses, orders: Sequence[Order], memory: Memory
) -> list[Result]:
    """Run transaction after transaction; while the next one runs, the numbers of the last become known."""
    results: list[Result] = []
    telling: list[asyncio.Task[None]] = []
    try:
        for group in neighbours(orders):
            done = await transacted(caller, accesses[group[0].space_id], group, memory)
            telling.append(asyncio.create_task(make_known(backend, done.written)))
            results += done.results
            memory |= answers(group, done.results, memory)
    finally:
        await asyncio.gather(*telling)
    return results


def neighbours(orders: Sequence[Order]) -> Iterator[list[Order]]:
    """Those that stand beside each other and are of one space; each that may hold several stands alone."""
    group: list[Order] = []
    for order in orders:
        if group and (order.several or group[-1].several or order.space_id != group[-1].space_id):
            yield group
            group = []
        group.append(order)
    yield group


def answers(orders: Sequence[Order], results: Sequence[Result], memory: Memory) -> Memory:
    """What was answered for the first time, and is kept."""
    return {
        order.id: Kept(order.fingerprint, result)
        for order, result in zip(orders, results, strict=True)
        if order.id not in memory and not isinstance(order.refusal, UpgradeRequired)
    }
