"""Kept results: what was answered to a command is answered again, for 90 days."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct

from taskflow.features.sync.errors import CommandIdReused
from taskflow.features.sync.protocol import Result
from taskflow.features.sync.queries import keep_results, kept_results
from taskflow.features.sync.reading import Order
from taskflow.foundation.database import Transaction

KEPT = timedelta(days=90)


class Kept(Struct, frozen=True):
    """What was answered to a command that said this."""

    fingerprint: bytes
    result: Result

    def to(self, order: Order) -> Result:
        """What a command under the same id is answered; raises CommandIdReused where it says something else."""
        if self.fingerprint != order.fingerprint:
            raise CommandIdReused
        return self.result


async def kept(transaction: Transaction, account_id: UUID, ids: Collection[UUID]) -> dict[UUID, Kept]:
    """What was answered to these ids in the space where the transaction stands."""
    keys = [key_of(command_id) for command_id in ids]
    rows = await kept_results(transaction, transaction.space_id, account_id, keys, transaction.now)
    found = [Kept(fingerprint, msgspec.json.decode(body, type=Result)) for fingerprint, body in rows]
    return {each.result.id: each for each in found}


async def keep(transaction: Transaction, account_id: UUID, answered: Sequence[Kept]) -> None:
    """Keep what was answered, in the space where the transaction stands."""
    if not answered:
        return
    await keep_results(
        transaction,
        transaction.space_id,
        account_id,
        [key_of(each.result.id) for each in answered],
        [each.fingerprint for each in answered],
        [status_of(each.result) for each in answered],
        [msgspec.json.encode(each.result) for each in answered],
        transaction.now + KEPT,
    )


def key_of(command_id: UUID) -> str:
    """The key of a command's result: an Idempotency-Key of the same text is another one's."""
    return f"command:{command_id}"


def status_of(result: Result) -> int:
    """The status that a request of its own would have been answered."""
    return HTTPStatus.OK if result.problem is UNSET else result.problem.status
