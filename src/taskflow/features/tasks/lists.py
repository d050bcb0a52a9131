"""Lists of tasks: filters and orders from a whitelist, composed into one statement."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from taskflow.features.tasks.due import due_of
from taskflow.features.tasks.model import Status, Task
from taskflow.features.tasks.order import title_key
from taskflow.foundation.forms import pattern
from taskflow.foundation.ids import Id
from taskflow.foundation.refusal import invalid

Sort = Literal[
    "created", "-created", "due", "-due", "priority", "-priority", "title", "-title", "position", "-position"
]
SORTS: tuple[Sort, ...] = get_args(Sort)
STATUSES: tuple[Status, ...] = get_args(Status)

COLUMNS = ", ".join(f"t.{column}" for column in Task.__struct_fields__)
KEYS = {
    "created": "created_at",
    "due": "due_local",
    "priority": "priority",
    "title": "title_key",
    "position": "position",
}
CURSOR_MOST = 6000  # behind a title of 500 control characters, each written in JSON as six, it has some 4,600
TYPES = {"created": "timestamptz", "due": "timestamp", "priority": "smallint", "title": "text", "position": "text"}


Statuses = Annotated[
    str,
    Meta(
        pattern=pattern(
            r"^(todo|in_progress|done)(,(todo|in_progress|done))*$(?!\n)", "is not made of todo, in_progress and done"
        ),
        max_length=80,
    ),
]


class TaskQuery(Struct, frozen=True, kw_only=True):
    """What can be asked of a list of tasks.

    `due_before` and `due_after` are dates, compared with the task's date in its own zone.
    """

    space: Id | UnsetType = UNSET
    status: Statuses | UnsetType = UNSET
    due_before: date | UnsetType = UNSET
    due_after: date | UnsetType = UNSET
    sort: Sort = "-created"
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(min_length=1, max_length=CURSOR_MOST)] | UnsetType = UNSET


class Shape(Struct, frozen=True):
    """Which parts a composed statement has; each shape is prepared and explained by the suite."""

    sort: Sort
    status: bool
    due_before: bool
    due_after: bool
    behind: bool

    def sql(self) -> str:
        """The statement: the space's number and, at that number, a page of its tasks; $1 the space, $2 how many."""
        descending = self.sort.startswith("-")
        name = self.sort.removeprefix("-")
        key, kind = KEYS[name], TYPES[name]
        way = "DESC" if descending else "ASC"
        number = iter(range(3, 9))
        wanted = ["t.space_id = $1", "t.deleted_seq IS NULL"]
        if self.status:
            wanted.append(f"t.status = ANY(${next(number)}::text[])")
        if self.due_before:
            wanted.append(f"t.due_local < ${next(number)}::timestamp")
        if self.due_after:
            wanted.append(f"t.due_local >= ${next(number)}::timestamp AND t.due_local < 'infinity'")
        if self.behind:
            wanted.append(
                f"(t.{key}, t.id) {'<' if descending else '>'} (${next(number)}::{kind}, ${next(number)}::uuid)"
            )
        return (
            f"SELECT s.seq AS number, {COLUMNS} FROM spaces s"  # noqa: S608 - composed from the whitelists above
            f" LEFT JOIN (SELECT * FROM tasks t WHERE {' AND '.join(wanted)}"
            f" ORDER BY t.{key} {way}, t.id {way} LIMIT $2) t ON true"
            f" WHERE s.space_id = $1 ORDER BY t.{key} {way}, t.id {way}"
        )


NEWEST = Shape(sort="-created", status=False, due_before=False, due_after=False, behind=False)


def shapes() -> Iterator[Shape]:
    """Every shape there is."""
    either = (False, True)
    for sort, status, before, after, behind in product(SORTS, either, either, either, either):
        yield Shape(sort, status, before, after, behind)


def shape_of(query: TaskQuery) -> Shape:
    """The shape of a query; one behind a cursor is told by its `behind` later."""
    return Shape(
        query.sort,
        query.status is not UNSET,
        query.due_before is not UNSET,
        query.due_after is not UNSET,
        query.cursor is not UNSET,
    )


def arguments(query: TaskQuery, space_id: UUID, value: object = None, last_id: str = "") -> list[object]:
    """The parameters of a query's statement, in its shape's order; one row more than asked tells if more follow."""
    given: list[object] = [space_id, query.limit + 1]
    if query.status is not UNSET:
        given.append(sorted(set(query.status.split(","))))
    if query.due_before is not UNSET:
        given.append(midnight(query.due_before))
    if query.due_after is not UNSET:
        given.append(midnight(day_after(query.due_after)))
    if query.cursor is not UNSET:
        given += [read_value(query.sort, value), last_id]
    return given


def day_after(day: date) -> date:
    """The next day; raises Invalid behind the last one there is."""
    if day == date.max:
        raise invalid("/due_after", "leaves no day behind it")
    return day + timedelta(days=1)


def midnight(day: date) -> datetime:
    """When a day begins, by the clock on the wall."""
    return datetime.combine(day, time())


def sort_value(sort: Sort, task: Task) -> Any:
    """What a row is sorted by."""
    match sort.removeprefix("-"):
        case "created":
            return task.created_at
        case "due":
            return due_of(task).local
        case "priority":
            return task.priority
        case "title":
            return title_key(task.title)
        case _:
            return task.position


def read_value(sort: Sort, value: object) -> object:
    """The sort value of a cursor, back in its column's type (it was signed: it is well formed)."""
    if sort.removeprefix("-") in {"created", "due"}:
        return msgspec.convert(value, datetime)
    return value


def list_digest(query: TaskQuery, space_id: UUID) -> bytes:
    """What a cursor belongs to: the list and its filters, whatever the page's size."""
    same = msgspec.structs.replace(query, space=UNSET, limit=0, cursor=UNSET)
    return msgspec.json.encode((space_id, same))
