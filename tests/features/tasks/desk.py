"""Somebody's tasks in all of their spaces, over HTTP and as plain Python, side by side."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from hypothesis import strategies as some

from taskflow.features.accounts.model import Account
from taskflow.features.spaces.access import enter
from taskflow.foundation.backend import Backend
from tests.account import Person, signed_in
from tests.client import Client
from tests.features.spaces.team import new_team
from tests.features.tasks.modelled import LABELS, PROJECTS, SECTION, Asked, Held, Wanted, wanted_tasks

TASKS = "/api/v1/tasks"

acts = (
    some.tuples(some.just("make"), wanted_tasks())
    | some.tuples(some.just("change"), some.integers(0, 20), wanted_tasks())
    | some.tuples(some.just("delete"), some.integers(0, 20))
    | some.tuples(some.just("join"))
)
OLD = "UPDATE tasks SET created_at = $2 WHERE space_id = $1"
PROJECT = """
INSERT INTO projects (space_id, id, name, position, created_by, created_at, updated_at, seq, created_seq)
VALUES ($1, $2, 'Home', 'V', $1, now(), now(), 1, 1)
"""
IN_PROJECT = """
INSERT INTO sections (space_id, id, project_id, name, position, created_by, created_at, updated_at, seq, created_seq)
VALUES ($1, $2, $3, 'Later', 'V', $1, now(), now(), 1, 1)
"""
LABEL = """
INSERT INTO labels (space_id, id, name, position, created_by, created_at, updated_at, seq, created_seq)
VALUES ($1, $2::uuid, $2::uuid::text, 'V', $1, now(), now(), 1, 1)
"""


@dataclass
class Desk:
    """What is there in which spaces, and the keys of what was changed or deleted."""

    client: Client
    person: Person
    spaces: list[UUID] = field(default_factory=list)
    tasks: list[Held] = field(default_factory=list)
    touched: set[tuple[UUID, UUID]] = field(default_factory=set)
    taken: set[tuple[UUID, UUID]] = field(default_factory=set)
    births: int = 0

    async def bring_in(self, wanted: list[Wanted]) -> None:
        """Make tasks that are all equally old."""
        for each in wanted:
            await self.make(each)
        self.tasks = [Held(task.space, task.id, 0, task.wanted) for task in self.tasks]
        self.births, long_ago = 1, datetime.now(UTC) - timedelta(days=1)
        for space in self.spaces:
            async with self.person.backend.database.transaction(space) as transaction:
                await transaction.connection.execute(OLD, space, long_ago)

    async def do(self, act: tuple[Any, ...]) -> None:
        """Do one of `acts`."""
        await getattr(self, act[0])(*act[1:])

    async def join(self) -> None:
        """Be in one more space, with projects and labels."""
        space = (await new_team(self.person)).access.space_id
        await furnish(self.person.backend, space)
        self.spaces.append(space)

    async def make(self, wanted: Wanted) -> None:
        """Make a task; where another space has an id that is free here, under that one."""
        space = self.spaces[wanted.place % len(self.spaces)]
        free = [each for _, each in sorted(self.taken) if (space, each) not in self.taken]
        made = Held(space, free[0] if free else uuid4(), self.births, wanted)
        body = {"id": str(made.id), **wanted.body(self.client.id)}
        answer = await self.client.post(TASKS, body, params={"space": str(space)})
        assert answer.status_code == 201, answer.text
        self.tasks.append(made)
        self.taken.add((space, made.id))
        self.births += 1

    async def change(self, which: int, wanted: Wanted) -> None:
        """Change all of a task but its space, if there is one."""
        if old := self.take(which):
            undated = {} if wanted.wall else {"due_date": None, "due_at": None}
            body = {**wanted.body(self.client.id), **undated}
            answer = await self.client.patch(f"{TASKS}/{old.id}", body, params={"space": str(old.space)})
            assert answer.status_code == 200, answer.text
            self.tasks.append(Held(old.space, old.id, old.born, wanted))

    async def delete(self, which: int) -> None:
        """Delete a task, if there is one."""
        if old := self.take(which):
            answer = await self.client.delete(f"{TASKS}/{old.id}", params={"space": str(old.space)})
            assert answer.status_code == 204, answer.text

    def take(self, which: int) -> Held | None:
        """Take a task out of those that are there."""
        if not self.tasks:
            return None
        old = self.tasks.pop(which % len(self.tasks))
        self.touched.add((old.space, old.id))
        return old

    def over(self, asked: Asked, spaces: list[UUID]) -> dict[str, str]:
        """The parameter that names the spaces of a list, of so many as there were when it was first asked for."""
        if isinstance(asked.over, str):
            return {"space": "all"} if asked.over == "all" else {}
        return {"space": ",".join(str(spaces[place % len(spaces)]) for place in asked.over)}

    def within(self, asked: Asked, spaces: list[UUID]) -> Iterator[Held]:
        """The tasks of the spaces of a list."""
        named = {"own": spaces[:1], "all": self.spaces}.get(str(asked.over))
        if named is None:
            named = [spaces[int(place) % len(spaces)] for place in asked.over]
        return (task for task in self.tasks if task.space in named)


async def furnish(backend: Backend, space: UUID) -> None:
    """Put projects, a section and labels into a space."""
    async with backend.database.transaction(space) as transaction:
        for project in PROJECTS:
            await transaction.connection.execute(PROJECT, space, project)
        await transaction.connection.execute(IN_PROJECT, space, SECTION, PROJECTS[0])
        for label in LABELS:
            await transaction.connection.execute(LABEL, space, label)


async def person_of(client: Client, backend: Backend) -> Person:
    """Who is signed in, in their personal space."""
    account = msgspec.convert(client.signed_in["user"], Account)
    return Person(backend, account, await enter(backend.database, account.id, account.id))


async def new_desk(client: Client, backend: Backend, teams: int = 0) -> Desk:
    """Somebody new, with nothing to do, in so many teams."""
    signed = Client(client.http, await signed_in(backend))
    desk = Desk(signed, await person_of(signed, backend), [UUID(signed.id)])
    await furnish(backend, desk.spaces[0])
    for _ in range(teams):
        await desk.join()
    return desk
