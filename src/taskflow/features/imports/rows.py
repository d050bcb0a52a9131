"""The rows of an import, made and checked before the space's lock is taken: all but their numbers and places."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from taskflow.features.comments.model import said
from taskflow.features.imports.model import Came, CameComment, CameTask, ImportTasks
from taskflow.features.spaces.access import Access
from taskflow.features.tasks.due import NEVER, Due, checked, in_utc
from taskflow.features.tasks.model import DEPTH_MOST, described
from taskflow.features.tasks.recurrence import read_rule
from taskflow.features.tasks.titles import title_key
from taskflow.foundation import positions
from taskflow.foundation.refusal import Invalid, invalid

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Thing = TypeVar("Thing", bound=Came)

KINDS = ("labels", "projects", "sections", "tasks", "comments")
INSTANT = timedelta(microseconds=1)
A_WHILE = 1_000_000 * INSTANT  # no file has more comments: none is of the future


def rows_of(args: ImportTasks, access: Access, now: datetime) -> Rows:
    """Of each kind the rows in their order, of several with one id the first; raises Invalid."""
    _require_references(args)
    rows: Rows = {}
    for kind in KINDS:
        things: list[Came] = first_of_each(getattr(args, kind))
        rows[kind] = [_row(kind, thing, access, now, nth) for nth, thing in enumerate(things)]
    return rows


def first_of_each(things: Sequence[Thing]) -> list[Thing]:
    """The things in their order; of several with one id the first."""
    named: dict[UUID, Thing] = {}
    for thing in things:
        named.setdefault(thing.id, thing)
    return list(named.values())


def _require_references(args: ImportTasks) -> None:
    """Raise Invalid where something points to what is not among the things, not before it, or is elsewhere."""
    labels, projects = {label.id for label in args.labels}, {project.id for project in args.projects}
    sections = {section.id: section.project_id for section in reversed(args.sections)}
    tasks: dict[UUID, tuple[CameTask, int]] = {}
    for nth, section in enumerate(args.sections):
        _require(section.project_id in projects, f"/sections/{nth}/project_id")
    for nth, task in enumerate(args.tasks):
        _require(task.project_id is None or task.project_id in projects, f"/tasks/{nth}/project_id")
        _require(
            task.section_id is None or sections.get(task.section_id) == task.project_id, f"/tasks/{nth}/section_id"
        )
        _require(task.parent_id is None or task.parent_id in tasks, f"/tasks/{nth}/parent_id")
        _require(labels.issuperset(task.label_ids), f"/tasks/{nth}/label_ids")
        tasks.setdefault(task.id, (task, _level(task, nth, tasks)))
    for nth, comment in enumerate(args.comments):
        _require(comment.task_id in tasks, f"/comments/{nth}/task_id")


def _level(task: CameTask, nth: int, tasks: dict[UUID, tuple[CameTask, int]]) -> int:
    """How deep a task lies, from 1; raises Invalid for one too deep, or elsewhere than its parent."""
    if task.parent_id is None:
        return 1
    parent, level = tasks[task.parent_id]
    if (parent.project_id, parent.section_id) != (task.project_id, task.section_id):
        raise invalid(f"/tasks/{nth}/parent_id", "is in another project or section than its sub-task")
    if level >= DEPTH_MOST:
        raise invalid(f"/tasks/{nth}/parent_id", f"makes more than {DEPTH_MOST} levels of tasks")
    return level + 1


def _require(good: bool, pointer: str) -> None:  # noqa: FBT001 - what is held to be so
    if not good:
        raise invalid(pointer, "is not among the things before it")


def _row(kind: str, thing: Came, access: Access, now: datetime, nth: int) -> Row:
    """The row of a thing; the `nth` stands behind those before it, by hand and in a list by age."""
    row = msgspec.structs.asdict(thing)
    if "position" in row and row["position"] is None:
        row["position"] = positions.last(now, nth)
    try:
        row |= {name: in_utc(row[name], "UTC") for name in _moments(row)}
        row["created_at"] = row["created_at"] or now - _age(kind, nth)
        row["updated_at"] = row["updated_at"] or now
        return row | _further(thing, access, row.get("completed_at") or now)
    except Invalid as wrong:
        raise invalid(f"/{kind}/{nth}{wrong.errors[0].pointer}", wrong.errors[0].detail) from None


def _age(kind: str, nth: int) -> timedelta:
    """How old a thing is at once: comments are read from the oldest on, all else from the newest."""
    return A_WHILE - nth * INSTANT if kind == "comments" else nth * INSTANT


def _moments(row: Row) -> Iterator[str]:
    """The columns that hold a moment."""
    for name in ("created_at", "updated_at", "completed_at", "archived_at"):
        if row.get(name) is not None:
            yield name


def _further(thing: Came, access: Access, completed_at: datetime) -> Row:
    """The columns that are not what was asked for, word for word."""
    if isinstance(thing, CameTask):
        return _task(thing, access, completed_at)
    if isinstance(thing, CameComment):
        mentions = [access.account_id] if thing.mentioned else []
        return {"author_id": access.account_id, "body": said(thing.body), "mention_ids": mentions}
    return {"created_by": access.account_id}


def _task(task: CameTask, access: Access, completed_at: datetime) -> Row:
    due = checked(task.due_date, task.due_at, task.due_zone)
    rule = read_rule(task.recurrence).text if task.recurrence is not None else None
    if rule and due == Due():
        raise invalid("/recurrence", "needs a due date to begin with")
    return {
        "title_key": title_key(task.title),
        "description": described(task.description),
        "due_at": due.at,
        # A moment that never comes is written in words.
        "due_local": "infinity" if due.local is NEVER else due.local,
        "recurrence": rule,
        "recurs_from": (task.recurs_from or "due") if rule else None,
        "series_id": task.series_id or (task.id if rule else None),
        "assignee_id": access.account_id if task.assigned else None,
        "completed_at": completed_at if task.status == "done" else None,
        "created_by": access.account_id,
    }
