"""What undo knows of each kind of thing."""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct

from taskflow.features.comments.model import Comment
from taskflow.features.comments.operations import check_mentions, find_comment, rewrite_comment
from taskflow.features.comments.queries import comment
from taskflow.features.labels.model import Label
from taskflow.features.labels.operations import find_label, require_free_name, rewrite_label
from taskflow.features.labels.queries import label
from taskflow.features.projects.model import Project, Section
from taskflow.features.projects.operations import find_project, find_section, rewrite_project, rewrite_section
from taskflow.features.projects.queries import project, section
from taskflow.features.spaces.work import Work
from taskflow.features.tasks.due import Due, checked, due_of
from taskflow.features.tasks.model import DeleteTask, Task
from taskflow.features.tasks.operations import find_task
from taskflow.features.tasks.placing import check_place
from taskflow.features.tasks.queries import task
from taskflow.features.tasks.row import rewrite_task
from taskflow.features.trash import operations as trash
from taskflow.features.trash.model import DeleteComment, DeleteLabel, DeleteProject, DeleteSection
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import invalid
from taskflow.foundation.statements import Maybe


class Kind(Struct, frozen=True):
    """How one of a kind is found (`find` raises where it is not there), checked, written whole, and deleted.

    `check` raises a refusal where the second state could not follow the first. `together`: fields that say something
    only as one, and so go back together or not at all.
    """

    form: type[Struct]
    live: Maybe[Any]
    find: Callable[..., Awaitable[Any]]
    check: Callable[[Work, Any, Any], Awaitable[None]]
    rewrite: Callable[[Work, Any, int], Awaitable[Any]]
    delete: Callable[..., Awaitable[Any]]
    deleting: type[Args]
    together: tuple[frozenset[str], ...] = ()


async def no_check(_work: Work, _before: object, _wanted: object) -> None:
    """Nothing that others did since can stand in the way."""


async def check_task(work: Work, before: Task, wanted: Task) -> None:
    """Raise Invalid where the task would point to what is gone, be below itself, or recur without a date."""
    due = due_of(wanted)
    checked(due.on, due.at, due.zone)
    if wanted.recurrence is not None and due == Due():
        raise invalid("/recurrence", "stands without a date")
    await check_place(work, before, wanted)


async def check_label(work: Work, before: Label, wanted: Label) -> None:
    """Raise LabelNameTaken where another label has the old name by now."""
    if wanted.name != before.name:
        await require_free_name(work, wanted)


async def check_comment(work: Work, before: Comment, wanted: Comment) -> None:
    """Raise Invalid where somebody is mentioned again who has left since."""
    await check_mentions(work, wanted.mention_ids, known=before.mention_ids)


KINDS: dict[str, Kind] = {
    "task": Kind(
        Task,
        task,
        find_task,
        check_task,
        rewrite_task,
        trash.delete_task,
        DeleteTask,
        (
            frozenset({"due_date", "due_at", "due_zone", "recurrence", "recurs_from", "series_id"}),
            frozenset({"status", "completed_at"}),
            frozenset({"project_id", "section_id", "parent_id"}),
        ),
    ),
    "project": Kind(Project, project, find_project, no_check, rewrite_project, trash.delete_project, DeleteProject),
    "section": Kind(Section, section, find_section, no_check, rewrite_section, trash.delete_section, DeleteSection),
    "label": Kind(Label, label, find_label, check_label, rewrite_label, trash.delete_label, DeleteLabel),
    "comment": Kind(
        Comment, comment, find_comment, check_comment, rewrite_comment, trash.delete_comment, DeleteComment
    ),
}
