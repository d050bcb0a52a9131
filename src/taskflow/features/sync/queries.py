"""The statements that devices are kept the same by."""

from typing import NamedTuple
from uuid import UUID

from taskflow.features.activity.model import Changes, read_changes
from taskflow.features.sync.model import read_change
from taskflow.foundation.statements import Statements


class Written(NamedTuple):
    """What somebody changed in a thing."""

    seq: int
    by: UUID
    changes: Changes


def read_written(seq: int, by: UUID, changes: str) -> Written:
    """A row of activity, its changes as they are stored."""
    return Written(seq, by, read_changes(changes))


def pair(fingerprint: bytes, body: bytes) -> tuple[bytes, bytes]:
    """Both columns of a kept result."""
    return fingerprint, body


def went(moved_to: UUID | None) -> list[UUID]:
    """Where a thing that is gone went: nowhere, or to one space."""
    return [] if moved_to is None else [moved_to]


sql = Statements(__name__)

changes = sql.many("changes", read_change)
kept_results = sql.many("kept_results", pair)
keep_results = sql.run("keep_results")
written_since = sql.many("written_since", read_written)
tombstone = sql.maybe("tombstone", went)
