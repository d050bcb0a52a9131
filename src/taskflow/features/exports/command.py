"""`taskflow export`: all that an account can see, as a file, beside a running server or without one."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO
from uuid import UUID

from tqdm import tqdm

from taskflow.features.accounts.model import Account
from taskflow.features.exports.account import account_of
from taskflow.features.exports.document import document
from taskflow.features.exports.model import Exporter
from taskflow.features.exports.queries import count_things
from taskflow.features.exports.table import table
from taskflow.features.spaces.several import enter_several
from taskflow.foundation.backend import Backend, opened
from taskflow.foundation.database import Transaction
from taskflow.foundation.embedded.data_folder import Unusable
from taskflow.foundation.embedded.stores import UNREACHED, refuse_older, stores
from taskflow.foundation.refusal import Refusal
from taskflow.foundation.settings import Settings


def run(settings: Settings, email: str, asked: str | None, form: str, file: str | None) -> int:
    """Write the export to a file, or to the standard output; raises Unusable, with one line, where it can't be had."""
    try:
        with target(file) as out, stores(settings) as reached:
            refuse_older(reached.database_url)
            asyncio.run(write(reached, email, asked, form, out))
    except Refusal as refused:
        raise Unusable(f"nothing was exported: {refused}") from refused
    except BrokenPipeError:
        raise
    except UNREACHED as failure:
        raise Unusable(f"nothing was exported: {failure}") from failure
    return 0


@contextmanager
def target(file: str | None) -> Iterator[IO[bytes]]:
    """Where it is written: a file that is there when it is whole, and is the owner's alone to read.

    The standard output has it when the database is done with: whoever reads it may be slow.
    """
    if file is None:
        with TemporaryFile() as whole:
            yield whole
            whole.seek(0)
            copyfileobj(whole, sys.stdout.buffer)
        return
    path = Path(file)
    with ExitStack() as stack:
        with named(file):
            out = stack.enter_context(NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:100]}.", delete=False))
        try:
            yield out
            out.close()
            with named(file):
                Path(out.name).replace(path)
        except BaseException:
            Path(out.name).unlink(missing_ok=True)
            raise


@contextmanager
def named(file: str) -> Iterator[None]:
    """Say of the file what the system says of the one that becomes it."""
    try:
        yield
    except OSError as failure:
        raise Unusable(f"nothing was exported: {file} can't be written: {failure.strerror}") from failure


async def write(settings: Settings, email: str, asked: str | None, form: str, out: IO[bytes]) -> None:
    """Write the export of an account's spaces, all as they are at one moment."""
    async with opened(settings) as backend:
        owner = await account_of(backend, email)
        space_ids = await spaces_of(backend, owner, asked)
        async with backend.database.snapshot(owner.id) as transaction:
            total = await size(transaction, space_ids)
            with tqdm(desc="writing", unit=" things", unit_scale=True, total=total, disable=None, leave=False) as bar:
                async for piece, things in pieces(transaction, owner, space_ids, form):
                    out.write(piece)
                    bar.update(things)


async def spaces_of(backend: Backend, owner: Account, asked: str | None) -> list[UUID]:
    """The spaces that are asked for: the personal one, all, or those with these ids; raises SpaceNotFound."""
    named = None if asked == "all" else [str(owner.id)] if asked is None else asked.split(",")
    return [access.space_id for access in await enter_several(backend.database, owner.id, named)]


async def size(transaction: Transaction, space_ids: Sequence[UUID]) -> int:
    """How many things there are."""
    total = 0
    for space_id in space_ids:
        await transaction.enter(space_id)
        total += await count_things(transaction, space_id)
    return total


def pieces(
    transaction: Transaction, owner: Account, space_ids: Sequence[UUID], form: str
) -> AsyncIterator[tuple[bytes, int]]:
    """The file in pieces, with the number of things in each."""
    if form == "csv":
        return table(transaction, space_ids)
    return document(transaction, Exporter(owner.id, owner.name), space_ids)
