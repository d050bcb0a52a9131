"""What can be refused about going to another space."""

from taskflow.foundation.refusal import Conflict


class IdTaken(Conflict):
    """The other space has, or had, something else with one of these ids."""
