"""Somebody's tasks, over HTTP and as plain Python, side by side."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as some

from taskflow.features.imports.operations import ImportTasks, import_tasks
from taskflow.features.spaces.access import enter
from taskflow.features.spaces.door import Call, perform
from taskflow.features.tasks.model import CreateTask
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import entry_of
from tests.account import signed_in
from tests.client import Client
from tests.features.tasks.modelled import Asked, Held, Wanted, wanted_tasks

TASKS = "/api/v1/tasks"

acts = (
    some.tuples(some.just("make"), wanted_tasks())
    | some.tuples(some.just("change"), some.integers(0, 20), wanted_tasks())
    | some.tuples(some.just("delete"), some.integers(0, 20))
)

EQUALLY_OLD = "UPDATE tasks SET created_at = now() WHERE id = ANY($1::uuid[])"  # an import makes each a little older


@dataclass
class Desk:
    """What is there, and the ids of what was changed or deleted."""

    client: Client
    tasks: list[Held] = field(default_factory=list)
    touched: set[UUID] = field(default_factory=set)
    births: int = 0

    async def bring_in(self, backend: Backend, wanted: list[Wanted]) -> None:
        """Make tasks in one act: all of them are equally old."""
        held = [Held(uuid4(), self.births, each) for each in wanted]
        args = ImportTasks(tasks=[as_create(each) for each in held])
        access = await enter(backend.database, UUID(self.client.id), UUID(self.client.id))
        await perform(backend, Call(access, entry_of(import_tasks), args))
        async with backend.database.transaction(access.space_id) as transaction:
            await transaction.connection.execute(EQUALLY_OLD, [each.id for each in held])
        self.tasks += held
        self.births += 1

    async def do(self, act: tuple[Any, ...]) -> None:
        """Do one of `acts`."""
        await getattr(self, act[0])(*act[1:])

    async def make(self, wanted: Wanted) -> None:
        """Make a task."""
        made = Held(uuid4(), self.births, wanted)
        answer = await self.client.post(TASKS, {"id": str(made.id), **wanted.body()})
        assert answer.status_code == 201, answer.text
        self.tasks.append(made)
        self.births += 1

    async def change(self, which: int, wanted: Wanted) -> None:
        """Change all of a task, if there is one."""
        if old := self.taken(which):
            undated = {} if wanted.wall else {"due_date": None, "due_at": None}
            answer = await self.client.patch(f"{TASKS}/{old.id}", {**wanted.body(), **undated})
            assert answer.status_code == 200, answer.text
            self.tasks.append(Held(old.id, old.born, wanted))

    async def delete(self, which: int) -> None:
        """Delete a task, if there is one."""
        if old := self.taken(which):
            answer = await self.client.delete(f"{TASKS}/{old.id}")
            assert answer.status_code == 204, answer.text

    def taken(self, which: int) -> Held | None:
        """Take a task out of those that are there."""
        if not self.tasks:
            return None
        old = self.tasks.pop(which % len(self.tasks))
        self.touched.add(old.id)
        return old

    async def page(self, asked: Asked, limit: int, cursor: str | None) -> tuple[list[tuple[UUID, str]], str | None]:
        """A page over HTTP: ids and titles, and the cursor behind it."""
        behind = {"cursor": cursor} if cursor else {}
        answer = await self.client.get(TASKS, params={**asked.params(), **behind, "limit": str(limit)})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        return [(UUID(task["id"]), task["title"]) for task in page["items"]], page["next_cursor"]


def as_create(held: Held) -> CreateTask:
    """The making of a task, as an import does it."""
    wanted = held.wanted
    return CreateTask(
        id=Id(str(held.id)),
        title=wanted.title,
        status=wanted.status,
        priority=wanted.priority,
        position=wanted.position,
        due_date=wanted.due_date,
        due_at=wanted.due_at,
        due_zone=wanted.due_zone,
    )


async def new_desk(client: Client, backend: Backend) -> Desk:
    """Somebody new, with nothing to do."""
    return Desk(Client(client.http, await signed_in(backend)))
