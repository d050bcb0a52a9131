"""Comments over HTTP."""

from datetime import datetime

from msgspec import UNSET, UnsetType

from taskflow.features.comments.errors import CommentExists, CommentNotFound, CommentNotYours
from taskflow.features.comments.model import Comment
from taskflow.features.comments.operations import create_comment, update_comment
from taskflow.features.comments.queries import comment_at, list_comments
from taskflow.features.spaces.errors import PreconditionFailed
from taskflow.features.spaces.reading import PageQuery, one, page
from taskflow.features.spaces.writing import write
from taskflow.foundation.ids import Id

PATH = "/api/v1/comments"


class CommentQuery(PageQuery, frozen=True, kw_only=True):
    """The comments of a task, or of all of a space."""

    task: Id | UnsetType = UNSET


routes = [
    page(PATH, Comment, list_comments, by="created_at", query=CommentQuery, kind=datetime),
    write(create_comment, "POST", PATH, Comment, status=201, refusals=(CommentExists,)),
    one(PATH, Comment, comment_at, CommentNotFound),
    write(
        update_comment,
        "PATCH",
        PATH + "/{id}",
        Comment,
        refusals=(CommentNotFound, CommentNotYours, PreconditionFailed),
    ),
]
