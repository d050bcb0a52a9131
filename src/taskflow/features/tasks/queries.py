"""The statements over tasks."""

from functools import cache
from typing import Any, NamedTuple

from taskflow.features.spaces.errors import SpaceNotFound
from taskflow.features.spaces.numbered import At, Reader
from taskflow.features.tasks.lists.shapes import NEWEST, Shape
from taskflow.features.tasks.model import LaterOne, References, Task
from taskflow.foundation.database import Transaction
from taskflow.foundation.statements import Many, Statements, only

read_at = Reader(Task)

sql = Statements(__name__)

insert_task = sql.maybe("insert_task", Task)
task = sql.maybe("task", Task)
task_known = sql.maybe("task_known", only)
task_at = sql.maybe("task_at", read_at)
rewrite_task = sql.one("rewrite_task", Task)
insert_next = sql.maybe("insert_next", only)
references = sql.one("references", References)
lineage = sql.many("lineage", only)
levels_below = sql.one("levels_below", only)
followers = sql.many("followers", only)
place_followers = sql.run("place_followers")
later_one = sql.maybe("later_one", LaterOne)
bury_next = sql.run("bury_next")
all_tasks = sql.many("all_tasks", Task)
arrive_tasks = sql.run("arrive_tasks")


class Listed(NamedTuple):
    """A task in a list, and the value that it is sorted by."""

    task: Task
    key: Any


class Found(NamedTuple):
    """A page of tasks as it was at a number of its space."""

    number: int
    rows: list[Listed]


def read_row(number: int, *columns: Any) -> At[Listed]:
    """A row of a composed list; all but the number is null where there is no task."""
    return At(number, Listed(Task(*columns[:-1]), columns[-1]) if columns[0] is not None else None)


async def page(transaction: Transaction, shape: Shape, args: list[object]) -> Found:
    """Run a composed list; raises SpaceNotFound."""
    rows = await composed(shape)(transaction, *args)
    if not rows:
        raise SpaceNotFound
    return Found(rows[0].number, [row.thing for row in rows if row.thing is not None])


@cache
def composed(shape: Shape) -> Many[At[Listed]]:
    """The statement of a shape, under the one name that the metrics know."""
    return sql.composed("list_tasks", "A page of a space's tasks.", shape.sql(), read_row)


composed(NEWEST)  # declares the timing before the server forks
