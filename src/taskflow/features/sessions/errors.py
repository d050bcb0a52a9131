"""What can be refused about sessions."""

from taskflow.foundation.refusal import NotFound, Unauthorized


class SessionEnded(Unauthorized):
    """That session has ended: sign in again."""


class SessionNotFound(NotFound):
    """There is no such session of this account."""
