from taskflow.features.tasks.model import CreateTask, UpdateTask
from tests.account import Person


async def test_a_new_task_has_the_next_number_of_its_space(person: Person) -> None:
    first = await person.do(CreateTask(title="Pay rent"))

    second = await person.do(CreateTask(title="Call the dentist"))

    assert second["seq"] == first["seq"] + 1
    assert second["position"] > first["position"]


async def test_a_change_of_nothing_takes_no_number(person: Person) -> None:
    made = await person.do(CreateTask(title="Pay rent"))

    same = await person.answered(UpdateTask(id=made["id"], title="Pay rent"))

    assert same.number == made["seq"]
