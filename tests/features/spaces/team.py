"""A team's space and a held lock, made of rows: there is no operation that makes a team yet."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from taskflow.features.spaces.access import enter
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.queries import insert_member, insert_space, number, take
from taskflow.foundation.backend import Backend
from taskflow.foundation.database import Transaction
from taskflow.foundation.ids import new_id
from tests.account import Person

FIRST = (1 << 40) + 1


async def in_team(person: Person, role: Role, backend: Backend) -> Person:
    """The same person in a new team's space, with this role."""
    team_id, name = new_id(), role.name.lower()
    async with backend.database.transaction(team_id) as transaction:
        await insert_space(transaction, team_id, "team", "Home", FIRST + 1, FIRST, person.id, transaction.now)
        await insert_member(transaction, team_id, person.id, name, "Ada", None, FIRST + 1, transaction.now)
        await transaction.enter(person.id)
        await transaction.connection.execute(
            "INSERT INTO entries (space_id, team_id, role, seq) VALUES ($1, $2, $3, 1)", person.id, team_id, name
        )
    return Person(backend, person.account, await enter(backend.database, person.id, team_id))


async def set_role(transaction: Transaction, person: Person, role: Role) -> None:
    """Change the role that the space itself knows."""
    await transaction.connection.execute(
        "UPDATE memberships SET role = $3 WHERE space_id = $1 AND account_id = $2",
        transaction.space_id,
        person.id,
        role.name.lower(),
    )


@asynccontextmanager
async def locked(backend: Backend, person: Person) -> AsyncIterator[Transaction]:
    """Somebody else's transaction that holds the lock of the person's space, until it commits."""
    async with backend.database.transaction(person.access.space_id) as transaction:
        await take(transaction, person.access.space_id, 0)
        yield transaction


async def waiting(backend: Backend, count: int = 1) -> None:
    """Return when so many transactions wait for a lock."""
    while await waiters(backend) < count:  # noqa: ASYNC110 - nobody tells us
        await asyncio.sleep(0.01)


async def waiters(backend: Backend) -> int:
    """How many transactions wait for a lock."""
    rows = await backend.database.fetch("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
    found: int = rows[0][0]
    return found


async def number_of(person: Person) -> int:
    """The number of the person's space, as the database has it."""
    async with person.backend.database.transaction(person.access.space_id) as transaction:
        found: int | None = await number(transaction, person.access.space_id)
    assert found is not None
    return found
