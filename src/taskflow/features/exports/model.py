"""The JSON of an export: what stands around the things, which look as REST shows them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from taskflow.features.comments.model import Comment
from taskflow.features.labels.model import Label
from taskflow.features.projects.model import Project, Section
from taskflow.features.tasks.model import Task

FORMAT: Literal["taskflow"] = "taskflow"
VERSION: Literal[1] = 1

Thing = Label | Project | Section | Task | Comment
KINDS: dict[str, type[Thing]] = {
    "labels": Label,
    "projects": Project,
    "sections": Section,
    "tasks": Task,
    "comments": Comment,
}


class Exporter(Struct, frozen=True):
    """Whose export it is."""

    id: UUID
    name: str


class Head(Struct, frozen=True):
    """What the file begins with; its `spaces` follow."""

    format: Literal["taskflow"]
    version: Literal[1]
    exported_at: datetime
    account: Exporter


class ExportedMember(Struct, frozen=True):
    """A person of a space, so that assignees and authors have a name."""

    id: UUID
    role: str
    name: str


class ExportedSpace(Struct, frozen=True):
    """What a space begins with; its things follow, kind by kind, none of them deleted."""

    id: UUID
    kind: str
    name: str
    members: list[ExportedMember]
