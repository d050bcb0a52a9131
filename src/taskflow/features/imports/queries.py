"""The statements that bring much in at once."""

from uuid import UUID

from msgspec import Struct

from taskflow.foundation.statements import Statements


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
insert_labels = sql.run("insert_labels")
insert_projects = sql.run("insert_projects")
insert_sections = sql.run("insert_sections")
insert_tasks = sql.run("insert_tasks")
insert_comments = sql.run("insert_comments")

INSERTS = {
    "labels": insert_labels,
    "projects": insert_projects,
    "sections": insert_sections,
    "tasks": insert_tasks,
    "comments": insert_comments,
}
