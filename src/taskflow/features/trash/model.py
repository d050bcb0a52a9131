"""What is in the trash, and what puts something there."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from taskflow.features.activity.model import Kind
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args

KEPT = timedelta(days=30)


class Deleted(Struct, frozen=True):
    """One deletion: the thing that was named, and how many rows come back with it. Of a comment, how it begins."""

    kind: Kind
    id: UUID
    title: str
    seq: int
    deleted_at: datetime
    deleted_by: UUID
    count: int


class DeleteProject(Args, frozen=True, kw_only=True):
    """The project to delete."""

    id: Id


class DeleteSection(Args, frozen=True, kw_only=True):
    """The section to delete."""

    id: Id


class DeleteLabel(Args, frozen=True, kw_only=True):
    """The label to delete."""

    id: Id


class DeleteComment(Args, frozen=True, kw_only=True):
    """The comment to delete."""

    id: Id
