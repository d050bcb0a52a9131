"""An entry of a history: what somebody did to a thing."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

Kind = Literal["task", "project", "section", "label", "comment"]
Changes = dict[str, tuple[Any, Any]]  # field: (old, new), as JSON has them


class Entry(Struct, frozen=True):
    """A row of `activity`, or the making of a thing, which its own row tells: then nothing has changed.

    It took the numbers from `first_seq` to `seq`. `task_id`: the task in whose history it stands.
    """

    seq: int
    first_seq: int
    at: datetime
    account_id: UUID
    operation: str
    kind: str
    id: UUID
    task_id: UUID | None
    changes: Changes


def read_entry(
    seq: int,
    first_seq: int,
    at: datetime,
    account_id: UUID,
    operation: str,
    kind: str,
    id: UUID,
    task_id: UUID | None,
    changes: str,
) -> Entry:
    """An entry, its changes as they are stored."""
    return Entry(seq, first_seq, at, account_id, operation, kind, id, task_id, read_changes(changes))


def read_changes(text: str) -> Changes:
    """The stored changes of one row."""
    return msgspec.json.decode(text, type=Changes)
