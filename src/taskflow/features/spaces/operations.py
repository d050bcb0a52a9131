"""What can be done with an account, its personal space and the spaces of teams."""

from uuid import UUID

import msgspec

from taskflow.features.accounts.errors import EmailTaken
from taskflow.features.accounts.model import Account, email_key
from taskflow.features.accounts.queries import account, insert_account, rewrite_account
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.errors import PersonalOnly, SpaceNotFound, TeamOnly, TooManySpaces
from taskflow.features.spaces.model import (
    EPOCH_BITS,
    MOST_SPACES,
    CreateSpace,
    Register,
    Renamed,
    Role,
    Space,
    UpdateMe,
    UpdateSpace,
    known_zone,
)
from taskflow.features.spaces.queries import (
    epoch,
    insert_member,
    insert_space,
    rename_space,
    rewrite_member,
    space,
    teams,
    write_entry,
)
from taskflow.features.spaces.work import Changed, Work
from taskflow.foundation import jobs
from taskflow.foundation.database import Transaction
from taskflow.foundation.ids import new_id
from taskflow.foundation.operation import given, operation

FIRST_ROWS = 2  # a new space holds its own row and its owner's membership, each with a number


@operation("register", numbered=False)
async def register(transaction: Transaction, password_hash: str, args: Register) -> Account:
    """Make an account and its personal space, whose id is the account's; raises EmailTaken."""
    account_id, now = transaction.space_id, transaction.now
    zone = known_zone("/time_zone", args.time_zone)
    made = await insert_account(
        transaction, account_id, args.email, email_key(args.email), password_hash, args.name, args.locale, zone, now
    )
    if made is None:
        raise EmailTaken
    first = (await epoch(transaction) << EPOCH_BITS) + 1
    await insert_space(transaction, account_id, "personal", "", first + FIRST_ROWS - 1, first, account_id, now)
    await insert_member(transaction, account_id, account_id, "owner", args.name, None, first + 1, now)
    return made


@operation("update_me")
async def update_me(work: Work, access: Access, args: UpdateMe) -> Changed[Account]:
    """Change a person's profile, and their name as their own space shows it, and soon after as their teams' do."""
    await work.take(1)
    await access.require(work, Role.OWNER)
    before = await find_account(work, access.account_id)
    wanted = msgspec.structs.replace(before, **given(args))
    if wanted.time_zone != before.time_zone:
        known_zone("/time_zone", wanted.time_zone)
    if wanted == before:
        return Changed(before)
    shown = (wanted.name, wanted.avatar)
    await rewrite_member(work, access.space_id, access.account_id, *shown, work.stamp(), work.now)
    if shown != (before.name, before.avatar) and await teams(work, access.account_id):
        await jobs.later(work, "rename_member", Renamed(access.account_id), key=str(access.account_id))
    return Changed(await rewrite_account(work, access.account_id, wanted.name, wanted.locale, wanted.time_zone))


async def find_account(transaction: Transaction, account_id: UUID) -> Account:
    """The account whose space this is; raises SpaceNotFound."""
    found = await account(transaction, account_id)
    if found is None:
        raise SpaceNotFound
    return found


@operation("create_space", several=True)
async def create_space(work: Work, access: Access, args: CreateSpace) -> Changed[Space]:
    """Make a space for a team; whoever makes it owns it."""
    await work.take(1)
    await access.require(work, Role.OWNER)
    return Changed(await new_team(work, access, args.name))


async def new_team(work: Work, access: Access, name: str) -> Space:
    """A team's space that the account owns, in which the work stands then; `access` is to the personal one.

    One of the numbers taken in the personal space is its entry's; raises TooManySpaces.
    """
    await require_room(work, access)
    profile = await find_account(work, access.account_id)
    first = (await epoch(work) << EPOCH_BITS) + 1
    team_id = new_id()
    await write_entry(work, access.space_id, team_id, "owner", work.stamp())
    await work.step(team_id)
    last, now = first + FIRST_ROWS - 1, work.now
    made = await insert_space(work, team_id, "team", name, last, first, access.account_id, now)
    await insert_member(work, team_id, access.account_id, "owner", profile.name, profile.avatar, last, now)
    work.born(last)
    return made


async def require_room(work: Work, access: Access) -> None:
    """Raise TooManySpaces where the account can be in no more; the lock of its personal space is held."""
    require_personal(access)
    if len(await teams(work, access.account_id)) >= MOST_SPACES - 1:
        raise TooManySpaces


def require_personal(access: Access) -> None:
    """Raise PersonalOnly in a team's space."""
    if access.space_id != access.account_id:
        raise PersonalOnly


def require_team(access: Access) -> None:
    """Raise TeamOnly in the personal space."""
    if access.space_id == access.account_id:
        raise TeamOnly


@operation("update_space")
async def update_space(work: Work, access: Access, args: UpdateSpace) -> Changed[Space]:
    """Call a team's space by another name."""
    await work.take(1)
    await access.require(work, Role.OWNER)
    require_team(access)
    before = await space(work, access.space_id)
    work.expect(before.seq)
    if args.name == before.name:
        return Changed(before)
    return Changed(await rename_space(work, access.space_id, args.name, work.stamp()))
