"""Deleting, and the trash, over HTTP."""

from uuid import UUID

import msgspec

from taskflow.features.comments.errors import CommentNotFound
from taskflow.features.comments.rest import PATH as COMMENTS
from taskflow.features.labels.errors import LabelNotFound
from taskflow.features.labels.rest import PATH as LABELS
from taskflow.features.projects.errors import ProjectNotFound, SectionNotFound
from taskflow.features.projects.rest import PROJECTS, SECTIONS
from taskflow.features.spaces.errors import PreconditionFailed
from taskflow.features.spaces.numbered import At
from taskflow.features.spaces.reading import page
from taskflow.features.spaces.writing import write
from taskflow.features.tasks.errors import TaskNotFound
from taskflow.features.tasks.rest import PATH as TASKS
from taskflow.features.trash.model import KEPT, Deleted
from taskflow.features.trash.operations import (
    delete_comment,
    delete_label,
    delete_project,
    delete_section,
    delete_task,
)
from taskflow.features.trash.queries import list_trash
from taskflow.foundation.database import Transaction

TRASH = "/api/v1/trash"


async def kept(
    transaction: Transaction, space_id: UUID, limit: int, behind: int | None, _: object
) -> list[At[Deleted]]:
    """A page of what undo can still bring back."""
    return await list_trash(transaction, space_id, limit, behind, transaction.now - KEPT)


routes = [
    # It also depends on the time, so it lies on no shelf.
    msgspec.structs.replace(page(TRASH, Deleted, kept, by="seq", kind=int), shelved=False),
    write(delete_task, "DELETE", TASKS + "/{id}", status=204, refusals=(TaskNotFound, PreconditionFailed)),
    write(delete_project, "DELETE", PROJECTS + "/{id}", status=204, refusals=(ProjectNotFound, PreconditionFailed)),
    write(delete_section, "DELETE", SECTIONS + "/{id}", status=204, refusals=(SectionNotFound, PreconditionFailed)),
    write(delete_label, "DELETE", LABELS + "/{id}", status=204, refusals=(LabelNotFound, PreconditionFailed)),
    write(delete_comment, "DELETE", COMMENTS + "/{id}", status=204, refusals=(CommentNotFound, PreconditionFailed)),
]
