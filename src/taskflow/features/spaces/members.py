"""What can be done with the members of a team's space.

Who has left keeps their row, as `former`: their name stands under what they wrote.
What is assigned to them stays so.
"""

from uuid import UUID

from taskflow.features.accounts.queries import account
from taskflow.features.spaces import queries
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.errors import LastOwner, MemberNotFound
from taskflow.features.spaces.model import ChangeRole, HandOverSpace, Member, RemoveMember, RenameMember, Role
from taskflow.features.spaces.operations import require_team
from taskflow.features.spaces.work import Changed, Work
from taskflow.foundation.operation import operation
from taskflow.foundation.refusal import invalid


@operation("change_role", several=True)
async def change_role(work: Work, access: Access, args: ChangeRole) -> Changed[Member]:
    """Let a member of the team do more, or less; the last owner stays one."""
    await work.lock(access.space_id, *await homes(work, access, Role.OWNER, args.id))
    await access.require(work, Role.OWNER)
    before = await find_member(work, access, args.id)
    if args.role == before.role:
        return Changed(before)
    await require_owner_beside(work, before)
    return Changed(await give_role(work, before.id, args.role))


@operation("remove_member", several=True)
async def remove_member(work: Work, access: Access, args: RemoveMember) -> Changed[None]:
    """Take a member out of the team, or leave it; the last owner can't."""
    least = Role.VIEWER if args.id == access.account_id else Role.OWNER
    await work.lock(access.space_id, *await homes(work, access, least, args.id))
    await access.require(work, least)
    before = await find_member(work, access, args.id)
    await require_owner_beside(work, before)
    await give_role(work, before.id, "former")
    return Changed(None)


@operation("hand_over_space", several=True)
async def hand_over_space(work: Work, access: Access, args: HandOverSpace) -> Changed[Member]:
    """Make another member the owner of the space, and oneself an editor of it."""
    await work.lock(access.space_id, *await homes(work, access, Role.OWNER, access.account_id, args.id))
    await access.require(work, Role.OWNER)
    if args.id == access.account_id:
        raise invalid("/id", "is yourself")
    try:
        after = await find_member(work, access, args.id)
    except MemberNotFound as missing:
        raise invalid("/id", "is no member of this space") from missing
    if after.role != "owner":
        after = await give_role(work, after.id, "owner")
    await give_role(work, access.account_id, "editor")
    return Changed(after)


async def homes(work: Work, access: Access, least: Role, *member_ids: UUID) -> list[UUID]:
    """The personal spaces of present members, asked before their locks are taken; none where the caller's role is less.

    Whoever may not write to a member neither makes them wait nor is told, by waiting, that they are at work.
    """
    if access.space_id == access.account_id:
        return []
    named = {each: await queries.role(work, access.space_id, each) for each in {access.account_id, *member_ids}}
    held = {each: Role.named(role) for each, role in named.items() if role is not None}
    if held.get(access.account_id, Role.FORMER) < least:
        return []
    return [each for each in member_ids if held.get(each, Role.FORMER) > Role.FORMER]


async def find_member(work: Work, access: Access, member_id: UUID) -> Member:
    """The member of a team to write to; raises TeamOnly, MemberNotFound or PreconditionFailed."""
    require_team(access)
    found = await queries.member(work, access.space_id, member_id)
    if found is None or found.role == "former":
        raise MemberNotFound
    work.expect(found.seq)
    return found


async def require_owner_beside(work: Work, member: Member) -> None:
    """Raise LastOwner where this member is the only owner of the space."""
    if member.role == "owner" and await queries.count_owners(work, work.space_id) == 1:
        raise LastOwner


async def give_role(work: Work, member_id: UUID, role: str) -> Member:
    """Write a member's role down in the team's space, where the work stands, and in their personal one."""
    team_id = work.space_id
    await work.take(1)
    after = await queries.write_role(work, team_id, member_id, role, work.stamp(), work.now)
    await write_down(work, member_id, team_id, role)
    return after


async def write_down(work: Work, member_id: UUID, team_id: UUID, role: str) -> None:
    """Write a role down in a member's personal space, and stand in the team's again; both locks are held."""
    await work.step(member_id)
    await work.take(1)
    await queries.write_entry(work, member_id, team_id, role, work.stamp())
    await work.step(team_id)


@operation("rename_member")
async def rename_member(work: Work, access: Access, args: RenameMember) -> Changed[Member]:  # noqa: ARG001 - it has none
    """Show oneself to the team by the name and picture of one's profile; whoever asks can give no other."""
    await work.take(1)
    await access.require(work, Role.VIEWER)
    before = await find_member(work, access, access.account_id)
    await work.step(access.account_id)
    profile = await account(work, access.account_id)
    await work.step(access.space_id)
    if profile is None or (before.name, before.avatar) == (profile.name, profile.avatar):
        return Changed(before)
    return Changed(
        await queries.rewrite_member(
            work, access.space_id, before.id, profile.name, profile.avatar, work.stamp(), work.now
        )
    )
