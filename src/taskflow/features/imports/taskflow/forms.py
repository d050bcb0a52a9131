"""The forms of TaskFlow's own export as they are read: those that REST shows, held to what may be written."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Raw, Struct, field

from taskflow.features.comments.model import Body
from taskflow.features.labels.model import Color, LabelName
from taskflow.features.projects.model import ProjectName
from taskflow.features.tasks.model import Description, LabelIds, Moment, Priority, RecursFrom, Status, Title, ZoneName
from taskflow.foundation.ids import Id
from taskflow.foundation.positions import Position


class Form(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A thing as a row of its kind; what it has beside these fields is refused, for it would be lost."""

    id: Id
    space_id: Id
    seq: int
    created_at: Moment
    updated_at: Moment


class LabelForm(Form, frozen=True, kw_only=True):
    """A label."""

    name: LabelName
    color: Color
    position: Position
    created_by: Id


class ProjectForm(LabelForm, frozen=True, kw_only=True):
    """A project."""

    name: ProjectName
    archived_at: Moment | None


class SectionForm(Form, frozen=True, kw_only=True):
    """A section."""

    project_id: Id
    name: ProjectName
    position: Position
    archived_at: Moment | None
    created_by: Id


class TaskForm(Form, frozen=True, kw_only=True):
    """A task."""

    title: Title
    description: Description
    status: Status
    priority: Priority
    due_date: date | None
    due_at: Moment | None
    due_zone: ZoneName | None
    recurrence: str | None
    recurs_from: RecursFrom | None
    series_id: Id | None
    project_id: Id | None
    section_id: Id | None
    parent_id: Id | None
    label_ids: LabelIds
    assignee_id: Id | None
    position: Position
    created_by: Id
    completed_at: Moment | None


class CommentForm(Form, frozen=True, kw_only=True):
    """A comment."""

    task_id: Id
    author_id: Id
    body: Body
    mention_ids: list[Id]


class PersonForm(Struct, frozen=True, kw_only=True):
    """Who exported, or a member of a space."""

    id: Id
    name: str
    role: str = ""


class SpaceForm(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A space; its things are read one by one, so that a wrong one can be named."""

    id: Id
    kind: str
    name: str
    members: list[PersonForm]
    labels: list[Raw] = field(default_factory=list)
    projects: list[Raw] = field(default_factory=list)
    sections: list[Raw] = field(default_factory=list)
    tasks: list[Raw] = field(default_factory=list)
    comments: list[Raw] = field(default_factory=list)


class VersionForm(Struct, kw_only=True, frozen=True):
    """What every version of the format begins with."""

    format: Literal["taskflow"]
    version: Annotated[int, Meta(ge=1, le=1_000_000)]


class DocumentForm(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """The whole file."""

    format: Literal["taskflow"]
    version: Literal[1]
    exported_at: datetime
    account: PersonForm
    spaces: list[SpaceForm]


FORMS: dict[str, type[Form]] = {
    "labels": LabelForm,
    "projects": ProjectForm,
    "sections": SectionForm,
    "tasks": TaskForm,
    "comments": CommentForm,
}
