"""What can be refused about comments."""

from taskflow.foundation.refusal import Conflict, Forbidden, NotFound


class CommentNotFound(NotFound):
    """There is no such comment in this space."""


class CommentExists(Conflict):
    """There is, or was, another comment with that id in this space."""


class CommentNotYours(Forbidden):
    """Only who wrote a comment may change what it says."""
