"""A comment: what somebody says about a task, and all that can be asked of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

from taskflow.foundation.forms import pattern
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import invalid

BODY_BYTES = 16 * 1024
MENTIONS_MOST = 50
Body = Annotated[str, Meta(min_length=1, max_length=BODY_BYTES, pattern=pattern(r"\S", "is blank"))]
Mentions = Annotated[list[Id], Meta(max_length=MENTIONS_MOST, description="members of the space, each once")]


def said(body: str) -> str:
    """A body that has no more bytes than it may; raises Invalid. A form counts characters, of up to four."""
    if len(body.encode()) > BODY_BYTES:
        raise invalid("/body", f"is longer than {BODY_BYTES:,} bytes of UTF-8")
    return body


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


class CreateComment(Args, frozen=True, kw_only=True):
    """A new comment. With an `id` of your own a repeat is the same create."""

    id: Id = field(default_factory=new_id)  # type: ignore[assignment] # a UUID made here needs no reading
    task_id: Id
    body: Body
    mention_ids: Mentions = field(default_factory=list)


class UpdateComment(Args, frozen=True, kw_only=True):
    """What changes in a comment; what is absent stays."""

    id: Id
    body: Body | UnsetType = UNSET
    mention_ids: Mentions | UnsetType = UNSET
