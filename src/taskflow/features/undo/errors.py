"""What can be refused about taking something back."""

from taskflow.foundation.refusal import Conflict, NotFound


class ChangeNotFound(NotFound):
    """There is no change of yours with that number."""


class ChangeTooOld(Conflict):
    """That change was made more than 30 days ago."""


class NotUndoable(Conflict):
    """That can't be undone."""


class PlaceDeleted(Conflict):
    """What it belonged to has been deleted since: bring that back first."""
