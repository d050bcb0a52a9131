"""Invitations: a secret that lets one person in, for a while, and tells nobody else anything."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from taskflow.api.static import StaticFiles
from taskflow.app import Application
from taskflow.features.spaces.errors import (
    AlreadyMember,
    InvitationExpired,
    InvitationNotFound,
    InvitationUsed,
    InvitationVoid,
    PersonalOnly,
    TeamOnly,
    TooManyInvitations,
    TooManySpaces,
)
from taskflow.features.spaces.invitation import (
    MOST_OPEN,
    AcceptInvitation,
    CreateInvitation,
    Invited,
    RevokeInvitation,
    new_token,
    read_token,
)
from taskflow.features.spaces.model import MOST_SPACES, ChangeRole, CreateSpace, Role
from taskflow.foundation.backend import Backend, opened
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.limits import Rate
from taskflow.foundation.refusal import Refusal
from taskflow.foundation.settings import Settings
from tests.account import Person, new_person
from tests.client import Client
from tests.features.spaces.team import in_team, join, number_of, remove, standing

ACCEPT = "/api/v1/invitations/accept"
ADDRESS = "198.51.100.9"


async def invited(owner: Person, role: Invited = "editor", days: int = 7) -> str:
    """The token of a new invitation to the team."""
    token: str = (await owner.do(CreateInvitation(role=role, days=days)))["token"]
    return token


async def accept(person: Person, token: str) -> Any:
    return await (await standing(person, person.id)).do(AcceptInvitation(token=token))


async def refusal(person: Person, token: str) -> type[Exception]:
    with pytest.raises(Refusal) as refused:
        await accept(person, token)
    assert refused.value.number is None or refused.value.number == await number_of(await standing(person, person.id))
    return refused.type


async def expired(owner: Person, ago: timedelta) -> None:
    """The team's invitations have expired so long ago."""
    async with owner.backend.database.transaction(owner.access.space_id) as transaction:
        await transaction.connection.execute("UPDATE invitations SET expires_at = now() - $1::interval", ago)


@pytest.mark.parametrize("role", ["editor", "commenter", "viewer"])
async def test_who_comes_by_an_invitation_is_a_member_in_the_role_it_names(
    owner: Person, backend: Backend, role: Invited
) -> None:
    grace = await new_person(backend, "Grace")
    before = await number_of(owner), await number_of(grace)

    joined = await accept(grace, await invited(owner, role))

    assert (joined["id"], joined["name"], joined["role"]) == (str(owner.access.space_id), "Home", role)
    assert (await number_of(owner), await number_of(grace)) == (before[0] + 1, before[1] + 1)
    assert (await standing(grace, owner.access.space_id)).access.role is Role.named(role)


async def test_an_invitation_lets_in_one_and_tells_the_next_that_it_is_used(owner: Person, backend: Backend) -> None:
    token = await invited(owner)
    await accept(await new_person(backend), token)

    assert await refusal(await new_person(backend), token) is InvitationUsed


@pytest.mark.parametrize("rounds", [3, pytest.param(1_000, marks=pytest.mark.long)])
async def test_of_twenty_who_accept_at_once_one_gets_in(owner: Person, backend: Backend, rounds: int) -> None:
    crowd = [await new_person(backend) for _ in range(20)]
    for _ in range(rounds):
        token = await invited(owner)
        before = await number_of(owner)

        done = await asyncio.gather(*(accept(each, token) for each in crowd), return_exceptions=True)

        assert sorted(type(each).__name__ for each in done) == ["InvitationUsed"] * 19 + ["dict"]
        assert await number_of(owner) == before + 1
        await remove(owner, crowd[next(nth for nth, each in enumerate(done) if isinstance(each, dict))])


async def test_who_accepts_twice_at_once_is_answered_alike(owner: Person, backend: Backend) -> None:
    grace, token = await new_person(backend), await invited(owner)

    done = await asyncio.gather(*(accept(grace, token) for _ in range(10)))

    assert all(each == done[0] for each in done)


async def test_a_member_is_told_so_and_uses_nothing_up(owner: Person, backend: Backend) -> None:
    member, token = await join(owner, await new_person(backend), Role.VIEWER), await invited(owner)

    assert await refusal(member, token) is AlreadyMember
    assert await refusal(owner, token) is AlreadyMember
    assert (await accept(await new_person(backend), token))["role"] == "editor"


async def test_an_invitation_is_good_for_as_long_as_it_says(owner: Person, backend: Backend) -> None:
    made = [await owner.do(CreateInvitation(days=days)) for days in (1, 7, 30)]
    lasts = [await days_of(owner, each["id"]) for each in made]
    await expired(owner, timedelta(0))

    assert lasts == [1, 7, 30]
    assert await refusal(await new_person(backend), made[0]["token"]) is InvitationExpired
    assert await open_ones(owner) == []


async def days_of(owner: Person, invitation_id: str) -> int:
    async with owner.backend.database.transaction(owner.access.space_id) as transaction:
        lasts: timedelta = await transaction.connection.fetchval(
            "SELECT expires_at - created_at FROM invitations WHERE id = $1", invitation_id
        )
    return lasts.days


async def open_ones(owner: Person) -> list[Any]:
    async with owner.backend.database.transaction(owner.access.space_id) as transaction:
        return list(await transaction.connection.fetch("SELECT FROM invitations WHERE expires_at > now()"))


async def test_an_invitation_of_somebody_who_owns_the_space_no_longer_is_void(owner: Person, backend: Backend) -> None:
    second = await join(owner, await new_person(backend), Role.OWNER)
    token = await invited(second)

    await owner.do(ChangeRole(id=Id(str(second.id)), role="editor"))
    demoted = await refusal(await new_person(backend), token)
    await remove(owner, second)
    gone = await refusal(await new_person(backend), token)

    assert [demoted, gone] == [InvitationVoid, InvitationVoid]


async def test_a_revoked_invitation_is_none(owner: Person, backend: Backend) -> None:
    made = await owner.do(CreateInvitation())

    await owner.do(RevokeInvitation(id=Id(made["id"])))

    assert await refusal(await new_person(backend), made["token"]) is InvitationNotFound
    with pytest.raises(InvitationNotFound):
        await owner.do(RevokeInvitation(id=Id(made["id"])))


async def test_what_was_used_can_not_be_revoked(owner: Person, backend: Backend) -> None:
    made = await owner.do(CreateInvitation())
    await accept(await new_person(backend), made["token"])

    with pytest.raises(InvitationNotFound):
        await owner.do(RevokeInvitation(id=Id(made["id"])))


async def test_a_wrong_token_is_answered_alike_whatever_of_it_is_right(owner: Person, client: Client) -> None:
    eve = await client.registered()
    token = read_token(await invited(owner))
    assert token is not None
    space, invitation = token.space_id, token.invitation_id
    wrong = [
        str(new_token(space, invitation)),  # all but the secret
        str(new_token(space, new_id())),
        str(new_token(new_id(), invitation)),
        str(new_token(new_id(), new_id())),
        str(new_token(owner.id, invitation)),  # a personal space
        str(replaced(str(token))),
        str(token)[:-1],
        str(token) + "00",
        f"{space}.{invitation}.",
        "..",
        "x",
    ]

    answers = [await eve.post(ACCEPT, {"token": each}) for each in wrong]

    said = {(answer.status_code, answer.json()["code"], answer.json()["detail"]) for answer in answers}
    assert said == {(404, "invitation_not_found", InvitationNotFound.detail)}
    numbers = {answer.headers["taskflow-seq"].partition("=")[0] for answer in answers}
    assert numbers == {eve.id}
    assert (await eve.post(ACCEPT, {"token": str(token)})).status_code == 200


def replaced(token: str) -> str:
    """A token with one digit of the secret changed."""
    return token[:-1] + ("0" if token[-1] != "0" else "1")


async def test_the_space_keeps_nothing_that_lets_in(ada: Client, backend: Backend) -> None:
    team = (await ada.post("/api/v1/spaces", {"name": "Home"})).json()["id"]
    path, key = f"/api/v1/invitations?space={team}", {"idempotency-key": "k"}
    made = await ada.post(path, {}, headers=key)
    again = await ada.post(path, {}, headers=key)

    secret = made.json()["token"].rpartition(".")[2]
    listed = (await ada.get(path)).json()["items"]
    async with backend.database.transaction(Id(team)) as transaction:
        rows = await transaction.connection.fetch("SELECT i::text FROM invitations i")
        rows += await transaction.connection.fetch("SELECT convert_from(a.body, 'UTF8') FROM answers a")

    assert {**made.json(), "token": None} == again.json() == {**listed[0], "token": None}
    assert len(rows) == 2
    assert not any(secret in str(row) for row in rows)


async def test_only_owners_see_who_else_may_come(backend: Backend) -> None:
    editor = await in_team(await new_person(backend), Role.EDITOR, backend)

    with pytest.raises(Refusal) as refused:
        await editor.do(CreateInvitation())

    assert refused.value.code == "role_too_low"


async def test_a_hundred_invitations_are_open_at_most(owner: Person) -> None:
    for _ in range(MOST_OPEN):
        made = await owner.do(CreateInvitation())
    with pytest.raises(TooManyInvitations):
        await owner.do(CreateInvitation())

    await owner.do(RevokeInvitation(id=Id(made["id"])))

    assert (await owner.do(CreateInvitation()))["token"]


async def test_what_expired_long_ago_is_forgotten(owner: Person, backend: Backend) -> None:
    token = await invited(owner)
    await expired(owner, timedelta(days=31))

    await invited(owner)

    assert await refusal(await new_person(backend), token) is InvitationNotFound


async def test_a_personal_space_takes_nobody_in_and_a_team_accepts_nothing(
    person: Person, owner: Person, backend: Backend
) -> None:
    member = await join(owner, await new_person(backend), Role.OWNER)

    with pytest.raises(TeamOnly):
        await person.do(CreateInvitation())
    with pytest.raises(PersonalOnly):
        await member.do(AcceptInvitation(token=await invited(owner)))


async def test_who_is_in_a_hundred_spaces_comes_into_no_other(owner: Person, backend: Backend) -> None:
    grace, token = await new_person(backend), await invited(owner)
    for nth in range(MOST_SPACES - 1):
        await grace.do(CreateSpace(name=f"Team {nth}"))

    assert await refusal(grace, token) is TooManySpaces
    assert (await accept(await new_person(backend), token))["role"] == "editor", "it was not used up"


@asynccontextmanager
async def process(settings: Settings) -> AsyncIterator[Client]:
    """A process with five tries in 15 minutes."""
    narrow = replace(settings, workers=1, rate_limit_auth=Rate(5, 900))
    async with opened(narrow) as second:
        transport = ASGITransport(Application(second, StaticFiles(Path("no web app"))), client=(ADDRESS, 1))
        async with AsyncClient(transport=transport, base_url="http://test") as http:
            yield Client(http)
        await second.redis.delete(f"tries:{{{ADDRESS}}}")


async def test_five_guesses_are_answered_and_what_is_right_is_no_guess(
    settings: Settings, ada: Client, owner: Person
) -> None:
    wrong = str(new_token(owner.access.space_id, new_id()))
    async with process(settings) as http:
        eve = Client(http.http, ada.signed_in)
        right = [await eve.post(ACCEPT, {"token": await invited(owner)}) for _ in range(1)]
        misfits = [await eve.post(ACCEPT, {"token": 1}) for _ in range(7)]
        members = [await eve.post(ACCEPT, {"token": await invited(owner)}) for _ in range(7)]
        guesses = [await eve.post(ACCEPT, {"token": wrong}) for _ in range(7)]

    assert [answer.status_code for answer in right] == [200]
    assert {answer.status_code for answer in misfits} == {422}
    assert {answer.json()["code"] for answer in members} == {"already_member"}
    assert [answer.status_code for answer in guesses] == [404] * 5 + [429] * 2


@pytest.mark.parametrize(
    "body",
    [{"role": "owner"}, {"role": "former"}, {"days": 0}, {"days": 31}, {"days": 1.5}, {"days": "7"}, {"token": "mine"}],
)
async def test_an_invitation_that_no_owner_may_make_is_refused(ada: Client, body: dict[str, Any]) -> None:
    team = (await ada.post("/api/v1/spaces", {"name": "Home"})).json()["id"]

    answer = await ada.post(f"/api/v1/invitations?space={team}", body)

    assert answer.status_code == 422


@pytest.mark.parametrize("rounds", [10, pytest.param(1_000, marks=pytest.mark.long)])
async def test_who_accepts_while_the_invitation_is_revoked_is_in_or_is_not(
    owner: Person, backend: Backend, rounds: int
) -> None:
    chance, grace = random.Random(rounds), await new_person(backend)
    for _ in range(rounds):
        made = await owner.do(CreateInvitation())
        both = [accept(grace, made["token"]), owner.do(RevokeInvitation(id=Id(made["id"])))]
        chance.shuffle(both)

        done = await asyncio.gather(*both, return_exceptions=True)

        kinds = sorted(type(each).__name__ for each in done)
        assert kinds in (["InvitationNotFound", "NoneType"], ["InvitationNotFound", "dict"])
        if "dict" in kinds:
            await remove(owner, grace)
