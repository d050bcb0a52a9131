"""A device that is offline at times: what it holds of each space, what was done on it, and what it has heard."""

import asyncio
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec

from taskflow.features.sync.model import KINDS
from taskflow.foundation.operation import Args
from tests.client import Client
from tests.features.sync.device import LISTINGS, Listing, pages

SYNC = "/api/v1/sync"
MOST = 100
TRIED_AGAIN = {"upgrade_required"}  # problems that are no answer yet

Command = dict[str, Any]
Rows = dict[tuple[str, str], Any]
Results = dict[str, Any]


class Held:
    """Rows of a space by kind and id, the number up to which they are complete, and where to go on."""

    def __init__(self) -> None:
        self.rows: Rows = {}
        self.at = 0
        self.cursor: str | None = None


class Exchange(NamedTuple):
    """A call that was answered, and what the device held of each space when it asked."""

    answer: dict[str, Any]
    asked: dict[str, Held]


class Offline:
    """One of somebody's devices.

    `answered` is what the server said to each command, whoever heard it: each time the same. `left`: the spaces that it
    was once told are gone; `repeats`: how often it sent a command that the server had answered.
    """

    def __init__(self, client: Client, answered: Results) -> None:
        self.client, self.answered = client, answered
        self.spaces: dict[str, Held] = {}
        self.queue: list[Command] = []
        self.sent: dict[str, Command] = {}
        self.late: list[Exchange] = []
        self.again: set[str] = set()
        self.left: set[str] = set()
        self.repeats = 0

    def do(self, kind: str, args: Args | dict[str, Any], space: str | None = None, base: int | None = None) -> str:
        """Put a command at the end of the queue; its id."""
        given = dict(args if isinstance(args, dict) else msgspec.to_builtins(args))
        if space is not None and space != self.client.id:
            given["space_id"] = space
        command = {"id": str(uuid4()), "type": kind, "v": 1, "args": given} | ({} if base is None else {"base": base})
        self.queue.append(command)
        return str(command["id"])

    def seq_of(self, space: str, kind: str, thing: str) -> int | None:
        """The number of a thing as the device shows it."""
        held = self.spaces.get(space)
        found = held.rows.get((kind, thing)) if held else None
        return None if found is None else int(found["seq"])

    async def ask(self) -> Exchange:
        """Send what waits, and ask for what is new; nothing is heard yet."""
        commands = self.queue[:MOST]
        cursors = {space: held.cursor for space, held in self.spaces.items() if held.cursor is not None}
        asked = dict(self.spaces)
        answer = await self.client.post(SYNC, {"cursors": cursors, "commands": commands})
        assert answer.status_code == 200, answer.text
        said = answer.json()
        assert [result["id"] for result in said["results"]] == [command["id"] for command in commands]
        self.repeats += sum(command["id"] in self.sent for command in commands)
        self.sent |= {command["id"]: command for command in commands}
        self.compare(said["results"])
        return Exchange(said, asked)

    def compare(self, results: list[Results]) -> None:
        """A command is answered the same each time, but for the request that asks."""
        for result in results:
            problem = result.get("problem", {})
            if problem.get("code") not in TRIED_AGAIN:
                told = {**result, "problem": {name: said for name, said in problem.items() if name != "request_id"}}
                assert self.answered.setdefault(result["id"], told) == told

    def hear(self, exchange: Exchange) -> None:
        """Take what was answered, also where it comes late."""
        for result in exchange.answer["results"]:
            self.settle(result)
        for space, page in exchange.answer["spaces"].items():
            if self.spaces.get(space) is exchange.asked.get(space):  # else it has begun anew since
                self.take(space, page)
        for space in exchange.asked.keys() - exchange.answer["spaces"].keys():
            raise AssertionError(f"nothing was said of {space}")

    def settle(self, result: Results) -> None:
        """A command that was answered leaves the queue; one whose thing has moved is sent there, once."""
        problem = result.get("problem", {})
        command = next((each for each in self.queue if each["id"] == result["id"]), None)
        if command is None or problem.get("code") in TRIED_AGAIN:
            return
        self.queue.remove(command)
        if problem.get("code") == "moved" and command["id"] not in self.again:
            args = {name: value for name, value in command["args"].items() if name != "space_id"}
            self.again.add(self.do(command["type"], args, problem["space_id"]))

    def take(self, space: str, page: dict[str, Any]) -> None:
        """A page of a space; rows that are known already are passed over."""
        if page.get("gone"):
            if self.spaces.pop(space, None):
                self.left.add(space)
            return
        held = Held() if page["resync"] else self.spaces.get(space, Held())
        changes = [(kind, row) for kind in KINDS for row in rows_of(page, kind)]
        numbers = [row["seq"] for _, row in changes]
        assert len(set(numbers)) == len(numbers), "each change has a number of its own"
        assert max(numbers, default=0) <= page["seq"]
        reached = max(numbers) if page["more"] and numbers else held.at if page["more"] else page["seq"]
        if reached >= held.at:
            for kind, row in changes:
                if row["seq"] > held.at:
                    held.rows.pop((kind, row["id"]), None)
                    if not row.get("deleted"):
                        held.rows[kind, row["id"]] = row
            held.at, held.cursor = reached, page["cursor"]
        self.spaces[space] = held

    async def sync(self) -> None:
        """Send and hear, until nothing waits and there is no more."""
        more = True
        while more or self.queue:
            exchange = await self.ask()
            self.hear(exchange)
            more = any(page.get("more") for page in exchange.answer["spaces"].values())

    def result(self, command: str) -> Results:
        """What the server said to a command."""
        found: Results = self.answered[command]
        return found


def rows_of(page: dict[str, Any], kind: str) -> list[Any]:
    """The rows of a kind on a page; the space itself is one, where it has changed."""
    found = page.get(kind, [])
    return [found] if isinstance(found, dict) else found


async def shown(client: Client, space: str) -> tuple[Rows, int]:
    """All that REST shows of a space to somebody in it, and its number."""
    there = await client.get("/api/v1/space", params={"space": space})
    assert there.status_code == 200, there.text
    rows: Rows = {("space", space): there.json()}
    kinds = {**LISTINGS, "members": Listing("/api/v1/members")}.items()
    for found in await asyncio.gather(
        *(listed(client, space, kind, listing) for kind, listing in kinds if not listing.each)
    ):
        rows |= found
    hanging = [
        listed(client, space, kind, listing, {listing.each[1]: key})
        for kind, listing in LISTINGS.items()
        if listing.each
        for each, key in rows
        if each == listing.each[0]
    ]
    for found in await asyncio.gather(*hanging):
        rows |= found
    return rows, int(there.headers["taskflow-seq"].removeprefix(f"{space}="))


async def listed(client: Client, space: str, kind: str, listing: Listing, of: dict[str, str] | None = None) -> Rows:
    """What a list of REST shows, all pages of it."""
    found = await pages(client, listing.path, {**(of or {}), "space": space, "limit": "200"})
    return {(kind, thing["id"]): thing for thing in found}


async def spaces_of(client: Client) -> set[str]:
    """The spaces that somebody is in."""
    answer = await client.get("/api/v1/spaces")
    return {space["id"] for space in answer.json()["items"]}


async def assert_equal(*devices: Offline) -> None:
    """Every device holds what REST shows, of every space that its account is in, and of no other."""
    people = {device.client.id: device.client for device in devices}
    entered = dict(zip(people, await asyncio.gather(*map(spaces_of, people.values())), strict=True))
    asking = {space: people[who] for who, spaces in entered.items() for space in spaces}
    there = dict(zip(asking, await asyncio.gather(*(shown(who, space) for space, who in asking.items())), strict=True))
    for device in devices:
        assert {space: (held.rows, held.at) for space, held in device.spaces.items()} == {
            space: there[space] for space in entered[device.client.id]
        }
