"""Going away: what goes along is read as JSON, and leaves tombstones that say where it went."""

from collections.abc import Iterable
from graphlib import TopologicalSorter
from uuid import UUID

from taskflow.features.sharing import queries
from taskflow.features.sharing.model import Load, Row
from taskflow.features.spaces.work import Work
from taskflow.foundation.statements import Run


async def load_of_project(work: Work, project_id: UUID) -> Load:
    """A project with its sections, its tasks and all that hangs on these."""
    projects = await queries.going_project(work, work.space_id, project_id)
    sections = await queries.going_sections(work, work.space_id, project_id)
    tasks = await queries.ids_of_project(work, work.space_id, project_id)
    return await load_of(work, tasks, sections, projects)


async def load_of_task(work: Work, task_id: UUID) -> Load:
    """A task with its sub-tasks and all that hangs on these."""
    return await load_of(work, [task_id], [], [])


async def load_of(work: Work, roots: list[UUID], sections: list[Row], projects: list[Row]) -> Load:
    """These things with all below them, their comments and their history, and the labels and people that they name."""
    task_ids = await with_all_below(work, roots)
    tasks = await queries.going_tasks(work, work.space_id, task_ids)
    comments = await queries.going_comments(work, work.space_id, task_ids)
    named = [*task_ids, *ids_of(comments), *ids_of(sections), *ids_of(projects)]
    activity = await queries.going_activity(work, work.space_id, named, task_ids)
    labels = await queries.going_labels(work, work.space_id, [*labels_named(tasks, activity)])
    people = await queries.going_people(
        work, work.space_id, [*people_named([*tasks, *sections, *projects], comments, activity)]
    )
    return Load(parents_first(tasks), comments, activity, labels, people, sections, projects)


def parents_first(tasks: list[Row]) -> list[Row]:
    """Tasks in an order in which they can be inserted, some thousand at a time."""
    by_id = {row["id"]: row for row in tasks}
    graph = {row["id"]: [row["parent_id"]] if row["parent_id"] in by_id else [] for row in tasks}
    return [by_id[task_id] for task_id in TopologicalSorter(graph).static_order()]


async def with_all_below(work: Work, roots: list[UUID]) -> list[UUID]:
    """Tasks and their sub-tasks at any depth.

    Level by level: one recursive statement compared each of 5,000 tasks with each after an import, which took 4 s.
    """
    found, level = {*roots}, roots
    while level:
        level = [task_id for task_id in await queries.ids_below(work, work.space_id, level) if task_id not in found]
        found.update(level)
    return [*found]


def ids_of(rows: Iterable[Row]) -> list[str]:
    """The ids of rows."""
    return [row["id"] for row in rows]


def labels_named(tasks: list[Row], activity: list[Row]) -> set[str]:
    """The labels that tasks carry, or carried."""
    now = {label_id for row in tasks for label_id in row["label_ids"]}
    then = {label_id for row in activity for ids in row["changes"].get("label_ids", ()) for label_id in ids}
    return now | then


def people_named(things: list[Row], comments: list[Row], activity: list[Row]) -> set[str]:
    """The people whose names are shown beside what they made, said or did, or who are spoken to."""
    made = {row["created_by"] for row in things}
    said = {account_id for row in comments for account_id in (row["author_id"], *row["mention_ids"])}
    return made | said | {row["account_id"] for row in activity}


async def leave(work: Work, load: Load, to: UUID) -> None:
    """Make tombstones of a load, each with its own number and all with the last one's: that is what the user named."""
    heaps: list[tuple[Run, list[Row]]] = [
        (queries.leave_comments, load.comments),
        (queries.leave_tasks, load.tasks[::-1]),
        (queries.leave_sections, load.sections),
        (queries.leave_projects, load.projects),
    ]
    count = sum(len(rows) for _, rows in heaps)
    await work.take(count)
    deleted_seq = work.last + count
    for statement, rows in heaps:
        if rows:
            await statement(work, work.space_id, ids_of(rows), work.stamps(len(rows)).start, deleted_seq, to, work.now)
    named = [row["id"] for _, rows in heaps for row in rows]
    await queries.leave_activity(work, work.space_id, named, ids_of(load.tasks))
