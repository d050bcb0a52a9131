"""A device that holds a space: what it was told page by page, and what REST shows beside it."""

from typing import Any
from uuid import UUID

import msgspec

from taskflow.features.spaces.access import Access
from taskflow.features.sync.changes import page_after
from taskflow.foundation.backend import Backend
from tests.client import Client

Rows = dict[tuple[str, UUID], Any]


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

    def tasks(self) -> dict[str, Any]:
        """The tasks by id, as JSON has them."""
        return {str(key): msgspec.to_builtins(thing) for (kind, key), thing in self.rows.items() if kind == "tasks"}


async def fresh(device: Device) -> Device:
    """A device that has just loaded all of the same space."""
    made = Device(device.backend, device.access)
    await made.catch_up()
    return made


async def listed(client: Client) -> dict[str, Any]:
    """The tasks that REST lists, by id."""
    tasks, cursor = {}, ""
    while True:
        answer = await client.get("/api/v1/tasks", params={"limit": 3, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        for task in page["items"]:
            assert task["id"] not in tasks, "a task stands on one page"
            tasks[task["id"]] = task
        cursor = page["next_cursor"]
        if cursor is None:
            return tasks
