"""What can be refused about tasks."""

from taskflow.foundation.refusal import Conflict, NotFound


class TaskNotFound(NotFound):
    """There is no such task in this space."""


class TaskExists(Conflict):
    """There is, or was, another task with that id in this space."""
