"""What can be refused about accounts."""

from taskflow.foundation.refusal import Conflict, Unauthorized


class EmailTaken(Conflict):
    """There is an account with that address already: sign in instead."""


class WrongCredentials(Unauthorized):
    """The address or the password is wrong."""
