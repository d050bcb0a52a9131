"""What the operations on tasks are asked to do."""

from datetime import datetime
from typing import Any, get_args

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.tasks.lists import STATUSES
from taskflow.features.tasks.model import CreateTask, UpdateTask
from taskflow.features.tasks.rule import NTH_MOST, NUMBERED, WEEKDAYS, WITH, Freq, Rule, read_rule
from taskflow.foundation.operation import Args
from tests.drawn import dates, descriptions, ids, maybe, moments, positions, titles, zones

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
