"""What the operations on tasks are asked to do."""

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.tasks.lists import STATUSES
from taskflow.features.tasks.model import CreateTask, UpdateTask
from taskflow.foundation.operation import Args
from tests.drawn import dates, descriptions, ids, maybe, moments, positions, titles, zones

statuses = some.sampled_from(STATUSES)
priorities = some.integers(0, 3)


@some.composite
def new_tasks(draw: some.DrawFn) -> CreateTask:
    """A task to make, due never, on a day, or at a moment."""
    due = draw(some.sampled_from(["never", "on a day", "at a moment"]))
    return CreateTask(
        id=draw(ids),
        title=draw(titles),
        description=draw(some.just("") | descriptions),
        status=draw(statuses),
        priority=draw(priorities),
        due_date=draw(dates) if due == "on a day" else None,
        due_at=draw(moments) if due == "at a moment" else None,
        due_zone=draw(zones) if due == "at a moment" else None,
        position=draw(maybe(positions)),
    )


changes = some.builds(
    UpdateTask,
    id=ids,
    title=maybe(titles),
    description=maybe(descriptions),
    status=maybe(statuses),
    priority=maybe(priorities),
    due_date=maybe(some.none() | dates),
    due_at=maybe(some.none() | moments),
    due_zone=maybe(some.none() | zones),
    position=maybe(positions),
)

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    "create_task": new_tasks(),
    "update_task": changes,
}
