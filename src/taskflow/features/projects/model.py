"""A project: tasks that belong together; and its sections."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

from taskflow.features.labels.model import Color
from taskflow.foundation.forms import pattern
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.operation import Args
from taskflow.foundation.positions import Position

ProjectName = Annotated[str, Meta(min_length=1, max_length=120, pattern=pattern(r"\S", "is blank"))]


class Project(Struct, frozen=True):
    """A row of `projects`, as every surface shows it."""

    id: UUID
    space_id: UUID
    name: str
    color: Color
    position: str
    archived_at: datetime | None
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    seq: int


class Section(Struct, frozen=True):
    """A row of `sections`, as every surface shows it."""

    id: UUID
    space_id: UUID
    project_id: UUID
    name: str
    position: str
    archived_at: datetime | None
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    seq: int


class CreateProject(Args, frozen=True, kw_only=True):
    """A new project. With an `id` of your own a repeat is the same create."""

    id: Id = field(default_factory=new_id)  # type: ignore[assignment] # a UUID made here needs no reading
    name: ProjectName
    color: Color = "stone"
    position: Position | UnsetType = UNSET


class UpdateProject(Args, frozen=True, kw_only=True):
    """What changes in a project; what is absent stays."""

    id: Id
    name: ProjectName | UnsetType = UNSET
    color: Color | UnsetType = UNSET
    position: Position | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


class CreateSection(Args, frozen=True, kw_only=True):
    """A new section of a project. With an `id` of your own a repeat is the same create."""

    id: Id = field(default_factory=new_id)  # type: ignore[assignment] # a UUID made here needs no reading
    project_id: Id
    name: ProjectName
    position: Position | UnsetType = UNSET


class UpdateSection(Args, frozen=True, kw_only=True):
    """What changes in a section; what is absent stays. It stays in its project, for its tasks are there."""

    id: Id
    name: ProjectName | UnsetType = UNSET
    position: Position | UnsetType = UNSET
    archived: bool | UnsetType = UNSET
