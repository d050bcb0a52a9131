"""One attempt at a job: what the job's function is given beside its payload."""

from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from taskflow.foundation.jobs import queue

C = TypeVar("C")


class Lost(Exception):
    """The lease ran out and the job is another worker's, or done: this transaction must not commit."""


class Attempt(msgspec.Struct, Generic[C], frozen=True):
    """The `number`th attempt at the job `id`, which is the key of its effect wherever an effect has one."""

    id: UUID
    name: str
    number: int
    taken: int
    context: C

    async def finish(self, connection: queue.Connection) -> None:
        """Finish the job inside the open transaction of its effect: both come to be, or neither.

        Raises Lost; the transaction must then roll back.
        """
        if not await queue.finish(connection, [(self.id, self.taken)]):
            raise Lost(self.name)
