"""Answering commands inside a transaction: done, refused, or as they were answered before."""

import logging
from collections.abc import Sequence
from uuid import UUID

import asyncpg
from msgspec import Struct

from taskflow.api.problem import document_of
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.work import Changed, Work
from taskflow.features.sync.errors import CommandIdReused, NotStorable, UpgradeRequired
from taskflow.features.sync.kept import Kept, keep, kept
from taskflow.features.sync.missing import explained, unplaced
from taskflow.features.sync.overwritten import overwritten
from taskflow.features.sync.protocol import Result
from taskflow.features.sync.reading import Order, of_args
from taskflow.features.undo.model import Undone
from taskflow.foundation.database import UNSTORABLE, Database
from taskflow.foundation.refusal import Invalid, NotFound, Refusal, Unavailable, invalid

OWN = (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError)  # a command's own fault, which no other shares

log = logging.getLogger(__name__)
Memory = dict[UUID, Kept]  # what is known to have been answered


class Caller(Struct, frozen=True):
    """Who sends commands, in which request."""

    database: Database
    account_id: UUID
    request_id: str

    def refused(self, order: Order, refusal: Refusal) -> Result:
        """The result of a command that is refused."""
        return Result(order.id, ok=False, problem=document_of(refusal, self.request_id))


class Run(Struct, frozen=True):
    """One transaction over commands of one space; `careful`: what fails is undone by itself."""

    caller: Caller
    access: Access
    work: Work
    careful: bool = False


class Spoilt(Exception):
    """A command failed when it had written, or the database refused it: the transaction starts again."""


async def all_answered(run: Run, orders: Sequence[Order], memory: Memory) -> list[Result]:
    """The results of commands, kept in the space where the transaction stands; its lock is held."""
    account_id = run.caller.account_id
    known = memory | await kept(run.work, account_id, {order.id for order in orders} - memory.keys())
    results: list[Result] = []
    new: list[Kept] = []
    for order in orders:
        if order.id in known:
            results.append(repeated(run, order, known[order.id]))
            continue
        results.append(await answered(run, order))
        if not isinstance(order.refusal, UpgradeRequired):
            known[order.id] = Kept(order.fingerprint, results[-1])
            new.append(known[order.id])
    await keep(run.work, account_id, new)
    return results


def repeated(run: Run, order: Order, known: Kept) -> Result:
    """What a command is answered whose id was answered before."""
    try:
        return known.to(order)
    except CommandIdReused as reused:
        return run.caller.refused(order, reused)


async def answered(run: Run, order: Order) -> Result:
    """The result of a command that comes for the first time; raises Spoilt."""
    try:
        if order.refusal is not None:
            raise order.refusal
        return await tried(run, order)
    except Unavailable:
        raise  # not the command's fault: the whole call is asked for again
    except Refusal as refusal:
        return run.caller.refused(order, refusal)


async def tried(run: Run, order: Order) -> Result:
    """Do a command; raises its refusal, or Spoilt where it left something behind that has to be undone."""
    run.work.begin()
    try:
        if not run.careful:
            return await done(run, order)
        async with run.work.trying():
            return await done(run, order)
    except Refusal as refusal:
        if run.work.wrote:
            raise Spoilt from refusal
        await run.work.step(run.access.space_id)
        raise
    except OWN as error:
        if not run.careful:
            raise Spoilt from error
        raise unstored(error) from error


def unstored(error: asyncpg.PostgresError) -> Refusal:
    """What a command is refused as that only the database refused."""
    if isinstance(error, UNSTORABLE):
        return invalid("/args", "has a character that can't be stored")
    log.error("the database refused a command that its operation took", exc_info=error)
    return NotStorable()


async def done(run: Run, order: Order) -> Result:
    """Do a command; raises its refusal, with pointers into the command."""
    work, access = run.work, run.access
    try:
        changed: Changed[object] = await order.operation.run(work, access, order.args)  # type: ignore[union-attr] # no refusal
    except NotFound as missing:
        await work.step(access.space_id)
        raise await explained(work, access.account_id, order, missing) from missing
    except Invalid as misfit:
        raise await unplaced(work, access.account_id, order, misfit) or of_args(misfit) from misfit
    await work.step(access.space_id)
    left = changed.thing.kept if isinstance(changed.thing, Undone) else []
    return Result(order.id, seq=work.last, overwrote=await overwritten(work, access.account_id, order), kept=left)
