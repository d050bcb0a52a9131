"""The number of a space: it grows, each change has its own, and whoever goes by it misses nothing."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID

import asyncpg
import pytest

from taskflow.features.imports.model import CameTask, ImportTasks
from taskflow.features.spaces.model import EPOCH_BITS, UpdateMe
from taskflow.features.tasks.errors import TaskExists, TaskNotFound
from taskflow.features.tasks.model import CreateTask, DeleteTask, UpdateTask
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from taskflow.foundation.refusal import Invalid, Refusal
from taskflow.foundation.settings import Settings
from tests.account import Person, new_person
from tests.client import Client
from tests.features.spaces.team import number_of
from tests.features.sync.device import Device, fresh
from tests.things import fresh_id

ALL_NUMBERS = """SELECT seq FROM tasks WHERE space_id = $1 UNION ALL SELECT seq FROM memberships WHERE space_id = $1
    UNION ALL SELECT own_seq FROM spaces WHERE space_id = $1"""
LARGEST_EXACT = 2**53 - 1  # in JavaScript, and in Redis' Lua


async def test_each_changed_or_deleted_row_has_a_number_of_its_own(person: Person, backend: Backend) -> None:
    made = [await person.do(CreateTask(title=f"Task {nth}")) for nth in range(3)]
    await person.do(UpdateTask(id=Id(made[0]["id"]), title="Changed"))
    await person.do(DeleteTask(id=Id(made[1]["id"])))
    await person.do(UpdateMe(name="Ada Lovelace"))
    await person.do(ImportTasks(tasks=[CameTask(id=fresh_id(), title=f"Imported {nth}") for nth in range(5)]))

    async with backend.database.transaction(person.id) as transaction:
        numbers = [row["seq"] for row in await transaction.connection.fetch(ALL_NUMBERS, person.id)]

    assert len(numbers) == len(set(numbers)) == 10
    assert max(numbers) == await number_of(person)


async def test_a_page_of_changes_may_end_anywhere(person: Person, backend: Backend) -> None:
    await person.do(ImportTasks(tasks=[CameTask(id=fresh_id(), title=f"Task {nth}") for nth in range(13)]))

    devices = [Device(backend, person.access, rows) for rows in range(1, 16)]
    for device in devices:
        await device.catch_up()

    assert all(device.rows == devices[0].rows for device in devices)
    assert {device.held for device in devices} == {await number_of(person)}


async def test_what_changes_nothing_takes_no_number(person: Person) -> None:
    made = await person.do(CreateTask(title="Pay rent"))
    task_id, before = Id(made["id"]), await number_of(person)

    with pytest.raises(TaskNotFound):
        await person.do(UpdateTask(id=fresh_id(), title="Nothing"))
    with pytest.raises(TaskNotFound):
        await person.do(DeleteTask(id=fresh_id()))
    with pytest.raises(TaskExists):
        await person.do(CreateTask(id=task_id, title="Another"))
    with pytest.raises(Invalid):
        await person.do(UpdateTask(id=task_id, due_zone="Europe/Berlin"))
    same = await person.answered(UpdateTask(id=task_id, title="Pay rent"))
    repeat = await person.answered(CreateTask(id=task_id, title="Pay rent"))
    profile = await person.answered(UpdateMe(name="Ada"))
    imported = await person.answered(ImportTasks(tasks=[CameTask(id=task_id, title="Pay rent")]))

    assert {same.number, repeat.number, profile.number, imported.number} == {before}
    assert await number_of(person) == before


async def test_a_refusal_says_at_which_number_it_was_refused(person: Person) -> None:
    before = await number_of(person)

    with pytest.raises(TaskNotFound) as refused:
        await person.do(DeleteTask(id=fresh_id()))

    assert refused.value.number == before


async def write_at_random(person: Person, seed: int, count: int, ids: list[Id]) -> list[int]:
    """Create, change and delete tasks that others work on as well; the numbers that were answered."""
    chance, answered = random.Random(seed), []
    for nth in range(count):
        task_id, before = chance.choice(ids), await number_of(person)
        args = chance.choice(
            [
                CreateTask(id=fresh_id(), title=f"{seed}.{nth}"),
                CreateTask(id=task_id, title=f"{seed}.{nth}"),
                UpdateTask(id=task_id, title=f"{seed}.{nth}"),
                DeleteTask(id=task_id),
            ]
        )
        with suppress(Refusal):
            number = (await person.answered(args)).number
            assert number > before
            answered.append(number)
    return answered


@pytest.mark.parametrize(("writers", "count"), [(8, 50), pytest.param(20, 1_000, marks=pytest.mark.long)])
async def test_many_who_write_at_once_lose_nothing_and_skip_nothing(
    person: Person, backend: Backend, writers: int, count: int
) -> None:
    ids = [fresh_id() for _ in range(30)]
    first, device = await number_of(person), Device(backend, person.access, 7)

    writing = asyncio.gather(*(write_at_random(person, seed, count, ids) for seed in range(writers)))
    while not writing.done():
        held = device.held
        await device.catch_up()
        assert device.held >= held
    answered = [number for numbers in await writing for number in numbers]
    await device.catch_up()

    assert device.rows == (await fresh(device)).rows
    assert Counter(answered) == Counter(range(first + 1, (await number_of(person)) + 1))


@pytest.fixture
async def last_epoch(settings: Settings) -> AsyncIterator[int]:
    """The installation has been restored as often as numbers can tell apart."""
    epoch = (LARGEST_EXACT >> EPOCH_BITS) - 1
    owner = await asyncpg.connect(settings.database_url)
    await owner.execute("UPDATE installation SET epoch = $1", epoch)
    yield epoch
    await owner.execute("UPDATE installation SET epoch = 1")
    await owner.close()


async def test_the_epoch_stands_in_the_high_bits_and_no_number_grows_out_of_a_double(
    last_epoch: int, backend: Backend
) -> None:
    person = await new_person(backend)

    answered = await person.answered(CreateTask(title="Pay rent"))

    assert answered.number >> EPOCH_BITS == last_epoch
    assert answered.number + 2**EPOCH_BITS <= LARGEST_EXACT
    assert float(answered.number + 1) - float(answered.number) == 1


async def test_the_largest_numbers_are_told_exactly_over_http(last_epoch: int, client: Client) -> None:
    ada = await client.registered()
    task = await ada.task("Pay rent")

    answers = [await ada.get("/api/v1/tasks") for _ in range(2)]
    seen = {"taskflow-seq": f"{ada.id}={task['seq']}", "if-none-match": answers[0].headers["etag"]}
    unchanged = await ada.get("/api/v1/tasks", headers=seen)

    assert task["seq"] == (last_epoch << EPOCH_BITS) + 3
    assert [answer.headers["taskflow-seq"] for answer in answers] == [f"{ada.id}={task['seq']}"] * 2
    assert unchanged.status_code == 304


async def test_numbers_of_two_spaces_have_nothing_to_do_with_each_other(person: Person, backend: Backend) -> None:
    other = await new_person(backend)
    before = await number_of(other)

    await person.do(CreateTask(id=Id(str(UUID(int=1))), title="Pay rent"))

    assert await number_of(other) == before
