"""An export as JSON: one document, a thing a line."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import msgspec

from taskflow.features.exports.model import FORMAT, KINDS, VERSION, ExportedSpace, Exporter, Head
from taskflow.features.exports.queries import everything, exported_members
from taskflow.features.spaces.queries import space
from taskflow.foundation.database import Transaction

Pieces = AsyncIterator[tuple[bytes, int]]
encode = msgspec.json.encode


async def document(transaction: Transaction, exporter: Exporter, space_ids: Sequence[UUID]) -> Pieces:
    """The document in pieces, with the number of things in each."""
    yield _open(Head(FORMAT, VERSION, transaction.now, exporter)) + b',"spaces":[', 0
    for nth, space_id in enumerate(space_ids):
        await transaction.enter(space_id)
        yield b",\n" if nth else b"\n", 0
        async for piece in _space(transaction, space_id):
            yield piece
    yield b"\n]}\n", 0


async def _space(transaction: Transaction, space_id: UUID) -> Pieces:
    known = await space(transaction, space_id)
    members = await exported_members(transaction, space_id)
    yield _open(ExportedSpace(known.id, known.kind, known.name, members)), 0
    for kind in KINDS:
        separator = f',\n"{kind}":[\n'.encode()
        async for page in everything(transaction, space_id, kind):
            yield separator + b",\n".join(encode(thing) for thing in page), len(page)
            separator = b",\n"
        yield b"\n]" if separator == b",\n" else f',\n"{kind}":[]'.encode(), 0
    yield b"}", 0


def _open(form: msgspec.Struct) -> bytes:
    """The JSON of a form without its last brace, so that more can follow."""
    return encode(form).removesuffix(b"}")
