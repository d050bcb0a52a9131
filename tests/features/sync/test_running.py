"""A run of commands: a transaction for neighbours, tried again where the database undoes it, and told of once."""

import asyncio
from typing import Any

import pytest

from taskflow.features.tasks.model import CreateTask
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.redis import keys
from taskflow.foundation.redis.wakes import Wakes
from taskflow.foundation.settings import Settings
from tests.account import Person
from tests.client import Client
from tests.features.spaces.stumbling import stumbling
from tests.features.spaces.team import new_team, number_of
from tests.features.sync.commanding import codes, command, create, send

UNDONE = pytest.mark.parametrize(
    "code", ["40001", "40P01", "55P03"], ids=["serialization failure", "deadlock", "lock time-out"]
)


async def test_neighbours_are_told_of_once_and_by_their_last_number(person: Person, backend: Backend) -> None:
    team = await new_team(person)
    told: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
    wakes = Wakes(backend.redis, lambda channel, said: told.put_nowait((channel, said)), lambda: None)
    wakes.open()
    home, there = keys.channel(person.id), keys.channel(team.access.space_id)
    await wakes.watch([home, there])

    mine = [create(new_id()) for _ in range(20)]
    theirs = [create(new_id(), space_id=team.access.space_id) for _ in range(20)]
    results = await send(person, *mine[:10], *theirs, *mine[10:])
    await backend.redis.publish(home, "the end")

    heard: list[tuple[str, bytes]] = []
    while not heard or heard[-1] != (home, b"the end"):
        heard.append(await told.get())
    wakes.close()
    last = [b"%d" % results[place]["seq"] for place in (9, 29, 39)]
    assert codes(results) == [None] * 40
    assert sorted(heard[:-1]) == sorted(zip([home, there, home], last, strict=True))


@UNDONE
async def test_what_the_database_undid_for_another_is_tried_again(
    person: Person, settings: Settings, code: str
) -> None:
    before = await number_of(person)

    async with stumbling(settings, code, times=2) as tries:
        results = await send(person, create(new_id()), create(new_id(), "stumble"), create(new_id()))
        tried = await tries()

    assert [result["seq"] for result in results] == [before + 1, before + 2, before + 3]
    assert tried == 3
    assert await number_of(person) == before + 3


@UNDONE
async def test_what_goes_to_another_space_is_tried_again_too(person: Person, settings: Settings, code: str) -> None:
    team, task_id = await new_team(person), Id(str(new_id()))
    await person.do(CreateTask(id=task_id, title="stumble"))

    async with stumbling(settings, code, times=2) as tries:
        results = await send(person, command("move_task", {"id": task_id, "to": team.access.space_id}))
        tried = await tries()

    assert codes(results) == [None]
    assert tried == 3


@UNDONE
async def test_what_is_undone_three_times_ends_the_call_and_what_was_done_before_stays_so(
    ada: Client, settings: Settings, code: str
) -> None:
    team = (await ada.post("/api/v1/spaces", {"name": "Team"})).json()["id"]
    commands = [
        command("create_task", {"title": "Before"}),
        command("create_task", {"title": "stumble", "space_id": team}),
        command("create_task", {"title": "After"}),
    ]

    async with stumbling(settings, code, times=3) as tries:
        refused = await ada.post("/api/v1/sync", {"commands": commands})
        tried = await tries()
    first = await tasks(ada)
    again = (await ada.post("/api/v1/sync", {"commands": commands})).json()["results"]
    once_more = (await ada.post("/api/v1/sync", {"commands": commands})).json()["results"]

    assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (503, "space_busy", "1")
    assert tried == 3
    assert [task["title"] for task in first] == ["Before"]
    assert again[0] == {"id": commands[0]["id"], "ok": True, "seq": first[0]["seq"]}
    assert codes(again) == [None] * 3
    assert once_more == again
    assert sorted(task["title"] for task in await tasks(ada)) == ["After", "Before"]
    assert [task["title"] for task in await tasks(ada, team)] == ["stumble"]


async def tasks(who: Client, space: str | None = None) -> list[Any]:
    """The tasks of a space, as REST shows them."""
    answer = await who.get("/api/v1/tasks", params={"space": space or who.id})
    found: list[Any] = answer.json()["items"]
    return found
