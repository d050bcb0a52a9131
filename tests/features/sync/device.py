"""A device that holds a space: what it was told page by page, and what REST shows beside it."""

from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from taskflow.features.spaces.access import Access
from taskflow.features.sync.changes import page_after
from taskflow.foundation.backend import Backend
from tests.client import Client

Rows = dict[tuple[str, UUID], Any]
Things = dict[str, dict[str, Any]]  # of each kind by id, as JSON has them


class Listing(NamedTuple):
    """Where REST lists a kind: at once, or (`each`) for every thing of another kind, which a parameter names."""

    path: str
    each: tuple[str, str] | None = None


LISTINGS = {
    "tasks": Listing("/api/v1/tasks"),
    "projects": Listing("/api/v1/projects"),
    "sections": Listing("/api/v1/sections"),
    "labels": Listing("/api/v1/labels"),
    "comments": Listing("/api/v1/comments", ("tasks", "task")),
}


class Device:
    """Rows by kind and id, and the number up to which they are complete."""

    def __init__(self, backend: Backend, access: Access, page_rows: int = 500) -> None:
        self.backend, self.access, self.page_rows = backend, access, page_rows
        self.held = 0
        self.rows: Rows = {}

    async def catch_up(self) -> None:
        """Fetch pages until there is no more, each row in the order of its number."""
        more = True
        while more:
            page = await page_after(self.backend.database, self.access, self.held, self.page_rows)
            numbers = [self.held, *(change.seq for change in page.changes)]
            assert numbers == sorted(set(numbers)), "each change has a number of its own, above all before it"
            assert page.number >= numbers[-1]
            for change in page.changes:
                self.rows.pop((change.kind, change.id), None)
                if change.thing is not None:
                    self.rows[change.kind, change.id] = change.thing
            self.held, more = page.number, page.more

    def things(self) -> Things:
        """What it holds of the kinds that REST lists."""
        things: Things = {kind: {} for kind in LISTINGS}
        for (kind, key), thing in self.rows.items():
            if kind in LISTINGS:
                things[kind][str(key)] = msgspec.to_builtins(thing)
        return things


async def fresh(device: Device) -> Device:
    """A device that has just loaded all of the same space."""
    made = Device(device.backend, device.access)
    await made.catch_up()
    return made


async def listed(client: Client) -> Things:
    """What REST lists."""
    things: Things = {}
    for kind, listing in LISTINGS.items():
        each, name = listing.each or ("", "")
        asked = [{name: key} for key in things[each]] if each else [{}]
        things[kind] = {thing["id"]: thing for params in asked for thing in await pages(client, listing.path, params)}
    return things


async def pages(client: Client, path: str, params: dict[str, str]) -> list[Any]:
    """All pages of a list; a thing stands on one of them."""
    things: list[Any] = []
    behind: dict[str, str] = {}
    while True:
        answer = await client.get(path, params={"limit": 3, **params, **behind})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        things += page["items"]
        if page["next_cursor"] is None:
            break
        behind = {"cursor": page["next_cursor"]}
    assert len({thing["id"] for thing in things}) == len(things), path
    return things
