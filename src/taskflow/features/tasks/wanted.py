"""What a task is to become, of its state now and what is asked for, and its columns; the database is not asked yet."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from taskflow.features.spaces.access import Access
from taskflow.features.spaces.work import Work
from taskflow.features.tasks.due import Due, due_after, due_asked, due_of
from taskflow.features.tasks.model import LABELS_MOST, CreateTask, RecursFrom, Task, UpdateTask, described
from taskflow.features.tasks.recurrence import coming, read_rule
from taskflow.features.tasks.titles import title_key
from taskflow.foundation import positions
from taskflow.foundation.operation import given
from taskflow.foundation.refusal import invalid

PLAIN = {"title", "description", "status", "priority", "parent_id", "assignee_id", "position"}


def new_task(work: Work, access: Access, args: CreateTask) -> Task:
    """The task that the arguments describe; raises Invalid."""
    due = due_asked(args)
    recurrence, recurs_from = recurring(args.recurrence, args.recurs_from, due)
    return Task(
        id=args.id,
        space_id=access.space_id,
        title=args.title,
        description=described(args.description),
        status=args.status,
        priority=args.priority,
        due_date=due.on,
        due_at=due.at,
        due_zone=due.zone,
        recurrence=recurrence,
        recurs_from=recurs_from,
        series_id=args.id if recurrence else None,
        project_id=args.project_id,
        section_id=args.section_id,
        parent_id=args.parent_id,
        label_ids=sorted(distinct("/label_ids", args.label_ids)),
        assignee_id=args.assignee_id,
        position=positions.or_last(args.position, work.now),
        created_by=access.account_id,
        created_at=work.now,
        updated_at=work.now,
        completed_at=work.now if args.status == "done" else None,
        seq=work.next,
    )


def recurring(rule: str | None, recurs_from: RecursFrom | None, due: Due) -> tuple[str | None, RecursFrom | None]:
    """The rule in its one way of writing, and what it counts from; raises Invalid where it never comes."""
    if rule is None:
        if recurs_from is not None:
            raise invalid("/recurs_from", "stands without recurrence")
        return None, None
    return coming(read_rule(rule), due).text, recurs_from or "due"


def distinct(pointer: str, ids: Sequence[UUID]) -> set[UUID]:
    """The ids of a list; raises Invalid where one stands in it twice."""
    if len(set(ids)) < len(ids):
        raise invalid(pointer, "names a label twice")
    return set(ids)


def changed(before: Task, args: UpdateTask, now: datetime) -> Task:
    """The task as the arguments want it; raises Invalid. What goes to another project leaves its section."""
    asked = given(args)
    described(asked.get("description", ""))
    due = due_after(before, args)
    recurrence, recurs_from = recurring_after(before, args, due)
    status = asked.get("status", before.status)
    project_id = asked.get("project_id", before.project_id)
    section_id = before.section_id if project_id == before.project_id else None
    return msgspec.structs.replace(
        before,
        **{field: asked[field] for field in PLAIN & asked.keys()},
        due_date=due.on,
        due_at=due.at,
        due_zone=due.zone,
        recurrence=recurrence,
        recurs_from=recurs_from,
        series_id=before.series_id or (before.id if recurrence else None),
        project_id=project_id,
        section_id=asked.get("section_id", section_id),
        label_ids=labels_after(before, args),
        completed_at=(before.completed_at or now) if status == "done" else None,
    )


def recurring_after(before: Task, args: UpdateTask, due: Due) -> tuple[str | None, RecursFrom | None]:
    """The rule and what it counts from after a change; without a date nothing recurs. Raises Invalid."""
    asked = given(args)
    rule = asked.get("recurrence", before.recurrence)
    recurs_from = asked.get("recurs_from", before.recurs_from if rule else None)
    if "recurrence" not in asked and due == Due():
        rule, recurs_from = None, asked.get("recurs_from")
    if rule is not None and rule == before.recurrence:
        return rule, recurs_from or "due"
    return recurring(rule, recurs_from, due)


def labels_after(before: Task, args: UpdateTask) -> list[UUID]:
    """The labels after a change, in the order of their ids; raises Invalid."""
    asked = given(args)
    adding, removing = asked.get("add_label_ids", []), asked.get("remove_label_ids", [])
    if "label_ids" in asked:
        if adding or removing:
            raise invalid("/label_ids", "stands beside add_label_ids or remove_label_ids")
        return sorted(distinct("/label_ids", asked["label_ids"]))
    added, removed = distinct("/add_label_ids", adding), distinct("/remove_label_ids", removing)
    if added & removed:
        raise invalid("/remove_label_ids", "names a label that add_label_ids adds")
    after = (set(before.label_ids) | added) - removed
    if len(after) > LABELS_MOST and added:
        raise invalid("/add_label_ids", f"makes more than {LABELS_MOST} labels")
    return sorted(after)


def columns(task: Task) -> tuple[object, ...]:
    """The columns that may change, in the order of the statements."""
    due = due_of(task)
    return (
        task.title,
        title_key(task.title),
        task.description,
        task.status,
        task.priority,
        due.on,
        due.at,
        due.zone,
        due.local,
        task.recurrence,
        task.recurs_from,
        task.series_id,
        task.project_id,
        task.section_id,
        task.parent_id,
        task.label_ids,
        task.assignee_id,
        task.position,
        task.completed_at,
    )
