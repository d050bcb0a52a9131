"""Commands as a device sends them, and what became of them."""

from typing import Any
from uuid import UUID

import msgspec

from taskflow.features.sync.commands import run
from taskflow.features.sync.protocol import Command
from taskflow.foundation.ids import new_id
from tests.account import Person


def command(name: str, args: dict[str, Any] | None = None, **members: Any) -> Command:
    """A command as JSON has it, under a new id unless one is given."""
    said: Command = msgspec.to_builtins({"id": new_id(), "type": name, "args": args or {}} | members)
    return said


async def send(person: Person, *commands: Command) -> list[dict[str, Any]]:
    """One call; its results as JSON has them."""
    results = await run(person.backend, person.id, commands, "a-request")
    said: list[dict[str, Any]] = msgspec.to_builtins(results)
    return said


def codes(results: list[dict[str, Any]]) -> list[str | None]:
    """Why each was refused; None: it was not."""
    return [None if result["ok"] else result["problem"]["code"] for result in results]


def create(task_id: UUID | str, title: str = "Buy milk", **args: Any) -> Command:
    """A command that makes a task."""
    return command("create_task", {"id": task_id, "title": title, **args})
