"""A task: what is to be done, and all that can be asked of it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

from taskflow.foundation.forms import pattern
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.operation import Args
from taskflow.foundation.positions import Position
from taskflow.foundation.refusal import invalid

Status = Literal["todo", "in_progress", "done"]
Title = Annotated[str, Meta(min_length=1, max_length=500, pattern=pattern(r"\S", "is blank"))]
DESCRIPTION_BYTES = 16 * 1024
Description = Annotated[str, Meta(max_length=DESCRIPTION_BYTES)]
Priority = Annotated[int, Meta(ge=0, le=3, description="0 none, 3 the most urgent")]
RecursFrom = Literal["due", "completion"]
Moment = Annotated[datetime, Meta(tz=True)]
ZoneName = Annotated[str, Meta(min_length=1, max_length=64, examples=["Europe/Berlin"])]


def described(description: str) -> str:
    """A description that has no more bytes than it may; raises Invalid. A form counts characters, of up to four."""
    if len(description.encode()) > DESCRIPTION_BYTES:
        raise invalid("/description", f"is longer than {DESCRIPTION_BYTES:,} bytes of UTF-8")
    return description


class Task(Struct, frozen=True):
    """A row of `tasks`, as every surface shows it."""

    id: UUID
    space_id: UUID
    title: str
    description: str
    status: Status
    priority: int
    due_date: date | None
    due_at: datetime | None
    due_zone: str | None
    recurrence: str | None
    recurs_from: RecursFrom | None
    series_id: UUID | None
    project_id: UUID | None
    section_id: UUID | None
    parent_id: UUID | None
    label_ids: list[UUID]
    assignee_id: UUID | None
    position: str
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    seq: int


class CreateTask(Args, frozen=True, kw_only=True):
    """A new task. With an `id` of your own a repeat is the same create."""

    id: Id = field(default_factory=new_id)  # type: ignore[assignment] # a UUID made here needs no reading
    title: Title
    description: Description = ""
    status: Status = "todo"
    priority: Priority = 0
    due_date: date | None = None
    due_at: Moment | None = None
    due_zone: ZoneName | None = None
    position: Position | UnsetType = UNSET


class UpdateTask(Args, frozen=True, kw_only=True):
    """What changes in a task; what is absent stays."""

    id: Id
    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    due_date: date | UnsetType | None = UNSET
    due_at: Moment | UnsetType | None = UNSET
    due_zone: ZoneName | UnsetType | None = UNSET
    position: Position | UnsetType = UNSET


class DeleteTask(Args, frozen=True, kw_only=True):
    """The task to delete."""

    id: Id
