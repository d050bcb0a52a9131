"""A project: tasks that belong together; and its sections."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from taskflow.features.labels.model import Color


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
