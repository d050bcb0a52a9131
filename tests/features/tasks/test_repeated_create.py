"""A create that comes again, for its answer was lost: the same one is done once, another one is refused."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec.structs import replace

from taskflow.features.imports.model import CameTask, ImportTasks
from taskflow.features.tasks.errors import TaskExists
from taskflow.features.tasks.model import CreateTask, DeleteTask, UpdateTask
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.refusal import Invalid
from tests.account import Person, new_person
from tests.features.spaces.team import number_of
from tests.features.tasks.arguments import changes, new_tasks


@settings(max_examples=25, deadline=None)
@given(create=new_tasks(), since=some.lists(changes, max_size=4))
async def test_the_same_create_is_the_same_task_whatever_became_of_it_since(
    backend: Backend, create: CreateTask, since: list[UpdateTask]
) -> None:
    person = await new_person(backend)
    with suppress(Invalid):  # due outside of the calendar
        await person.do(create)
        now: Any = await person.do(UpdateTask(id=create.id))
        for change in since:
            with suppress(Invalid):
                now = await person.do(replace(change, id=create.id))
        before = await number_of(person)

        again = await person.do(create)

        assert again == now
        assert await number_of(person) == before


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Pay twice"},
        {"description": "to Eve"},
        {"status": "done"},
        {"priority": 3},
        {"position": "a0"},
    ],
)
async def test_another_create_with_its_id_is_refused(person: Person, other: dict[str, Any]) -> None:
    first = CreateTask(id=Id(str(new_id())), title="Pay rent")
    await person.do(first)

    with pytest.raises(TaskExists):
        await person.do(replace(first, **other))


async def test_a_create_with_what_the_task_was_changed_to_is_another_one(person: Person) -> None:
    first = CreateTask(id=Id(str(new_id())), title="Pay rent")
    await person.do(first)
    await person.do(UpdateTask(id=first.id, title="Pay twice"))

    with pytest.raises(TaskExists):
        await person.do(replace(first, title="Pay twice"))


async def test_the_id_of_a_deleted_task_is_not_free(person: Person) -> None:
    first = CreateTask(id=Id(str(new_id())), title="Pay rent")
    await person.do(first)
    await person.do(DeleteTask(id=first.id))

    with pytest.raises(TaskExists):
        await person.do(first)
    assert (await person.do(ImportTasks(tasks=[came(first)])))["made"] == []


def came(task: CreateTask) -> CameTask:
    """The same, from elsewhere."""
    return CameTask(id=task.id, title=task.title)


async def test_an_imported_task_may_be_created_again_as_it_was(person: Person) -> None:
    first = CreateTask(id=Id(str(new_id())), title="Pay rent")
    await person.do(ImportTasks(tasks=[came(first)]))

    again = await person.do(first)

    assert again["title"] == "Pay rent"


async def test_an_id_taken_in_another_space_is_free_here(person: Person, backend: Backend) -> None:
    first = CreateTask(id=Id(str(new_id())), title="Pay rent")
    await person.do(first)

    other = await (await new_person(backend)).do(replace(first, title="Another"))

    assert other["id"] == str(first.id)
