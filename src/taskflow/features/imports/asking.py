"""A reading as the arguments of the operation: keys become ids."""

import dataclasses
from typing import Any
from uuid import UUID, uuid5

from taskflow.features.imports.model import (
    Came,
    CameComment,
    CameLabel,
    CameProject,
    CameSection,
    CameTask,
    ImportTasks,
)
from taskflow.features.imports.reading import Read, ReadComment, Reading, ReadLabel, ReadProject, ReadSection, ReadTask
from taskflow.foundation.ids import Id

KEPT = "id:"  # begins the key of what has an id already


def id_of(space_id: UUID, key: str) -> Id:
    """The id that follows from the space and what was read (UUIDv5): the same file twice makes nothing twice."""
    return Id(key.removeprefix(KEPT) if key.startswith(KEPT) else str(uuid5(space_id, key)))


def asked(reading: Reading, space_id: UUID) -> ImportTasks:
    """All of a reading, as what the operation is asked for."""
    asking = Asking(space_id)
    return ImportTasks(
        labels=[asking.label(label) for label in reading.labels.values()],
        projects=[asking.project(project) for project in reading.projects],
        sections=[asking.section(section) for section in reading.sections],
        tasks=[asking.task(task) for task in reading.tasks],
        comments=[asking.comment(comment) for comment in reading.comments],
    )


class Asking:
    """Gives ids in one space."""

    def __init__(self, space_id: UUID) -> None:
        """Keys stand for ids of this space."""
        self.space_id = space_id

    def label(self, read: ReadLabel) -> CameLabel:
        return CameLabel(**self.same(read, CameLabel))

    def project(self, read: ReadProject) -> CameProject:
        return CameProject(**self.same(read, CameProject))

    def section(self, read: ReadSection) -> CameSection:
        return CameSection(project_id=self.id(read.project), **self.same(read, CameSection))

    def task(self, read: ReadTask) -> CameTask:
        return CameTask(
            series_id=self.maybe(read.series),
            project_id=self.maybe(read.project),
            section_id=self.maybe(read.section),
            parent_id=self.maybe(read.parent),
            label_ids=[self.id(label) for label in read.labels],
            **self.same(read, CameTask),
        )

    def comment(self, read: ReadComment) -> CameComment:
        return CameComment(task_id=self.id(read.task), **self.same(read, CameComment))

    def same(self, read: Read, form: type[Came]) -> dict[str, Any]:
        """The id, and the fields that have the same name in both."""
        fields = {field.name for field in dataclasses.fields(read)}
        return {"id": self.id(read.key)} | {name: getattr(read, name) for name in fields & {*form.__struct_fields__}}

    def id(self, key: str) -> Id:
        return id_of(self.space_id, key)

    def maybe(self, key: str | None) -> Id | None:
        return None if key is None else self.id(key)
