"""Members of a team: their roles, how they go, and what stays of them."""

import asyncio
from collections.abc import Iterator
from itertools import chain
from typing import Any
from uuid import UUID

import pytest

from taskflow.features.spaces.access import enter
from taskflow.features.spaces.errors import LastOwner, MemberNotFound, PreconditionFailed, SpaceNotFound, TeamOnly
from taskflow.features.spaces.model import ChangeRole, HandOverSpace, RemoveMember, Role
from taskflow.features.tasks.model import CreateTask
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.refusal import Invalid, Refusal
from tests.account import Person, new_person, signed_in
from tests.client import Client
from tests.features.spaces.team import in_team, join, new_team, number_of, remove, standing
from tests.features.sync.device import Device, fresh

ROWS = """
SELECT m.role, m.seq FROM memberships m WHERE m.space_id = $1 AND m.account_id = $2
"""
ENTRY = "SELECT e.role, e.seq FROM entries e WHERE e.space_id = $2 AND e.team_id = $1"


def id_of(person: Person) -> Id:
    return Id(str(person.id))


async def written(person: Person) -> list[tuple[str, int]]:
    """What the team and the member's personal space have written down of the membership."""
    team_id, database = person.access.space_id, person.backend.database
    rows: list[tuple[str, int]] = []
    for space_id, sql in ((team_id, ROWS), (person.id, ENTRY)):
        async with database.transaction(space_id) as transaction:
            rows += [(role, seq) for role, seq in await transaction.connection.fetch(sql, team_id, person.id)]
    return rows


async def test_a_change_of_role_takes_a_number_in_both_spaces(owner: Person, backend: Backend) -> None:
    member = await join(owner, await new_person(backend), Role.VIEWER)
    home = await standing(member, member.id)
    before = await number_of(owner), await number_of(home)

    changed = await owner.do(ChangeRole(id=id_of(member), role="editor"))

    assert await written(member) == [("editor", before[0] + 1), ("editor", before[1] + 1)]
    assert (await number_of(owner), await number_of(home)) == (before[0] + 1, before[1] + 1)
    assert (changed["role"], changed["seq"]) == ("editor", before[0] + 1)
    assert (await standing(member, owner.access.space_id)).access.role is Role.EDITOR


async def test_the_same_role_again_takes_no_number(owner: Person, backend: Backend) -> None:
    member = await join(owner, await new_person(backend), Role.VIEWER)
    before = await number_of(owner)

    await owner.do(ChangeRole(id=id_of(member), role="viewer"))

    assert await number_of(owner) == before


async def test_devices_of_the_team_are_told_of_every_change(owner: Person, backend: Backend) -> None:
    device = Device(backend, owner.access)
    await device.catch_up()

    member = await join(owner, await new_person(backend), Role.VIEWER)
    await device.catch_up()
    await owner.do(ChangeRole(id=id_of(member), role="owner"))
    await member.do(ChangeRole(id=id_of(owner), role="commenter"))
    await device.catch_up()
    await owner.do(RemoveMember(id=id_of(owner)))
    await device.catch_up()

    shown = {thing.id: thing.role for (kind, _), thing in device.rows.items() if kind == "members"}
    assert shown == {owner.id: "former", member.id: "owner"}
    assert device.rows == (await fresh(device)).rows


async def test_who_has_left_finds_no_such_space_and_keeps_their_name_in_it(owner: Person, client: Client) -> None:
    ada = Client(client.http, await signed_in(owner.backend))
    grace = await join(owner, await new_person(owner.backend, "Grace"), Role.EDITOR)

    await grace.do(RemoveMember(id=id_of(grace)))

    members = await listed(owner)
    assert [(member["name"], member["role"]) for member in members] == [("Ada", "owner"), ("Grace", "former")]
    assert await written(grace) == [("former", members[1]["seq"]), ("former", (await written(grace))[1][1])]
    with pytest.raises(SpaceNotFound):
        await enter(owner.backend.database, grace.id, owner.access.space_id)
    with pytest.raises(SpaceNotFound):
        await grace.do(CreateTask(title="Once more"))
    assert (await ada.get(f"/api/v1/members?space={owner.access.space_id}")).status_code == 404


async def listed(person: Person) -> list[dict[str, Any]]:
    """The members of a team, as devices hold them, in the order in which they came."""
    device = Device(person.backend, person.access)
    await device.catch_up()
    members = [thing for (kind, _), thing in device.rows.items() if kind == "members"]
    return [
        {"name": member.name, "role": member.role, "seq": member.seq, "id": member.id}
        for member in sorted(members, key=lambda member: member.created_at)
    ]


async def test_who_comes_back_does_so_in_the_same_row(owner: Person, backend: Backend) -> None:
    member = await join(owner, await new_person(backend), Role.VIEWER)
    await remove(owner, member)

    again = await join(owner, member, Role.EDITOR)

    assert [each["role"] for each in await listed(owner)] == ["owner", "editor"]
    assert again.access.role is Role.EDITOR


async def test_the_last_owner_neither_leaves_nor_becomes_less(owner: Person, backend: Backend) -> None:
    await join(owner, await new_person(backend), Role.EDITOR)
    before = await number_of(owner)

    for args in (RemoveMember(id=id_of(owner)), ChangeRole(id=id_of(owner), role="editor")):
        with pytest.raises(LastOwner):
            await owner.do(args)

    assert await number_of(owner) == before
    assert (await written(owner))[0][0] == "owner"


@pytest.mark.parametrize("rounds", [10, pytest.param(1_000, marks=pytest.mark.long)])
async def test_of_two_owners_who_leave_at_the_same_moment_one_stays(backend: Backend, rounds: int) -> None:
    first, second = await new_person(backend), await new_person(backend)
    for _ in range(rounds):
        one = await new_team(first)
        other = await join(one, second, Role.OWNER)

        leaving = (each.do(RemoveMember(id=id_of(each))) for each in (one, other))
        left = await asyncio.gather(*leaving, return_exceptions=True)

        assert sorted(map(repr, left)) == [repr(LastOwner()), "None"]
        stayed = one if left[0] is not None else other
        assert (await written(stayed))[0][0] == "owner"
        await backend_forgets(stayed)


async def backend_forgets(owner: Person) -> None:
    """The account may be in a hundred spaces: a test that makes more of them takes it out of those it is done with."""
    async with owner.backend.database.transaction(owner.id) as transaction:
        await transaction.connection.execute("UPDATE entries SET role = 'former' WHERE space_id = $1", owner.id)


@pytest.mark.parametrize("rounds", [10, pytest.param(1_000, marks=pytest.mark.long)])
async def test_owners_who_take_each_other_out_at_the_same_moment_never_wait_for_one_another(
    backend: Backend, rounds: int
) -> None:
    people = [await new_person(backend) for _ in range(3)]
    for _ in range(rounds):
        one = await new_team(people[0])
        owners = [one, *[await join(one, each, Role.OWNER) for each in people[1:]]]
        crossing = zip(owners, [*owners[1:], one], strict=True)

        done = await asyncio.gather(*(remove(*pair) for pair in crossing), return_exceptions=True)

        rows = [await written(each) for each in owners]
        assert all(team[0] == home[0] for team, home in rows), "both spaces say the same"
        assert sum(team[0] == "owner" for team, _ in rows) == 3 - done.count(None) >= 1
        assert all(each is None or isinstance(each, SpaceNotFound) for each in done)
        for each in owners:
            await backend_forgets(each)


async def test_a_space_is_handed_over_in_one_step(owner: Person, backend: Backend) -> None:
    member = await join(owner, await new_person(backend), Role.VIEWER)
    before = await number_of(owner)

    after = await owner.do(HandOverSpace(id=id_of(member)))

    assert (after["id"], after["role"]) == (str(member.id), "owner")
    assert [(await written(each))[0] for each in (member, owner)] == [("owner", before + 1), ("editor", before + 2)]
    assert [(await written(each))[1][0] for each in (member, owner)] == ["owner", "editor"]


async def test_a_space_is_handed_over_to_a_member_and_to_nobody_else(owner: Person, backend: Backend) -> None:
    former = await join(owner, await new_person(backend), Role.EDITOR)
    await remove(owner, former)
    before = await number_of(owner)

    for whom in (id_of(owner), id_of(former), id_of(await new_person(backend)), Id(str(new_id()))):
        with pytest.raises(Invalid, match="/id"):
            await owner.do(HandOverSpace(id=whom))

    assert await number_of(owner) == before


async def test_who_is_no_member_is_answered_as_nobody(owner: Person, backend: Backend) -> None:
    former = await join(owner, await new_person(backend), Role.EDITOR)
    await remove(owner, former)
    strangers = (id_of(former), id_of(await new_person(backend)), Id(str(owner.access.space_id)), Id(str(new_id())))

    for args in chain.from_iterable((RemoveMember(id=each), ChangeRole(id=each, role="editor")) for each in strangers):
        with pytest.raises(MemberNotFound):
            await owner.do(args)


async def test_a_personal_space_has_no_other_members(person: Person, backend: Backend) -> None:
    stranger = id_of(await new_person(backend))
    changes = (
        RemoveMember(id=id_of(person)),
        RemoveMember(id=stranger),
        ChangeRole(id=id_of(person), role="viewer"),
        HandOverSpace(id=stranger),
    )

    for args in changes:
        with pytest.raises(TeamOnly):
            await person.do(args)


async def test_a_role_that_has_changed_since_is_not_overwritten(owner: Person, backend: Backend) -> None:
    member = await join(owner, await new_person(backend), Role.VIEWER)
    held = (await owner.do(ChangeRole(id=id_of(member), role="editor")))["seq"]
    await owner.do(ChangeRole(id=id_of(member), role="commenter"))

    for args in (ChangeRole(id=id_of(member), role="owner"), RemoveMember(id=id_of(member))):
        with pytest.raises(PreconditionFailed):
            await owner.do(args, if_match=frozenset({held}))


async def test_nobody_is_told_how_far_anothers_personal_space_has_come(ada: Client, client: Client) -> None:
    eve = await client.registered()
    team = (await ada.post("/api/v1/spaces", {"name": "Home"})).json()["id"]
    invitation = (await ada.post(f"/api/v1/invitations?space={team}", {})).json()["token"]

    answers = [
        await eve.post("/api/v1/invitations/accept", {"token": invitation}),
        await ada.patch(f"/api/v1/members/{eve.id}?space={team}", {"role": "viewer"}),
        await ada.post(f"/api/v1/space/hand-over?space={team}", {"id": eve.id}),
        await eve.delete(f"/api/v1/members/{ada.id}?space={team}"),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 204]
    assert [told(answer.headers["taskflow-seq"]) for answer in answers] == [
        {eve.id, team},
        {team},
        {team, ada.id},
        {team},
    ]  # fmt: skip - a line a list


def told(header: str) -> set[str]:
    """The spaces that an answer's numbers name."""
    return {each.partition("=")[0] for each in header.split(", ")}


async def test_the_list_of_members_is_read_in_pages(ada: Client, client: Client) -> None:
    team = (await ada.post("/api/v1/spaces", {"name": "Home"})).json()["id"]
    for _ in range(4):
        token = (await ada.post(f"/api/v1/invitations?space={team}", {})).json()["token"]
        await (await client.registered()).post("/api/v1/invitations/accept", {"token": token})

    whole = (await ada.get(f"/api/v1/members?space={team}")).json()["items"]
    paged: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await ada.get(f"/api/v1/members?space={team}&limit=2{cursor and f'&cursor={cursor}'}")).json()
        paged, cursor = [*paged, *page["items"]], page["next_cursor"]

    assert len(whole) == 5
    assert paged == whole


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COMMENTER, Role.EDITOR])
async def test_whoever_is_no_owner_may_only_go(role: Role, backend: Backend) -> None:
    member = await in_team(await new_person(backend), role, backend)
    owner_id = next(each["id"] for each in await listed(member) if each["role"] == "owner")

    refused = [await outcome(member, args) for args in others(owner_id, member)]
    await member.do(RemoveMember(id=id_of(member)))

    assert refused == ["role_too_low"] * 4


def others(owner_id: UUID, member: Person) -> Iterator[Any]:
    yield RemoveMember(id=Id(str(owner_id)))
    yield ChangeRole(id=id_of(member), role="owner")
    yield HandOverSpace(id=Id(str(owner_id)))
    yield RemoveMember(id=Id(str(new_id())))


async def outcome(person: Person, args: Any) -> str:
    try:
        await person.do(args)
    except Refusal as refusal:
        return refusal.code
    return "done"
