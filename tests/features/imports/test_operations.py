"""Many tasks at once."""

from uuid import UUID, uuid4

from taskflow.features.imports.operations import ImportTasks
from taskflow.features.tasks.lists import TaskQuery
from taskflow.features.tasks.model import CreateTask
from taskflow.features.tasks.queries import page
from taskflow.features.tasks.shapes import NEWEST, arguments
from tests.account import Person


async def test_the_newest_first_shows_a_file_in_its_own_order(person: Person) -> None:
    titles = [f"line {n}" for n in range(30)]
    tasks = [CreateTask(id=UUID(str(uuid4())), title=title) for title in titles]  # type: ignore[arg-type]

    await person.do(ImportTasks(tasks=tasks))

    async with person.backend.database.transaction(person.id) as transaction:
        found = await page(transaction, NEWEST, arguments(TaskQuery(), person.id, 50))
    tasks_there = [row.task for row in found.rows]
    assert [task.title for task in tasks_there] == titles
    assert [task.title for task in sorted(tasks_there, key=lambda task: task.position)] == titles
