"""A project goes while others add to it: whoever comes first, nothing is left behind."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from taskflow.features.comments.model import CreateComment
from taskflow.features.projects.model import CreateSection
from taskflow.features.tasks.model import CreateTask, UpdateTask
from taskflow.features.trash.model import DeleteProject
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import Refusal
from tests.account import Person, new_person
from tests.features.spaces.team import waiting
from tests.features.trash.house import living, rows, strays
from tests.things import project, task

Adding = Callable[[Id, Id, Id], Args]
ADDING: dict[str, Adding] = {
    "a task": lambda house, _in, _out: CreateTask(title="Another", project_id=house),
    "a sub-task": lambda _house, within, _out: CreateTask(title="Another", parent_id=within),
    "a section": lambda house, _in, _out: CreateSection(name="Another", project_id=house),
    "a comment": lambda _house, within, _out: CreateComment(body="Another", task_id=within),
    "a task moved into it": lambda house, _in, out: UpdateTask(id=out, project_id=house),
}


@asynccontextmanager
async def standing_by(backend: Backend, person: Person) -> AsyncIterator[None]:
    """Somebody else holds the lock and writes nothing: those who wait for the row as it is come in their order."""
    async with backend.database.transaction(person.id) as transaction:
        await transaction.connection.execute("SELECT FROM spaces WHERE space_id = $1 FOR UPDATE", person.id)
        yield


async def furnished(person: Person) -> tuple[Id, Id, Id]:
    """A project, a task in it and one outside."""
    house = await project(person)
    return house, await task(person, "Pack", project_id=house), await task(person, "Call")


@pytest.mark.parametrize("adding", ADDING.values(), ids=ADDING.keys())
async def test_who_adds_to_a_project_that_goes_first_is_refused(
    person: Person, backend: Backend, adding: Adding
) -> None:
    things = await furnished(person)

    async with standing_by(backend, person):
        deletion = asyncio.create_task(person.do(DeleteProject(id=things[0])))
        await waiting(backend, 1)
        addition = asyncio.create_task(person.do(adding(*things)))
        await waiting(backend, 2)
    done = await asyncio.gather(deletion, addition, return_exceptions=True)

    assert [isinstance(each, Refusal) for each in done] == [False, True]
    assert await living(person) == {"Call"}


@pytest.mark.parametrize("adding", ADDING.values(), ids=ADDING.keys())
async def test_what_was_added_before_a_project_goes_goes_with_it(
    person: Person, backend: Backend, adding: Adding
) -> None:
    things = await furnished(person)

    async with standing_by(backend, person):
        addition = asyncio.create_task(person.do(adding(*things)))
        await waiting(backend, 1)
        deletion = asyncio.create_task(person.do(DeleteProject(id=things[0])))
        await waiting(backend, 2)
    await asyncio.gather(addition, deletion)

    assert await living(person) - {"Call"} == set()
    assert await strays(person) == []


@pytest.mark.parametrize("rounds", [30, pytest.param(1_000, marks=pytest.mark.long)])
async def test_a_project_that_goes_while_five_add_to_it_leaves_no_stray_row(backend: Backend, rounds: int) -> None:
    chance, first = random.Random(rounds), Counter[bool]()
    person = await new_person(backend)

    for _ in range(rounds):
        things = await furnished(person)
        asked: list[Args] = [DeleteProject(id=things[0]), *(adding(*things) for adding in ADDING.values())]
        chance.shuffle(asked)
        done = await asyncio.gather(*(person.do(args) for args in asked), return_exceptions=True)

        refused = [each for each in done if isinstance(each, Exception)]
        assert all(isinstance(each, Refusal) for each in refused), refused
        assert await strays(person) == []
        first[not refused] += 1

    assert_numbers(await rows(person))
    assert first[False], "somebody always came after the deletion"


def assert_numbers(found: list[Any]) -> None:
    numbers = [row["seq"] for row in found]
    assert len(numbers) == len(set(numbers)), "no two rows have one number"
