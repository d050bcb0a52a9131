"""A person's new name reaches every team they are in, by a job, and none that they have left."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from taskflow.features.spaces.model import RenameMember, Role, UpdateMe
from taskflow.foundation.backend import Backend
from taskflow.foundation.database import Database
from taskflow.foundation.jobs import JOBS, Worker
from taskflow.foundation.settings import Settings
from tests.account import Person, new_person
from tests.features.spaces.team import in_team, join, new_team, number_of, remove, standing
from tests.features.sync.device import Device, fresh

WAITING = "SELECT count(*) FROM jobs.queue WHERE name = 'rename_member' AND key = $1"


@asynccontextmanager
async def working(backend: Backend, settings: Settings) -> AsyncIterator[None]:
    """A worker that does these jobs."""
    stop, ours = asyncio.Event(), {"rename_member": JOBS["rename_member"]}
    worker = Worker(Database.connector(settings.database_url), backend, jobs=ours, poll=timedelta(milliseconds=20))
    run = asyncio.create_task(worker.run(stop))
    try:
        yield
    finally:
        stop.set()
        await run


async def left_behind(person: Person) -> int:
    """How many jobs of theirs wait."""
    rows = await person.backend.database.fetch(WAITING, str(person.id))
    count: int = rows[0][0]
    return count


async def nothing_left(person: Person) -> None:
    """Return when all that the person's profile left behind is done."""
    while await left_behind(person):  # noqa: ASYNC110 - the worker tells nobody
        await asyncio.sleep(0.01)


async def done(backend: Backend, settings: Settings, person: Person) -> None:
    """Have what the person's profile left behind done."""
    async with working(backend, settings):
        await nothing_left(person)


async def member_row(person: Person, team: Person) -> Any:
    """Somebody as a team shows them."""
    device = Device(team.backend, team.access)
    await device.catch_up()
    return device.rows["members", person.id]


async def test_a_new_name_reaches_every_team(person: Person, backend: Backend, settings: Settings) -> None:
    teams = [await in_team(person, role, backend) for role in (Role.VIEWER, Role.EDITOR, Role.OWNER)]
    device, before = Device(backend, teams[0].access), [await number_of(team) for team in teams]
    await device.catch_up()

    await person.do(UpdateMe(name="Countess"))
    await done(backend, settings, person)

    assert [(await member_row(person, team)).name for team in teams] == ["Countess"] * 3
    assert [await number_of(team) for team in teams] == [number + 1 for number in before]
    await device.catch_up()
    assert device.rows == (await fresh(device)).rows


async def test_the_last_of_many_names_stays(person: Person, backend: Backend, settings: Settings) -> None:
    team = await new_team(person)

    async with working(backend, settings):
        for nth in range(20):
            await person.do(UpdateMe(name=f"Ada {nth}"))
        await nothing_left(person)

    assert (await member_row(person, team)).name == "Ada 19"


async def test_who_has_left_keeps_the_name_they_had_there(owner: Person, backend: Backend, settings: Settings) -> None:
    grace = await new_person(backend, "Grace")
    await remove(owner, await join(owner, grace, Role.EDITOR))
    elsewhere = await new_team(grace)

    await grace.do(UpdateMe(name="Admiral"))
    await done(backend, settings, grace)

    assert (await member_row(grace, owner)).name == "Grace"
    assert (await member_row(grace, elsewhere)).name == "Admiral"


async def test_who_comes_back_does_so_by_the_name_they_have_now(owner: Person, backend: Backend) -> None:
    grace = await new_person(backend, "Grace")
    await remove(owner, await join(owner, grace, Role.EDITOR))
    await grace.do(UpdateMe(name="Admiral"))

    await join(owner, grace, Role.VIEWER)

    assert (await member_row(grace, owner)).name == "Admiral"


async def test_a_profile_that_no_team_shows_leaves_nothing_behind(person: Person, owner: Person) -> None:
    alone = await new_person(person.backend)

    await alone.do(UpdateMe(name="Countess"))
    await (await standing(owner, owner.id)).do(UpdateMe(locale="de"))

    assert [await left_behind(alone), await left_behind(owner)] == [0, 0]


async def test_what_is_called_so_already_takes_no_number(owner: Person) -> None:
    before = await number_of(owner)

    await owner.do(RenameMember())

    assert await number_of(owner) == before
