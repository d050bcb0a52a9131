"""Things made by somebody: their ids, as operations take them."""

from typing import Any

from taskflow.features.comments.model import CreateComment
from taskflow.features.labels.model import CreateLabel
from taskflow.features.projects.model import CreateProject, CreateSection
from taskflow.features.tasks.model import CreateTask
from taskflow.foundation.ids import Id, new_id
from tests.account import Person


def fresh_id() -> Id:
    """An id that nothing has."""
    return Id(str(new_id()))


async def project(person: Person, name: str = "Move house") -> Id:
    return id_of(await person.do(CreateProject(name=name)))


async def section(person: Person, project_id: Id, name: str = "Packing") -> Id:
    return id_of(await person.do(CreateSection(name=name, project_id=project_id)))


async def label(person: Person, name: str = "") -> Id:
    """A label of this name, or of one that no other has."""
    return id_of(await person.do(CreateLabel(name=name or f"label {new_id()}")))


async def task(person: Person, title: str = "Pay rent", **fields: Any) -> Id:
    return id_of(await person.do(CreateTask(title=title, **fields)))


async def comment(person: Person, task_id: Id, body: str) -> Id:
    return id_of(await person.do(CreateComment(task_id=task_id, body=body)))


def id_of(made: dict[str, Any]) -> Id:
    return Id(made["id"])
