"""What can be refused about spaces."""

from taskflow.foundation.refusal import Conflict, Forbidden, NotFound, Refusal, Unavailable


class SpaceNotFound(NotFound):
    """There is no such space."""


class RoleTooLow(Forbidden):
    """Your role in this space does not allow that."""


class SpaceBusy(Unavailable):
    """Others are writing to this space at the moment: try again in a second."""


class TooManySpaces(Conflict):
    """You are in 100 spaces, and that is the most: leave one first."""


class PersonalOnly(Conflict):
    """That is done in your personal space, not in a team's."""


class TeamOnly(Conflict):
    """Your personal space is yours alone: make a space for the team."""


class MemberNotFound(NotFound):
    """There is no such member in this space."""


class LastOwner(Conflict):
    """A space keeps an owner: hand it over first."""


class AlreadyMember(Conflict):
    """You are in that space already."""


class TooManyInvitations(Conflict):
    """100 invitations to this space are open, and that is the most: revoke one first."""


class InvitationNotFound(NotFound):
    """There is no such invitation: ask for another one."""


class InvitationUsed(Conflict):
    """This invitation has been used: ask for another one."""


class InvitationExpired(Conflict):
    """This invitation has expired: ask for another one."""


class InvitationVoid(Conflict):
    """Whoever made this invitation is no longer an owner of the space: ask for another one."""


class KeyInUse(Conflict):
    """A request with this Idempotency-Key is still under way."""


class KeyReused(Refusal):
    """This Idempotency-Key was sent before with another request."""

    status = 422


class PreconditionFailed(Refusal):
    """It has changed since: read it again before you write."""

    status = 412
