"""Spaces of teams: made, renamed, listed, and each with a number of its own."""

import asyncio
from uuid import UUID

import pytest

from taskflow.features.spaces.errors import PersonalOnly, PreconditionFailed, RoleTooLow, TeamOnly, TooManySpaces
from taskflow.features.spaces.model import MOST_SPACES, CreateSpace, Role, UpdateSpace
from taskflow.features.tasks.model import CreateTask
from taskflow.foundation.backend import Backend
from taskflow.foundation.redis import keys
from tests.account import Person, new_person
from tests.client import Client
from tests.features.spaces.team import in_team, number_of
from tests.features.sync.device import Device, fresh

SPACES, SPACE = "/api/v1/spaces", "/api/v1/space"


async def test_who_makes_a_space_owns_it_and_is_its_only_member(ada: Client) -> None:
    made = await ada.post(SPACES, {"name": "Home"})

    space = made.json()
    members = (await ada.get(f"/api/v1/members?space={space['id']}")).json()["items"]
    assert (made.status_code, space["kind"], space["name"]) == (201, "team", "Home")
    assert [(member["id"], member["role"], member["name"]) for member in members] == [(ada.id, "owner", "Ada")]
    assert (await ada.get(made.headers["location"])).json() == space


async def test_a_new_space_takes_a_number_at_home_and_both_are_told(ada: Client, backend: Backend) -> None:
    before = (await ada.get("/api/v1/me")).headers["taskflow-seq"]

    made = await ada.post(SPACES, {"name": "Home"})

    told = dict(each.split("=") for each in made.headers["taskflow-seq"].split(", "))
    assert told.keys() == {ada.id, made.json()["id"]}
    assert int(told[ada.id]) == int(before.partition("=")[2]) + 1
    for space, number in told.items():
        assert await backend.redis.get(keys.known(UUID(space))) in {None, number.encode()}


async def test_of_parallel_creates_with_one_key_one_is_made(ada: Client) -> None:
    key = {"idempotency-key": "home"}

    made = await asyncio.gather(*(ada.post(SPACES, {"name": "Home"}, headers=key) for _ in range(12)))

    assert {(answer.status_code, answer.content) for answer in made} == {(201, made[0].content)}
    listed = (await ada.get(SPACES)).json()["items"]
    assert [space["id"] for space in listed] == [ada.id, made[0].json()["id"]]


async def test_all_spaces_are_listed_with_the_role_in_each(ada: Client) -> None:
    made = [(await ada.post(SPACES, {"name": f"Team {nth}"})).json() for nth in range(9)]

    listed = (await ada.get(SPACES)).json()["items"]

    assert [(space["id"], space["kind"]) for space in listed[:1]] == [(ada.id, "personal")]
    assert [{name: value for name, value in space.items() if name != "role"} for space in listed[1:]] == made
    assert {space["role"] for space in listed} == {"owner"}


async def test_an_account_is_in_a_hundred_spaces_at_most(person: Person) -> None:
    for nth in range(MOST_SPACES - 2):
        await person.do(CreateSpace(name=f"Team {nth}"))
    last = await asyncio.gather(*(person.do(CreateSpace(name="Last")) for _ in range(5)), return_exceptions=True)

    assert sorted(type(each).__name__ for each in last) == ["TooManySpaces"] * 4 + ["dict"]
    with pytest.raises(TooManySpaces):
        await person.do(CreateSpace(name="One more"))


async def test_a_space_is_called_by_another_name_which_devices_are_told(owner: Person, backend: Backend) -> None:
    device, before = Device(backend, owner.access), await number_of(owner)
    await device.catch_up()

    renamed = await owner.do(UpdateSpace(name="Family"))
    same = await owner.answered(UpdateSpace(name="Family"))

    await device.catch_up()
    assert (renamed["name"], renamed["seq"], same.number) == ("Family", before + 1, before + 1)
    assert device.rows == (await fresh(device)).rows


async def test_a_name_that_has_changed_since_is_not_overwritten(owner: Person) -> None:
    held = (await owner.do(UpdateSpace(name="Family")))["seq"]
    await owner.do(UpdateSpace(name="Flat"))

    with pytest.raises(PreconditionFailed):
        await owner.do(UpdateSpace(name="House"), if_match=frozenset({held}))


async def test_a_space_that_has_not_changed_is_not_sent_again(ada: Client) -> None:
    made = await ada.post(SPACES, {"name": "Home"})
    path = made.headers["location"]
    tag = (await ada.get(path)).headers["etag"]
    await ada.post(f"/api/v1/tasks?space={made.json()['id']}", {"title": "Pay rent"})

    same = await ada.get(path, headers={"if-none-match": tag})
    await ada.patch(path, {"name": "Flat"})
    anew = await ada.get(path, headers={"if-none-match": tag})

    assert tag == made.headers["etag"]
    assert [same.status_code, anew.status_code] == [304, 200]


async def test_a_personal_space_keeps_its_name_and_a_team_makes_no_spaces(person: Person, owner: Person) -> None:
    with pytest.raises(TeamOnly):
        await person.do(UpdateSpace(name="Mine"))
    with pytest.raises(PersonalOnly):
        await owner.do(CreateSpace(name="Inner"))


@pytest.mark.parametrize("name", ["", " ", "x" * 121])
async def test_a_name_that_is_none_is_refused(ada: Client, name: str) -> None:
    answer = await ada.post(SPACES, {"name": name})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/name")


async def test_what_is_done_in_a_team_changes_nothing_at_home(owner: Person, person: Person) -> None:
    before = await number_of(person)

    await owner.do(CreateTask(title="Pay rent"))

    assert await number_of(person) == before


async def test_who_may_write_there_still_may_not_name_it(backend: Backend) -> None:
    editor = await in_team(await new_person(backend), Role.EDITOR, backend)

    with pytest.raises(RoleTooLow):
        await editor.do(UpdateSpace(name="Mine now"))
