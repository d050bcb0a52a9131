"""Arriving: what comes from another space finds its labels by name, and its people as members or as former ones."""

from collections.abc import Callable, Iterator
from typing import Any

from taskflow.features.comments.queries import arrive_comments
from taskflow.features.labels.queries import arrive_labels
from taskflow.features.projects.queries import arrive_projects, arrive_sections
from taskflow.features.sharing import queries
from taskflow.features.sharing.errors import IdTaken
from taskflow.features.sharing.leaving import ids_of
from taskflow.features.sharing.model import Fit, Load, Row
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.work import Work
from taskflow.features.tasks.queries import arrive_tasks
from taskflow.foundation import positions
from taskflow.foundation.batches import batches
from taskflow.foundation.ids import new_id
from taskflow.foundation.statements import Run

MADE = ("projects", "sections", "tasks", "comments")
Placing = Callable[[Row], Row]  # what is another in a task where it arrives: its project and section, say


async def require_free(work: Work, load: Load) -> None:
    """Raise IdTaken where something else has one of the ids, or had it and might come back."""
    if await queries.taken_task_ids(work, work.space_id, ids_of(load.tasks)):
        raise IdTaken
    if await queries.taken_comment_ids(work, work.space_id, ids_of(load.comments)):
        raise IdTaken


async def arrive(work: Work, access: Access, load: Load, placing: Placing) -> Load:
    """Put a load into the space that the work stands in: as it is there, the thing that the user named stamped last."""
    fit = await fitted(work, access, load)
    load = await renumbered(work, load, fit)
    heaps = (fit.made, fit.strangers, load.comments, load.tasks, load.sections, load.projects)
    count = sum(len(rows) for rows in heaps)
    await work.take(count)
    numbers = iter(work.stamps(count))
    made, people, comments = (stamped(rows, numbers) for rows in heaps[:3])
    tasks = stamped([task_there(row, fit, placing, work) for row in load.tasks[::-1]], numbers)[::-1]
    sections, projects = (stamped(touched(rows, work), numbers) for rows in heaps[4:])
    arrived = Load(tasks, comments, load.activity, made, people, sections, projects)
    await insert_all(work, arrived)
    return arrived


async def fitted(work: Work, access: Access, load: Load) -> Fit:
    """What a load finds in the space that the work stands in, and what is missing for it."""
    names = [row["name"] for row in load.labels]
    same = await queries.labels_of_names(work, work.space_id, ids_of(load.labels), names)
    labels = {str(pair.theirs): str(pair.ours) for pair in same}
    carried = {label_id for row in load.tasks for label_id in row["label_ids"]}
    made = []
    for nth, row in enumerate(row for row in load.labels if row["id"] in carried - labels.keys()):
        position = positions.last(work.now, nth)
        labels[row["id"]] = str(new_id())
        made_by = {"created_by": access.account_id, "created_at": work.now, "updated_at": work.now}
        made.append(row | {"id": labels[row["id"]], "position": position} | made_by)
    accounts = {row["account_id"] for row in load.people} | {row["assignee_id"] for row in load.tasks} - {None}
    known = {row["account_id"]: row["role"] for row in await queries.going_people(work, work.space_id, [*accounts])}
    members = {account_id for account_id, role in known.items() if role != "former"}
    strangers = [row for row in load.people if row["account_id"] not in known]
    return Fit({*ids_of(load.tasks)}, labels, members, made, strangers)


async def renumbered(work: Work, load: Load, fit: Fit) -> Load:
    """A load whose history has numbers of this space, in its order: of what was changed, and of when things were made.

    They come before those of the change under way, which are no part of that history.
    """
    events = sorted(
        (row["created_seq"] if kind in MADE else row["seq"], kind, place)
        for kind in (*MADE, "activity")
        for place, row in enumerate(getattr(load, kind))
    )
    await work.take(len(events))
    there = {event[1:]: number for event, number in zip(events, work.stamps(len(events)), strict=True)}
    work.held.since = work.held.stamped
    things = {
        kind: [row | {"created_seq": there[kind, place]} for place, row in enumerate(getattr(load, kind))]
        for kind in MADE
    }
    activity = [
        labels_named_here(row, fit.labels) | {"seq": there["activity", place]}
        for place, row in enumerate(load.activity)
    ]
    return Load(activity=activity, labels=load.labels, people=load.people, **things)


def stamped(rows: list[Row], numbers: Iterator[int]) -> list[Row]:
    """Rows, each with its number."""
    return [row | {"seq": next(numbers)} for row in rows]


def touched(rows: list[Row], work: Work) -> list[Row]:
    """Rows that changed now; a comment does not, for one whose times differ is shown as edited."""
    return [row | {"updated_at": work.now} for row in rows]


def labels_named_here(row: Row, labels: dict[str, str]) -> Row:
    """A row of history that names labels as they are here; one that is not here keeps its name."""
    changes = row["changes"]
    if "label_ids" not in changes:
        return row
    named = [sorted(labels.get(label_id, label_id) for label_id in ids) for ids in changes["label_ids"]]
    return row | {"changes": changes | {"label_ids": named}}


def task_there(row: Row, fit: Fit, placing: Placing, work: Work) -> Row:
    """A task as it is here."""
    there = {
        "parent_id": row["parent_id"] if row["parent_id"] in fit.coming else None,
        "label_ids": sorted({fit.labels[label_id] for label_id in row["label_ids"] if label_id in fit.labels}),
        "assignee_id": row["assignee_id"] if row["assignee_id"] in fit.members else None,
        "updated_at": work.now,
    }
    return row | there | placing(row)


async def insert_all(work: Work, load: Load) -> None:
    """Insert a load, what is pointed at before what points to it."""
    await insert(work, arrive_labels, load.labels)
    await insert(work, queries.arrive_people, load.people, work.now)
    await insert(work, arrive_projects, load.projects)
    await insert(work, arrive_sections, load.sections)
    await insert(work, arrive_tasks, load.tasks)
    await insert(work, arrive_comments, load.comments)
    await insert(work, queries.arrive_activity, load.activity)


async def insert(work: Work, statement: Run, rows: list[Row], *more: Any) -> None:
    """Insert rows, some at a time."""
    for batch, _ in batches(rows):
        await statement(work, work.space_id, batch, *more)
