"""The statements over activity."""

from datetime import datetime
from typing import Any
from uuid import UUID

from taskflow.features.activity.model import Entry, read_changes
from taskflow.features.spaces.numbered import At
from taskflow.foundation.statements import Statements


def read_entry(
    number: int,
    seq: int | None,
    first_seq: int | None,
    at: datetime | None,
    account_id: UUID | None,
    operation: str | None,
    kind: str | None,
    id: UUID | None,
    task_id: UUID | None,
    changes: str | None,
) -> At[Entry]:
    """The space's number, and an entry (all null where there is none)."""
    if changes is None:
        return At(number, None)
    columns: Any = (seq, first_seq, at, account_id, operation, kind, id, task_id, read_changes(changes))
    return At(number, Entry(*columns))


sql = Statements(__name__)

insert_activity = sql.run("insert_activity")
changes_of = sql.many("changes_of", read_changes)
space_history = sql.many("space_history", read_entry)
task_history = sql.many("task_history", read_entry)
thing_history = sql.many("thing_history", read_entry)
