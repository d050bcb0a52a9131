"""A comment: what somebody says about a task."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Comment(Struct, frozen=True):
    """A row of `comments`, as every surface shows it."""

    id: UUID
    space_id: UUID
    task_id: UUID
    author_id: UUID
    body: str
    mention_ids: list[UUID]
    created_at: datetime
    updated_at: datetime
    seq: int
