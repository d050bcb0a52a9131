"""What the operations on tasks are asked to do."""

from datetime import datetime
from typing import Any, get_args

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy
from msgspec.structs import replace

from taskflow.features.tasks.lists.query import STATUSES
from taskflow.features.tasks.model import CreateTask, RecursFrom, SkipTask, UpdateTask
from taskflow.features.tasks.rule import NTH_MOST, NUMBERED, WEEKDAYS, WITH, Freq, Rule, read_rule
from taskflow.foundation.operation import Args
from tests.drawn import IDS, dates, descriptions, ids, maybe, moments, positions, titles, zones

statuses = some.sampled_from(STATUSES)
priorities = some.integers(0, 3)
walls = some.datetimes() | some.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001 - what a clock shows


@some.composite
def rule_texts(draw: some.DrawFn) -> str:
    """A rule as RFC 5545 has them, at times one that never comes."""
    freq = draw(some.sampled_from(get_args(Freq)))
    parts = [f"FREQ={freq}", f"WKST={draw(some.sampled_from(WEEKDAYS))}"]
    parts.append(f"INTERVAL={draw(some.integers(1, 5) | some.integers(1, 1000))}")
    lists = draw(some.sets(some.sampled_from(sorted(WITH[freq] - {"BYSETPOS"})), max_size=3))
    parts += [
        f"{name}={','.join(draw(some.lists(entries(name, freq, lists), min_size=1, max_size=4)))}" for name in lists
    ]
    if "BYSETPOS" in WITH[freq] and lists and draw(some.booleans()):
        parts.append(f"BYSETPOS={draw(some.sampled_from([1, 2, -1, 5, 366]))}")
    end = draw(some.sampled_from(["", "", "COUNT=1", "COUNT=5", "UNTIL=20271231", "UNTIL=20261125T120000Z"]))
    return ";".join([*parts, *([end] if end else [])])


def entries(name: str, freq: Freq, lists: set[str]) -> SearchStrategy[Any]:
    """What stands in the list of that name."""
    if name != "BYDAY":
        least = 1 if name == "BYMONTH" else -NUMBERED[name]
        return some.integers(least, NUMBERED[name]).filter(bool).map(str)
    most = 0 if "BYWEEKNO" in lists else NTH_MOST.get("MONTHLY" if "BYMONTH" in lists and freq == "YEARLY" else freq, 0)
    return some.builds(
        lambda nth, day: f"{nth or ''}{day}", some.just(0) | some.integers(-most, most), some.sampled_from(WEEKDAYS)
    )


rules: SearchStrategy[Rule] = rule_texts().map(read_rule)


# Few and simple, so that a series goes on: `rules` has all of them.
recurrences = some.sampled_from(
    [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=2;COUNT=3",
        "FREQ=WEEKLY;BYDAY=MO,FR",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=YEARLY",
    ]
)
recurs_from = some.sampled_from(get_args(RecursFrom))
projects = some.sampled_from(IDS[:2])
labels = some.lists(ids, max_size=3, unique=True)


@some.composite
def new_tasks(draw: some.DrawFn) -> CreateTask:
    """A task to make, due never, on a day, or at a moment; what recurs is due."""
    due = draw(some.sampled_from(["never", "on a day", "at a moment"]))
    recurrence = draw(some.one_of(some.none(), recurrences)) if due != "never" else None
    return CreateTask(
        id=draw(ids),
        title=draw(titles),
        description=draw(some.just("") | descriptions),
        status=draw(statuses),
        priority=draw(priorities),
        due_date=draw(dates) if due == "on a day" else None,
        due_at=draw(moments) if due == "at a moment" else None,
        due_zone=draw(zones) if due == "at a moment" else None,
        recurrence=recurrence,
        recurs_from=draw(some.none() | recurs_from) if recurrence else None,
        position=draw(maybe(positions)),
    )


@some.composite
def placed_tasks(draw: some.DrawFn) -> CreateTask:
    """A task to make that belongs somewhere, and to somebody."""
    return replace(
        draw(new_tasks()),
        project_id=draw(some.none() | projects),
        section_id=draw(some.none() | ids),
        parent_id=draw(some.none() | ids),
        label_ids=draw(labels),
        assignee_id=draw(some.none() | ids),
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
    recurrence=maybe(some.none() | recurrences),
    recurs_from=maybe(some.none() | recurs_from),
    position=maybe(positions),
    today=maybe(dates),
)
# One at a time, or else one that is refused takes along all the others.
moves = (
    some.builds(UpdateTask, id=ids, project_id=some.none() | projects)
    | some.builds(UpdateTask, id=ids, project_id=maybe(projects), section_id=some.none() | ids)
    | some.builds(UpdateTask, id=ids, parent_id=some.none() | ids)
    | some.builds(UpdateTask, id=ids, label_ids=labels)
    | some.builds(UpdateTask, id=ids, add_label_ids=labels)
    | some.builds(UpdateTask, id=ids, remove_label_ids=labels)
    | some.builds(UpdateTask, id=ids, assignee_id=some.none() | ids)
    | some.builds(UpdateTask, id=ids, status=statuses, today=maybe(dates))
)

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    "create_task": new_tasks() | placed_tasks(),
    "update_task": changes | moves,
    "skip_task": some.builds(SkipTask, id=ids, today=maybe(dates)),
}
