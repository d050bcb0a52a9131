"""The statements that take changes back."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from taskflow.features.activity.model import read_entry
from taskflow.foundation.statements import Statements, only


class Creation(Struct, frozen=True):
    """When a thing was made, by whom, and the task that it hangs on."""

    at: datetime
    account_id: UUID
    task_id: UUID | None


class Gone(Struct, frozen=True):
    """The things of one kind that a change deleted: the numbers of the first and the last of them."""

    kind: str
    first_seq: int
    last_seq: int


class Key(Struct, frozen=True):
    """A thing in its space: ids of two kinds may be the same."""

    kind: str
    id: UUID | None


class Made(Struct, frozen=True):
    """A thing that a change made, and what it hangs on: a comment on its task, a sub-task on its parent."""

    kind: str
    id: UUID
    task_id: UUID | None
    project_id: UUID | None
    section_id: UUID | None
    label_ids: list[UUID]

    @property
    def key(self) -> Key:
        """Its kind and id."""
        return Key(self.kind, self.id)

    @property
    def holds(self) -> list[Key]:
        """What it hangs on."""
        above = [Key("task", self.task_id), Key("project", self.project_id), Key("section", self.section_id)]
        return above + [Key("label", label_id) for label_id in self.label_ids]


sql = Statements(__name__)

change = sql.maybe("change", read_entry)
creation = sql.maybe("creation", Creation)
gone = sql.many("gone", Gone)
restore_projects = sql.run("restore_projects")
restore_labels = sql.run("restore_labels")
restore_sections = sql.run("restore_sections")
restore_tasks = sql.run("restore_tasks")
restore_comments = sql.run("restore_comments")
lose_parents = sql.many("lose_parents", only)
lose_parent = sql.run("lose_parent")
follow_parents = sql.run("follow_parents")
lose_projects = sql.many("lose_projects", only)
lose_sections = sql.many("lose_sections", only)
lose_labels = sql.many("lose_labels", only)
lose_assignees = sql.many("lose_assignees", only)
made = sql.many("made", Made)
held = sql.many("held", Key)
relabel = sql.run("relabel")
unlabelled = sql.many("unlabelled", only)
homeless = sql.maybe("homeless", only)
namesake = sql.maybe("namesake", only)
author = sql.maybe("author", only)
went_to = sql.maybe("went_to", only)
arrival = sql.maybe("arrival", read_entry)
