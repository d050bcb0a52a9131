"""Teams over HTTP: who is in a space, and how others come in."""

from datetime import datetime

import msgspec
from msgspec import Struct

from taskflow.api.answer import Answer, json_answer
from taskflow.api.request import Request
from taskflow.api.route import NoQuery, Route
from taskflow.api.visit import visit_of
from taskflow.features.sessions.guesses import forgive, guess
from taskflow.features.spaces.errors import (
    AlreadyMember,
    InvitationExpired,
    InvitationNotFound,
    InvitationUsed,
    InvitationVoid,
    LastOwner,
    MemberNotFound,
    PreconditionFailed,
    RoleTooLow,
    SpaceNotFound,
    TeamOnly,
    TooManyInvitations,
    TooManySpaces,
)
from taskflow.features.spaces.invitation import Invitation, NewInvitation
from taskflow.features.spaces.inviting import accept_invitation, create_invitation, revoke_invitation
from taskflow.features.spaces.members import change_role, hand_over_space, remove_member
from taskflow.features.spaces.model import Member, MySpace, Role
from taskflow.features.spaces.queries import invitations, list_members, number
from taskflow.features.spaces.reading import page
from taskflow.features.spaces.writing import InSpace, access_of, write
from taskflow.foundation.backend import Backend
from taskflow.foundation.refusal import Refusal

MEMBERS = "/api/v1/members"
INVITATIONS = "/api/v1/invitations"
CHANGING_MEMBERS = (TeamOnly, MemberNotFound, LastOwner, PreconditionFailed)


class Invitations(Struct, frozen=True):
    """The open invitations to a space, the newest first."""

    items: list[Invitation]


async def list_invitations(backend: Backend, request: Request) -> Answer:
    """The open invitations to a team's space, without what lets in; for its owners."""
    access = await access_of(backend, request)
    async with backend.database.transaction(access.space_id) as transaction:
        now_at = await number(transaction, access.space_id)
        await access.require(transaction, Role.OWNER)
        found = await invitations(transaction, access.space_id, transaction.now)
    return json_answer(200, Invitations(found), now_at)


def guessed(route: Route, answers: tuple[type[Refusal], ...]) -> Route:
    """A route that tries a secret: what these answers say no to counts against the auth limit."""

    async def handler(backend: Backend, request: Request) -> Answer:
        account_id = visit_of(request.scope).account_id
        async with guess(backend, request, str(account_id), answers) as claim:
            answer = await route.handler(backend, request)
            await forgive(backend, claim)
            return answer

    return msgspec.structs.replace(route, handler=handler)


routes = [
    write(hand_over_space, "POST", "/api/v1/space/hand-over", Member, refusals=(TeamOnly, PreconditionFailed)),
    page(MEMBERS, Member, list_members, by="created_at", kind=datetime),
    write(change_role, "PATCH", MEMBERS + "/{id}", Member, refusals=CHANGING_MEMBERS),
    write(remove_member, "DELETE", MEMBERS + "/{id}", status=204, refusals=CHANGING_MEMBERS),
    Route(
        "GET",
        INVITATIONS,
        list_invitations,
        "The open invitations to a team's space.",
        Invitations,
        query=InSpace,
        refusals=(SpaceNotFound, RoleTooLow),
        spaced=True,
    ),
    write(create_invitation, "POST", INVITATIONS, NewInvitation, status=201, refusals=(TeamOnly, TooManyInvitations)),
    write(revoke_invitation, "DELETE", INVITATIONS + "/{id}", status=204, refusals=(InvitationNotFound,)),
    guessed(
        write(
            accept_invitation,
            "POST",
            INVITATIONS + "/accept",
            MySpace,
            query=NoQuery,
            refusals=(
                InvitationNotFound,
                InvitationUsed,
                InvitationExpired,
                InvitationVoid,
                AlreadyMember,
                TooManySpaces,
            ),
        ),
        answers=(InvitationNotFound,),
    ),
]
