"""A task: what is to be done, and all that can be asked of it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

from taskflow.features.tasks.rule import RULE_MOST
from taskflow.foundation.forms import pattern
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.operation import Args
from taskflow.foundation.positions import Position
from taskflow.foundation.refusal import invalid

Status = Literal["todo", "in_progress", "done"]
Title = Annotated[str, Meta(min_length=1, max_length=500, pattern=pattern(r"\S", "is blank"))]
DESCRIPTION_BYTES = 16 * 1024
LABELS_MOST = 50
DEPTH_MOST = 10  # levels of a task and its sub-tasks: each is a look-up when one moves
Description = Annotated[str, Meta(max_length=DESCRIPTION_BYTES)]
Priority = Annotated[int, Meta(ge=0, le=3, description="0 none, 3 the most urgent")]
RecursFrom = Literal["due", "completion"]
Moment = Annotated[datetime, Meta(tz=True)]
Recurrence = Annotated[
    str, Meta(min_length=1, max_length=RULE_MOST, description="an RRULE of RFC 5545", examples=["FREQ=WEEKLY;BYDAY=MO"])
]
LabelIds = Annotated[list[Id], Meta(max_length=LABELS_MOST)]
Today = Annotated[
    date, Meta(description="what day it is where the person is; absent: what their profile's time zone says")
]
ZoneName = Annotated[str, Meta(min_length=1, max_length=64, examples=["Europe/Berlin"])]


def described(description: str) -> str:
    """A description that has no more bytes than it may; raises Invalid. A form counts characters, of up to four."""
    if len(description.encode()) > DESCRIPTION_BYTES:
        raise invalid("/description", f"is longer than {DESCRIPTION_BYTES:,} bytes of UTF-8")
    return description


class Task(Struct, frozen=True):
    """A row of `tasks`, as every surface shows it.

    A sub-task is in its parent's project and section. `series_id` is the id of the first task of a series.
    """

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
    """A new task. With an `id` of your own a repeat is the same create.

    A sub-task needs no project and section: it is in its parent's.
    """

    id: Id = field(default_factory=new_id)  # type: ignore[assignment] # a UUID made here needs no reading
    title: Title
    description: Description = ""
    status: Status = "todo"
    priority: Priority = 0
    due_date: date | None = None
    due_at: Moment | None = None
    due_zone: ZoneName | None = None
    recurrence: Recurrence | None = None
    recurs_from: RecursFrom | None = None
    project_id: Id | None = None
    section_id: Id | None = None
    parent_id: Id | None = None
    label_ids: LabelIds = field(default_factory=list)
    assignee_id: Id | None = None
    position: Position | UnsetType = UNSET


class UpdateTask(Args, frozen=True, kw_only=True):
    """What changes in a task; what is absent stays.

    `today` is no field of it: it says from which day a recurring one that is done comes next.
    """

    id: Id
    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    due_date: date | UnsetType | None = UNSET
    due_at: Moment | UnsetType | None = UNSET
    due_zone: ZoneName | UnsetType | None = UNSET
    recurrence: Recurrence | UnsetType | None = UNSET
    recurs_from: RecursFrom | UnsetType | None = UNSET
    project_id: Id | UnsetType | None = UNSET
    section_id: Id | UnsetType | None = UNSET
    parent_id: Id | UnsetType | None = UNSET
    label_ids: LabelIds | UnsetType = UNSET
    add_label_ids: LabelIds | UnsetType = UNSET
    remove_label_ids: LabelIds | UnsetType = UNSET
    assignee_id: Id | UnsetType | None = UNSET
    position: Position | UnsetType = UNSET
    today: Today | UnsetType = UNSET


class SkipTask(Args, frozen=True, kw_only=True):
    """The recurring task of which one time is left out."""

    id: Id
    today: Today | UnsetType = UNSET


class DeleteTask(Args, frozen=True, kw_only=True):
    """The task to delete."""

    id: Id


class References(Struct, frozen=True):
    """What a task is to point to, null where it is not there, and where its section and parent are."""

    project_id: UUID | None
    section_id: UUID | None
    section_project_id: UUID | None
    parent_id: UUID | None
    parent_project_id: UUID | None
    parent_section_id: UUID | None
    assignee_id: UUID | None


class LaterOne(Struct, frozen=True):
    """A later task of a series: when it is due, and whether nobody has done anything with it."""

    id: UUID
    due_local: datetime
    untouched: bool
