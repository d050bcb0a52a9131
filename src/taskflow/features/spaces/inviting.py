"""What can be done with invitations to a team's space."""

from datetime import timedelta
from uuid import UUID

import msgspec

from taskflow.features.spaces import queries
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.errors import (
    AlreadyMember,
    InvitationExpired,
    InvitationNotFound,
    InvitationUsed,
    InvitationVoid,
    TooManyInvitations,
)
from taskflow.features.spaces.invitation import (
    MOST_OPEN,
    AcceptInvitation,
    CreateInvitation,
    NewInvitation,
    RevokeInvitation,
    Sealed,
    Token,
    digest,
    new_token,
    opens,
    read_token,
)
from taskflow.features.spaces.members import write_down
from taskflow.features.spaces.model import MySpace, Role
from taskflow.features.spaces.operations import find_account, require_personal, require_room, require_team
from taskflow.features.spaces.work import Changed, Work
from taskflow.foundation.ids import new_id
from taskflow.foundation.operation import operation

FORGOTTEN = timedelta(days=30)  # after it has expired: until then whoever comes too late is told why


@operation("create_invitation")
async def create_invitation(work: Work, access: Access, args: CreateInvitation) -> Changed[NewInvitation]:
    """Make an invitation to the team; its token is answered this once."""
    await work.take(0)
    await access.require(work, Role.OWNER)
    require_team(access)
    if len(await queries.invitations(work, access.space_id, work.now)) >= MOST_OPEN:
        raise TooManyInvitations
    await queries.forget_invitations(work, access.space_id, work.now - FORGOTTEN)
    token = new_token(access.space_id, new_id())
    named = (access.space_id, token.invitation_id, digest(token), args.role)
    made = await queries.insert_invitation(
        work, *named, access.account_id, work.now, work.now + timedelta(days=args.days)
    )
    fields = msgspec.structs.asdict(made)
    return Changed(NewInvitation(**fields, token=str(token)), kept=NewInvitation(**fields, token=None))


@operation("revoke_invitation")
async def revoke_invitation(work: Work, access: Access, args: RevokeInvitation) -> Changed[None]:
    """Let an invitation that is still open let nobody in."""
    await work.take(0)
    await access.require(work, Role.OWNER)
    if await queries.delete_invitation(work, access.space_id, args.id) is None:
        raise InvitationNotFound
    return Changed(None)


@operation("accept_invitation", several=True)
async def accept_invitation(work: Work, access: Access, args: AcceptInvitation) -> Changed[MySpace]:
    """Join a team by the token of an invitation, which is used up by that; who was there before comes back."""
    token = token_of(args)
    await work.lock(access.space_id, *await opened(work, token))
    await access.require(work, Role.OWNER)
    require_personal(access)
    await work.step(token.space_id)
    sealed = await find_sealed(work, token)
    if await is_member(work, access.account_id):
        if sealed.used_by != access.account_id:
            raise AlreadyMember
    else:
        await require_open(work, sealed)
        await join(work, access, sealed, token)
    work.told.add(token.space_id)
    return Changed(await queries.my_space(work, token.space_id, access.account_id))


def token_of(args: AcceptInvitation) -> Token:
    """The token that was shown; raises InvitationNotFound where it is none."""
    token = read_token(args.token)
    if token is None:
        raise InvitationNotFound
    return token


async def opened(work: Work, token: Token) -> list[UUID]:
    """The team's space where the token opens an invitation to it, else none: asked before its lock is taken.

    Whoever makes a token up neither makes the team wait nor is told, by waiting, that it is there.
    """
    home = work.space_id
    await work.step(token.space_id)
    sealed = await queries.sealed(work, token.space_id, token.invitation_id)
    await work.step(home)
    return [token.space_id] if sealed is not None and opens(token, sealed) else []


async def find_sealed(work: Work, token: Token) -> Sealed:
    """The invitation that a token is the secret of; raises InvitationNotFound, whatever of it is wrong."""
    sealed = await queries.sealed(work, token.space_id, token.invitation_id)
    if sealed is None or not opens(token, sealed):
        raise InvitationNotFound
    return sealed


async def is_member(work: Work, account_id: UUID) -> bool:
    """Whether an account is in the space where the work stands."""
    held = await queries.role(work, work.space_id, account_id)
    return held is not None and held != "former"


async def require_open(work: Work, sealed: Sealed) -> None:
    """Raise what says why an invitation lets nobody in any more."""
    if sealed.used_by is not None:
        raise InvitationUsed
    if sealed.expires_at <= work.now:
        raise InvitationExpired
    if await queries.role(work, work.space_id, sealed.created_by) != "owner":
        raise InvitationVoid


async def join(work: Work, access: Access, sealed: Sealed, token: Token) -> None:
    """Make the caller a member of the team's space, where the work stands, and use the invitation up."""
    await work.step(access.space_id)
    await require_room(work, access)
    profile = await find_account(work, access.account_id)
    await work.step(token.space_id)
    await work.take(1)
    shown = (sealed.role, profile.name, profile.avatar)
    await queries.insert_member(work, token.space_id, access.account_id, *shown, work.stamp(), work.now)
    await queries.use_invitation(work, token.space_id, token.invitation_id, access.account_id, work.now)
    await write_down(work, access.account_id, token.space_id, sealed.role)
