"""Accounts with a team's space between them, and their devices: whom histories of sync are about."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from taskflow.app import Application
from taskflow.features.tasks.model import CreateTask
from taskflow.foundation.backend import Backend
from taskflow.foundation.operation import REGISTRY, Args
from tests.account import signed_in
from tests.architecture.world import admit, in_space, join
from tests.client import Client
from tests.drawn import IDS
from tests.features.sync.direct import Direct
from tests.features.sync.offline import Offline, Results, assert_equal
from tests.furnished import FURNISHED

KIND_OF = {"tasks": "task", "projects": "project", "sections": "section", "labels": "label", "comments": "comment"}
LISTED = {kind: listed for listed, kind in KIND_OF.items()}
RECURRING = CreateTask(id=IDS[2], title="Water plants", due_date=date(2026, 12, 1), recurrence="FREQ=DAILY")
MEMBERS = {"change_role", "remove_member", "hand_over_space"}  # their `id` is a person's


class House:
    """The accounts (the first one owns the team's space at first) and what was said to all their commands."""

    def __init__(self, people: list[Client], team: str) -> None:
        self.people, self.team = people, team
        self.answered: Results = {}
        self.devices: list[Offline] = []
        self.out: list[Client] = []

    def device(self, owner: int) -> Offline:
        """One more device of somebody's."""
        made = Offline(self.people[owner % len(self.people)], self.answered)
        self.devices.append(made)
        return made

    def do(self, device: Offline, kind: str, args: Args, *, personal: bool, knowing: bool) -> str:
        """Put a command into a device's queue: people and spaces are those that there are."""
        mine = device.client.id
        space, other = (mine, self.team) if personal else (self.team, mine)
        given = {name: self.there(kind, name, value, other) for name, value in msgspec.to_builtins(args).items()}
        listed = LISTED.get(kind.partition("_")[2], "tasks")
        base = device.seq_of(space, listed, str(given.get("id"))) if knowing else None
        return device.do(kind, given, space, base)

    def there(self, kind: str, name: str, value: Any, other: str) -> Any:
        """What stands for a drawn value."""
        if name == "to":
            return other
        if name == "assignee_id" or (name == "id" and kind in MEMBERS):
            return self.person(value)
        return [self.person(each) for each in value] if name == "mention_ids" else value

    def person(self, drawn: str | None) -> str | None:
        """Who is meant by one of the drawn ids: somebody of the house, often."""
        place = [*map(str, IDS)].index(drawn) if drawn else len(IDS)
        return self.people[place].id if place < len(self.people) else drawn

    async def let_in(self, who: int, role: str) -> None:
        """Who was put out last comes back; where nobody was, one of the members has another role from now on."""
        member = self.out.pop() if self.out else self.member(who)
        if member is not None:
            owner = await self.owner()
            place = f"/api/v1/members/{member.id}"
            changed = await owner.patch(place, {"role": role}, params=in_space(self.team))
            if changed.status_code == 404:
                await join(owner, member, self.team, role)

    async def put_out(self, who: int) -> Client | None:
        """One of the members is taken out of the team, if they are in it; who that is."""
        member = self.member(who)
        if member is not None:
            owner = await self.owner()
            await owner.delete(f"/api/v1/members/{member.id}", params=in_space(self.team))
            self.out.append(member)
        return member

    async def owner(self) -> Client:
        """Who owns the team's space by now: it may have been handed over, and the first one put out."""
        for person in self.people:
            listed = await person.get("/api/v1/members", params=in_space(self.team))
            owners = {each["id"] for each in listed.json().get("items", []) if each["role"] == "owner"}
            if owners:
                return next(each for each in self.people if each.id in owners)
        raise LookupError(self.team)

    def member(self, who: int) -> Client | None:
        """One of those who did not make the team's space, if there are any."""
        members = self.people[1:]
        return members[who % len(members)] if members else None

    async def settle(self) -> None:
        """Every device is on line until nothing waits anywhere; then each holds what the server shows."""
        for device in self.devices:
            await device.sync()
        await asyncio.gather(*(device.sync() for device in self.devices))
        await assert_equal(*self.devices)


@asynccontextmanager
async def house(application: Application, backend: Backend, people: int, *, furnished: bool) -> AsyncIterator[House]:
    """A house of so many people; where it is furnished, with something of everything in the team's space."""
    async with Direct(application) as http:
        there = [Client(http, each) for each in await asyncio.gather(*(signed_in(backend) for _ in range(people)))]
        team = str((await there[0].post("/api/v1/spaces", {"name": "The team"})).json()["id"])
        await admit(backend, UUID(team), there[1:])
        made = House(there, team)
        if furnished:
            await furnish(made.device(0), team, [*FURNISHED, RECURRING])
            made.devices.clear()
        yield made


async def furnish(device: Offline, space: str, things: Sequence[Args]) -> None:
    """Make things in a space."""
    for args in things:
        device.do(name_of(args), args, space)
    await device.sync()
    assert all(result["ok"] for result in device.answered.values()), device.answered


def name_of(args: Args) -> str:
    """The operation that takes these arguments."""
    return next(name for name, entry in REGISTRY.items() if entry.args is type(args))
