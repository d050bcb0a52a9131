"""A team and its members, and a held lock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import msgspec

from taskflow.features.spaces.access import enter
from taskflow.features.spaces.invitation import AcceptInvitation, CreateInvitation
from taskflow.features.spaces.model import ChangeRole, CreateSpace, RemoveMember, Role
from taskflow.features.spaces.queries import number, take
from taskflow.foundation.backend import Backend
from taskflow.foundation.database import Transaction
from taskflow.foundation.ids import Id
from tests.account import Person, new_person


async def new_team(person: Person) -> Person:
    """The same person as the owner of a new team's space."""
    made = await person.do(CreateSpace(name="Home"))
    return await standing(person, UUID(made["id"]))


async def join(owner: Person, person: Person, role: Role) -> Person:
    """Somebody in the team's space that its owner stands in, with this role from now on."""
    name = role.name.lower()
    if role is Role.OWNER:
        await join(owner, person, Role.EDITOR)
        await owner.do(ChangeRole(id=Id(str(person.id)), role="owner"))
    else:
        invitation = await owner.do(msgspec.convert({"role": name}, CreateInvitation))
        await (await standing(person, person.id)).do(AcceptInvitation(token=invitation["token"]))
    return await standing(person, owner.access.space_id)


async def remove(owner: Person, person: Person) -> None:
    """Take somebody out of the team's space that its owner stands in."""
    await owner.do(RemoveMember(id=Id(str(person.id))))


async def in_team(person: Person, role: Role, backend: Backend) -> Person:
    """The same person in a new team's space, with this role: of their own, or of somebody else's."""
    if role is Role.OWNER:
        return await new_team(person)
    return await join(await new_team(await new_person(backend, "Owner")), person, role)


async def standing(person: Person, space_id: UUID) -> Person:
    """The same person in another of their spaces."""
    return Person(person.backend, person.account, await enter(person.backend.database, person.id, space_id))


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
