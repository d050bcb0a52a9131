"""The statements that devices are kept the same by."""

from uuid import UUID

from msgspec import Struct

from taskflow.features.activity.model import Changes, read_changes
from taskflow.features.sync.model import Standing, read_change
from taskflow.foundation.statements import Statements


class Written(Struct, frozen=True):
    """What somebody changed in a thing."""

    seq: int
    by: UUID
    changes: Changes


class Fate(Struct, frozen=True):
    """Whether a thing is gone, and where it went; None: it was deleted."""

    gone: bool
    moved_to: UUID | None


def read_written(seq: int, by: UUID, changes: str) -> Written:
    """A row of activity, its changes as they are stored."""
    return Written(seq, by, read_changes(changes))


def pair(fingerprint: bytes, body: bytes) -> tuple[bytes, bytes]:
    """Both columns of a kept result."""
    return fingerprint, body


sql = Statements(__name__)

changes = sql.many("changes", read_change)
standing = sql.maybe("standing", Standing)
kept_results = sql.many("kept_results", pair)
keep_results = sql.run("keep_results")
written_since = sql.many("written_since", read_written)
tombstone = sql.maybe("tombstone", Fate)
