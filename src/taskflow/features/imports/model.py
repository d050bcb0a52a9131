"""What is asked of an import: things as they were elsewhere, with ids that follow from what they were read from."""

from datetime import date

from msgspec import field

from taskflow.features.comments.model import Body
from taskflow.features.labels.model import Color, LabelName
from taskflow.features.projects.model import ProjectName
from taskflow.features.tasks.model import (
    Description,
    LabelIds,
    Moment,
    Priority,
    Recurrence,
    RecursFrom,
    Status,
    Title,
    ZoneName,
)
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args
from taskflow.foundation.positions import Position


class Came(Args, frozen=True, kw_only=True):
    """What every thing has; without a time it is made now, without a position it stands behind those before it."""

    id: Id
    created_at: Moment | None = None
    updated_at: Moment | None = None


class CameLabel(Came, frozen=True, kw_only=True):
    """A label."""

    name: LabelName
    color: Color = "stone"
    position: Position | None = None


class CameProject(Came, frozen=True, kw_only=True):
    """A project."""

    name: ProjectName
    color: Color = "stone"
    position: Position | None = None
    archived_at: Moment | None = None


class CameSection(Came, frozen=True, kw_only=True):
    """A section of one of the projects."""

    project_id: Id
    name: ProjectName
    position: Position | None = None
    archived_at: Moment | None = None


class CameTask(Came, frozen=True, kw_only=True):
    """A task in one of the projects and sections, below one of the tasks before it; `assigned`: the account's to do."""

    title: Title
    description: Description = ""
    status: Status = "todo"
    priority: Priority = 0
    due_date: date | None = None
    due_at: Moment | None = None
    due_zone: ZoneName | None = None
    recurrence: Recurrence | None = None
    recurs_from: RecursFrom | None = None
    series_id: Id | None = None
    project_id: Id | None = None
    section_id: Id | None = None
    parent_id: Id | None = None
    label_ids: LabelIds = field(default_factory=list)
    assigned: bool = False
    position: Position | None = None
    completed_at: Moment | None = None


class CameComment(Came, frozen=True, kw_only=True):
    """A comment on one of the tasks; `mentioned`: it mentions the account."""

    task_id: Id
    body: Body
    mentioned: bool = False


class ImportTasks(Args, frozen=True, kw_only=True):
    """All that a file held; what it points to is in it. The same file twice names the same ids."""

    labels: list[CameLabel] = field(default_factory=list)
    projects: list[CameProject] = field(default_factory=list)
    sections: list[CameSection] = field(default_factory=list)
    tasks: list[CameTask] = field(default_factory=list)
    comments: list[CameComment] = field(default_factory=list)
