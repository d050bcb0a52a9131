"""Where the rows of an import go among what is there already, and which of them are not made."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from taskflow.features.imports.queries import NamedLabel, Taken
from taskflow.features.imports.rows import Row, Rows
from taskflow.features.tasks.model import DEPTH_MOST
from taskflow.foundation.ids import new_id

Place = tuple[UUID | None, UUID | None]  # a project, and a section in it


@dataclass(slots=True)
class Placing:
    """What is known under the lock.

    `gone` is not made, for what it belongs to was deleted here; `loose` are tasks that are made outside of theirs.
    """

    taken: dict[tuple[str, UUID], Taken]
    new: set[tuple[str, UUID]] = field(default_factory=set)
    places: dict[UUID, Place] = field(default_factory=dict)
    levels: dict[UUID, int] = field(default_factory=dict)
    gone: list[UUID] = field(default_factory=list)
    loose: list[UUID] = field(default_factory=list)

    @classmethod
    def among(cls, taken: Sequence[Taken]) -> "Placing":
        """Begin with the ids that the space knows."""
        return cls({(known.kind, known.id): known for known in taken})

    def rows(self, rows: Rows, named: Sequence[NamedLabel]) -> Rows:
        """The rows to make, each of which points to what is there, or is made before it."""
        labels, ids = self._labels(rows["labels"], named)
        projects = [row for row in rows["projects"] if self._fresh("projects", row)]
        sections = [row for row in rows["sections"] if self._fresh("sections", row) and self._in_project(row)]
        tasks = [row | self._task(row, ids) for row in rows["tasks"] if self._fresh("tasks", row)]
        comments = [row for row in rows["comments"] if self._fresh("comments", row) and self._on_task(row)]
        return {"labels": labels, "projects": projects, "sections": sections, "tasks": tasks, "comments": comments}

    def _fresh(self, kind: str, row: Row) -> bool:
        """Whether its id is free; it then counts as there."""
        if (kind, row["id"]) in self.taken:
            return False
        self.new.add((kind, row["id"]))
        return True

    def _there(self, kind: str, thing_id: UUID | None) -> bool:
        known = self.taken.get((kind, thing_id)) if thing_id else None
        return (kind, thing_id) in self.new or (known is not None and known.there)

    def _labels(self, rows: list[Row], named: Sequence[NamedLabel]) -> tuple[list[Row], dict[UUID, UUID]]:
        """Those to make, and for every label of the import the one that stands for it: by its id, else by its name."""
        made, ids, by_name = list[Row](), dict[UUID, UUID](), {one.folded: one.id for one in named if one.id}
        for row, name in zip(rows, named, strict=True):
            known = self.taken.get(("labels", row["id"]))
            if known and known.there:
                ids[row["id"]] = row["id"]
            elif name.folded in by_name:
                ids[row["id"]] = by_name[name.folded]
            else:
                # The id of one that was deleted is never given again.
                ids[row["id"]] = by_name[name.folded] = new_id() if known else row["id"]
                made.append(row | {"id": ids[row["id"]], "asked": row["id"]})
        return made, ids

    def _in_project(self, row: Row) -> bool:
        return self._belongs("sections", row, self._there("projects", row["project_id"]))

    def _on_task(self, row: Row) -> bool:
        return self._belongs("comments", row, self._there("tasks", row["task_id"]))

    def _belongs(self, kind: str, row: Row, there: bool) -> bool:  # noqa: FBT001 - what was found
        if not there:
            self.new.discard((kind, row["id"]))
            self.gone.append(row["id"])
        return there

    def _task(self, row: Row, labels: dict[UUID, UUID]) -> Row:
        """Its references as they can be here: a sub-task is where its parent is."""
        parent = row["parent_id"] if self._takes_sub_tasks(row["parent_id"]) else None
        project = row["project_id"] if self._there("projects", row["project_id"]) else None
        section = row["section_id"] if project and self._in(project, row["section_id"]) else None
        if parent:
            project, section = self._place_of(parent)
        if (project, section, parent) != (row["project_id"], row["section_id"], row["parent_id"]):
            self.loose.append(row["id"])
        self.places[row["id"]] = project, section
        self.levels[row["id"]] = self._level(parent) + 1
        ids = sorted({labels[label] for label in row["label_ids"]})
        return {"project_id": project, "section_id": section, "parent_id": parent, "label_ids": ids}

    def _in(self, project: UUID, section: UUID | None) -> bool:
        known = self.taken.get(("sections", section)) if section else None
        return self._there("sections", section) and (known is None or known.project_id == project)

    def _place_of(self, task_id: UUID) -> Place:
        if task_id in self.places:
            return self.places[task_id]
        known = self.taken["tasks", task_id]
        return known.project_id, known.section_id

    def _takes_sub_tasks(self, task_id: UUID | None) -> bool:
        return self._there("tasks", task_id) and self._level(task_id) < DEPTH_MOST

    def _level(self, task_id: UUID | None) -> int:
        """How deep a task lies, from 1; one that was moved below a stranger since is taken for the deepest."""
        level = 0
        while task_id is not None and task_id not in self.levels:
            known = self.taken.get(("tasks", task_id))
            if known is None or level > DEPTH_MOST:
                return DEPTH_MOST
            level, task_id = level + 1, known.parent_id
        return level + (self.levels[task_id] if task_id else 0)
