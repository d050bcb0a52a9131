"""The statements that bring much in at once."""

from uuid import UUID

from msgspec import Struct

from taskflow.features.comments.queries import arrive_comments
from taskflow.features.labels.queries import arrive_labels
from taskflow.features.projects.queries import arrive_projects, arrive_sections
from taskflow.features.tasks.queries import arrive_tasks
from taskflow.foundation.statements import Run, Statements


class Taken(Struct, frozen=True):
    """A thing that has an id already: whether it is there or was deleted, and where a task or a section is."""

    kind: str
    id: UUID
    there: bool
    project_id: UUID | None
    section_id: UUID | None
    parent_id: UUID | None


class NamedLabel(Struct, frozen=True):
    """A name, the `nth` that was asked for, and the label that has it."""

    nth: int
    folded: str
    id: UUID | None


sql = Statements(__name__)

taken = sql.many("taken", Taken)
labels_named = sql.many("labels_named", NamedLabel)

ARRIVE: dict[str, Run] = {
    "labels": arrive_labels,
    "projects": arrive_projects,
    "sections": arrive_sections,
    "tasks": arrive_tasks,
    "comments": arrive_comments,
}
