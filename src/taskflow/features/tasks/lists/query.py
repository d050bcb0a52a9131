"""Lists of tasks: what can be asked of them, and what a cursor of one belongs to."""

import hashlib
from datetime import date
from typing import Annotated, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from taskflow.api.paging import Cursor, Limit
from taskflow.features.spaces.model import MOST_SPACES
from taskflow.features.tasks.model import Status
from taskflow.foundation.forms import pattern
from taskflow.foundation.ids import CANONICAL, Id

Sort = Literal[
    "created", "-created", "due", "-due", "priority", "-priority", "title", "-title", "position", "-position"
]
SORTS: tuple[Sort, ...] = get_args(Sort)
STATUSES: tuple[Status, ...] = get_args(Status)

ID = CANONICAL.strip("^$")

Statuses = Annotated[
    str,
    Meta(
        pattern=pattern(
            r"^(todo|in_progress|done)(,(todo|in_progress|done))*$(?!\n)", "is not made of todo, in_progress and done"
        ),
        max_length=80,
    ),
]
Spaces = Annotated[
    str,
    Meta(
        pattern=pattern(
            rf"^(all|{ID}(,{ID}){{0,{MOST_SPACES - 1}}})$(?!\n)",
            f"is neither all nor up to {MOST_SPACES} UUIDs in lower case with hyphens, between commas",
        ),
        description="a space, several between commas, or all that you are in; absent: your personal one",
    ),
]
OrNone = Annotated[
    str,
    Meta(pattern=pattern(rf"^(none|{ID})$(?!\n)", "is neither none nor a UUID in lower case with hyphens")),
]
Assignee = Annotated[
    str,
    Meta(pattern=pattern(rf"^(me|none|{ID})$(?!\n)", "is neither me nor none nor a UUID in lower case with hyphens")),
]
Words = Annotated[
    str, Meta(min_length=1, max_length=200, description="what stands in title or description, in either case")
]


class TaskQuery(Struct, frozen=True, kw_only=True):
    """What can be asked of a list of tasks.

    `due_before` and `due_after` are dates, compared with the task's date in its own zone.
    """

    space: Spaces | UnsetType = UNSET
    status: Statuses | UnsetType = UNSET
    q: Words | UnsetType = UNSET
    due_before: date | UnsetType = UNSET
    due_after: date | UnsetType = UNSET
    project: OrNone | UnsetType = UNSET
    section: OrNone | UnsetType = UNSET
    parent: OrNone | UnsetType = UNSET
    label: Id | UnsetType = UNSET
    assignee: Assignee | UnsetType = UNSET
    sort: Sort = "-created"
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET

    @property
    def descending(self) -> bool:
        """Whether the largest comes first."""
        return self.sort.startswith("-")


def meant(query: TaskQuery, account_id: UUID) -> TaskQuery:
    """The query with its words about the caller put into ids."""
    return msgspec.structs.replace(query, assignee=str(account_id)) if query.assignee == "me" else query


def list_digest(query: TaskQuery, over: object) -> bytes:
    """What a cursor belongs to: the list and its filters, whatever the page's size; `over` names the spaces."""
    same = msgspec.structs.replace(query, space=UNSET, limit=0, cursor=UNSET)
    return hashlib.sha256(msgspec.json.encode((over, same))).digest()
