"""Many tasks at once."""

from uuid import UUID, uuid4

from taskflow.features.imports.operations import ImportTasks
from taskflow.features.tasks.lists import TaskQuery, arguments, shape_of
from taskflow.features.tasks.model import CreateTask
from taskflow.features.tasks.queries import page
from tests.account import Person


async def test_the_newest_first_shows_a_file_in_its_own_order(person: Person) -> None:
    titles = [f"line {n}" for n in range(30)]
    tasks = [CreateTask(id=UUID(str(uuid4())), title=title) for title in titles]  # type: ignore[arg-type]

    await person.do(ImportTasks(tasks=tasks))

    query = TaskQuery()
    async with person.backend.database.transaction(person.id) as transaction:
        found = await page(transaction, shape_of(query), arguments(query, person.id))
    assert [task.title for task in found.tasks][:30] == titles
    assert [task.title for task in sorted(found.tasks, key=lambda task: task.position)] == titles
