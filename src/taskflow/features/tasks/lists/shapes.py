"""The statements that lists of tasks are composed of, from a whitelist that can enumerate its shapes."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import count, product
from typing import Literal, get_args
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct

from taskflow.api.paging import Place
from taskflow.features.tasks.lists.query import SORTS, Sort, TaskQuery
from taskflow.features.tasks.model import Task
from taskflow.foundation.refusal import invalid

Project = Literal["any", "one", "none"]
Behind = Literal["nothing", "after", "from"]

COLUMNS = ", ".join(f"t.{column}" for column in Task.__struct_fields__)
KEYS = {
    "created": "created_at",
    "due": "due_local",
    "priority": "priority",
    "title": "title_key",
    "position": "position",
}
TYPES = {"created": "timestamptz", "due": "timestamp", "priority": "smallint", "title": "text", "position": "text"}
# Filters that no index serves: always all of them, null for any. Where any of them is set, that is one shape.
FILTERS = (
    "({0}::text[] IS NULL OR t.status = ANY({0}))",
    "({0}::uuid[] IS NULL OR array_position({0}, t.section_id) IS NOT NULL)",  # finds a null, as = ANY does not
    "({0}::uuid[] IS NULL OR array_position({0}, t.parent_id) IS NOT NULL)",
    "({0}::uuid IS NULL OR {0} = ANY(t.label_ids))",
    "({0}::uuid[] IS NULL OR array_position({0}, t.assignee_id) IS NOT NULL)",
    "({0}::text IS NULL OR strpos(lower(t.title), lower({0})) > 0 OR strpos(lower(t.description), lower({0})) > 0)",
)


class Shape(Struct, frozen=True):
    """Which parts a composed statement has; each shape is prepared and explained by the suite.

    `behind` a place: `after` its value and id, or `from` them on, in a space whose rows come after its own.
    """

    sort: Sort
    due_before: bool = False
    due_after: bool = False
    project: Project = "any"
    filtered: bool = False
    behind: Behind = "nothing"

    def sql(self) -> str:
        """The statement: the space's number and, at that number, a page of its tasks; $1 the space, $2 how many."""
        way = "DESC" if self.sort.startswith("-") else "ASC"
        key = KEYS[self.sort.removeprefix("-")]
        order = f"t.{key} {way}, t.id {way}"
        # Equal in all rows; but only so does PostgreSQL see that the index of projects and positions has this order.
        inner = f"t.project_id {way}, {order}" if self.project == "none" and key == "position" else order
        return (
            f"SELECT s.seq AS number, {COLUMNS}, t.{key} AS key FROM spaces s"  # noqa: S608 - composed from whitelists
            f" LEFT JOIN (SELECT * FROM tasks t WHERE {' AND '.join(self.wanted())} ORDER BY {inner} LIMIT $2) t"
            f" ON true WHERE s.space_id = $1 ORDER BY {order}"
        )

    def wanted(self) -> Iterator[str]:
        """The conditions, whose parameters `arguments` gives in their order."""
        number = map("${}".format, count(3))
        yield from ("t.space_id = $1", "t.deleted_seq IS NULL")
        if self.project != "any":
            yield "t.project_id IS NULL" if self.project == "none" else f"t.project_id = {next(number)}"
        if self.due_before:
            yield f"t.due_local < {next(number)}::timestamp"
        if self.due_after:
            yield f"t.due_local >= {next(number)}::timestamp AND t.due_local < 'infinity'"
        if self.filtered:
            # Within coalesce they are taken to let half of the rows pass, so that the plan is the one without them:
            # a page's rows in the index's order. By a guess from six unknowns all of the space would be sorted.
            yield f"coalesce({' AND '.join(each.format(next(number)) for each in FILTERS)}, false)"
        if self.behind != "nothing":
            name = self.sort.removeprefix("-")
            than = ("<" if self.sort.startswith("-") else ">") + ("=" if self.behind == "from" else "")
            yield f"(t.{KEYS[name]}, t.id) {than} ({next(number)}::{TYPES[name]}, {next(number)}::uuid)"


def shapes() -> Iterator[Shape]:
    """Every shape there is."""
    either = (False, True)
    for parts in product(SORTS, either, either, get_args(Project), either, get_args(Behind)):
        yield Shape(*parts)


NEWEST = Shape("-created")


def shape_of(query: TaskQuery, space_id: UUID, place: Place | None = None) -> Shape:
    """The shape of a query in one of its spaces, behind the place where a page over all of them ended."""
    return Shape(
        query.sort,
        query.due_before is not UNSET,
        query.due_after is not UNSET,
        "any" if query.project is UNSET else "none" if query.project == "none" else "one",
        any(given is not None for given in filters(query)),
        behind(query, space_id, place),
    )


def behind(query: TaskQuery, space_id: UUID, place: Place | None) -> Behind:
    """Where to go on: of rows with equal value and id, those of the larger space come later (sooner, descending)."""
    if place is None:
        return "nothing"
    if not place.space:
        return "after"
    ended = UUID(place.space)
    return "from" if (space_id < ended if query.descending else space_id > ended) else "after"


def arguments(query: TaskQuery, space_id: UUID, most: int, place: Place | None = None) -> list[object]:
    """The parameters of a query's statement, in its shape's order; it answers `most` rows."""
    given: list[object] = [space_id, most]
    if query.project is not UNSET and query.project != "none":
        given.append(query.project)
    if query.due_before is not UNSET:
        given.append(midnight(query.due_before))
    if query.due_after is not UNSET:
        given.append(midnight(day_after(query.due_after)))
    filtering = filters(query)
    if any(each is not None for each in filtering):
        given += filtering
    if place is not None:
        given += [read_value(query.sort, place.value), place.id]
    return given


def filters(query: TaskQuery) -> list[object]:
    """What FILTERS compare with; null where the query does not say."""
    return [
        None if query.status is UNSET else sorted(set(query.status.split(","))),
        *(any_of(given) for given in (query.section, query.parent)),
        None if query.label is UNSET else query.label,
        any_of(query.assignee),
        None if query.q is UNSET else query.q,
    ]


def any_of(given: object) -> list[object] | None:
    """An id as the array of what may be; none is the null in it."""
    return None if given is UNSET else [None if given == "none" else given]


def day_after(day: date) -> date:
    """The next day; raises Invalid behind the last one there is."""
    if day == date.max:
        raise invalid("/due_after", "leaves no day behind it")
    return day + timedelta(days=1)


def midnight(day: date) -> datetime:
    """When a day begins, by the clock on the wall."""
    return datetime.combine(day, time())


def read_value(sort: Sort, value: object) -> object:
    """The sort value of a cursor, back in its column's type (it was signed: it is well formed)."""
    if sort.removeprefix("-") in {"created", "due"}:
        return msgspec.convert(value, datetime)
    return value
