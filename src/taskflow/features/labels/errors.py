"""What can be refused about labels."""

from taskflow.foundation.refusal import Conflict, NotFound


class LabelNotFound(NotFound):
    """There is no such label."""


class LabelExists(Conflict):
    """There is a label with this id already."""


class LabelNameTaken(Conflict):
    """There is a label with this name already, in small letters or in capitals."""
