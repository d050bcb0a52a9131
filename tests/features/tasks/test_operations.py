import pytest

from taskflow.features.tasks.model import CreateTask, UpdateTask
from taskflow.foundation.refusal import Invalid
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


async def test_a_description_has_16_kib_of_utf_8_wherever_it_comes_from(person: Person) -> None:
    longest, longer = "é" * 8192, "é" * 8193
    made = await person.do(CreateTask(title="Pay rent", description=longest))

    assert made["description"] == longest
    for args in (
        CreateTask(title="Pay rent", description=longer),
        UpdateTask(id=made["id"], description=longer),
    ):
        with pytest.raises(Invalid) as refused:
            await person.do(args)
        assert [fault.pointer for fault in refused.value.errors] == ["/description"]
