"""Access: the right to work on one space, which only `enter` gives."""

from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from taskflow.features.spaces.errors import RoleTooLow, SpaceNotFound
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.queries import entries, entry
from taskflow.features.spaces.queries import role as role_of
from taskflow.features.spaces.work import Work
from taskflow.foundation.database import Database, Transaction


class Access(Struct, frozen=True):
    """An account in a space, with the role it had at the door."""

    account_id: UUID
    space_id: UUID
    role: Role

    async def require(self, transaction: Transaction, least: Role) -> None:
        """Raise RoleTooLow or SpaceNotFound where the role is less; a team's is read anew: call it after the lock."""
        if self.space_id == self.account_id:
            return
        named = await role_of(transaction, self.space_id, self.account_id)
        held = Role.FORMER if named is None else Role.named(named)
        if held is Role.FORMER:
            raise SpaceNotFound
        if held < least:
            raise RoleTooLow


async def enter_also(work: Work, account_id: UUID, space_id: UUID, least: Role) -> Access:
    """The account's access to another space, into whose wall the transaction steps; call it after the locks.

    Raises RoleTooLow, and SpaceNotFound alike for a foreign space and for one that never was.
    """
    if space_id not in work.spaces:
        raise SpaceNotFound  # the account was not in it when the locks were taken; what is read without is old
    await work.enter(space_id)
    named = "owner" if space_id == account_id else await role_of(work, space_id, account_id)
    if named is None or Role.named(named) is Role.FORMER:
        raise SpaceNotFound
    work.told.add(space_id)
    if Role.named(named) < least:
        raise RoleTooLow
    return Access(account_id, space_id, Role.named(named))


async def reached(work: Work, account_id: UUID, space_id: UUID) -> list[UUID]:
    """The space, where the account is in it as its personal one knows, else none: asked before a second lock is taken.

    Whoever may not enter a space neither makes others wait for it nor is told, by waiting, that it is there.
    """
    if space_id == account_id:
        return [space_id]
    home = work.space_id
    await work.step(account_id)
    named = await entry(work, account_id, space_id)
    await work.step(home)
    return [] if named is None or Role.named(named) is Role.FORMER else [space_id]


def own(account_id: UUID) -> Access:
    """An account's access to its personal space."""
    return Access(account_id, account_id, Role.OWNER)


async def enter(database: Database, account_id: UUID, space_id: UUID) -> Access:
    """The account's access to a space; raises SpaceNotFound alike for a foreign one and for one that never was."""
    if space_id == account_id:
        return Access(account_id, space_id, Role.OWNER)
    async with database.transaction(account_id) as transaction:
        named = await entry(transaction, account_id, space_id)
    if named is None or Role.named(named) is Role.FORMER:
        raise SpaceNotFound
    return Access(account_id, space_id, Role.named(named))


class Everywhere(NamedTuple):
    """An account's access to all spaces it is in, its own first, as its personal space had them at a number."""

    number: int
    accesses: list[Access]


async def enter_all(database: Database, account_id: UUID) -> Everywhere:
    """The account's access to its personal space and to those of its teams: 100 at most; raises SpaceNotFound."""
    async with database.transaction(account_id) as transaction:
        rows = await entries(transaction, account_id)
    if not rows:
        raise SpaceNotFound
    teams = [Access(account_id, row.thing.team_id, Role.named(row.thing.role)) for row in rows if row.thing]
    return Everywhere(rows[0].number, [Access(account_id, account_id, Role.OWNER), *teams])
