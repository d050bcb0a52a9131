"""What can be refused about tasks."""

from taskflow.foundation.refusal import Conflict, NotFound


class TaskNotFound(NotFound):
    """There is no such task in this space."""


class TaskExists(Conflict):
    """There is, or was, another task with that id in this space."""


class TaskDoesNotRecur(Conflict):
    """This task does not recur: there is no next time to skip to."""


class TaskDone(Conflict):
    """This task is done: the next one of its series is there."""


class SeriesEnds(Conflict):
    """This is the last one of its series: there is no next time to skip to."""
