"""What a task points to, made by somebody, as operations take its id."""

from typing import Any

from taskflow.features.labels.model import CreateLabel
from taskflow.features.projects.model import CreateProject, CreateSection
from taskflow.features.tasks.model import CreateTask
from taskflow.foundation.ids import Id, new_id
from tests.account import Person


def fresh_id() -> Id:
    """An id that nothing has."""
    return Id(str(new_id()))


async def project_of(person: Person) -> Id:
    return Id((await person.do(CreateProject(name="Home")))["id"])


async def section_of(person: Person, project_id: Id) -> Id:
    return Id((await person.do(CreateSection(project_id=project_id, name="Kitchen")))["id"])


async def label_of(person: Person) -> Id:
    return Id((await person.do(CreateLabel(name=f"label {new_id()}")))["id"])


async def task_of(person: Person, title: str = "Pay rent", **fields: Any) -> Id:
    return Id((await person.do(CreateTask(title=title, **fields)))["id"])
