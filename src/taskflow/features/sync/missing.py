"""What a command did not find, or no place in: it was never there, was deleted, or has gone to another space."""

from uuid import UUID

from taskflow.features.comments.errors import CommentNotFound
from taskflow.features.labels.errors import LabelNotFound
from taskflow.features.projects.errors import ProjectNotFound, SectionNotFound
from taskflow.features.spaces.access import reached
from taskflow.features.spaces.work import Work
from taskflow.features.sync.errors import Deleted, Moved
from taskflow.features.sync.queries import tombstone
from taskflow.features.sync.reading import Order
from taskflow.features.tasks.errors import TaskNotFound
from taskflow.foundation.refusal import Invalid, NotFound

KINDS: dict[type[NotFound], str] = {
    TaskNotFound: "task",
    ProjectNotFound: "project",
    SectionNotFound: "section",
    LabelNotFound: "label",
    CommentNotFound: "comment",
}


PLACES = {"project_id": "project", "section_id": "section", "parent_id": "task", "task_id": "task"}


async def explained(work: Work, account_id: UUID, order: Order, missing: NotFound) -> NotFound:
    """What became of the thing that a command did not find; where the space knows nothing of it, as it was said."""
    kind, thing_id = KINDS.get(type(missing)), getattr(order.args, "id", None)
    if kind is None or thing_id is None:
        return missing
    return await gone(work, account_id, kind, thing_id) or missing


async def unplaced(work: Work, account_id: UUID, order: Order, misfit: Invalid) -> NotFound | None:
    """What became of the place that a new thing was to have; None where it is there, or never was."""
    if order.operation is None or order.operation.inverse != "delete":
        return None
    for field, kind in PLACES.items():
        if any(fault.pointer == f"/{field}" for fault in misfit.errors):
            found = await gone(work, account_id, kind, getattr(order.args, field))
            if found:
                return found
    return None


async def gone(work: Work, account_id: UUID, kind: str, thing_id: UUID) -> NotFound | None:
    """Where a thing of the space has gone, as far as the account may know; None where it has not."""
    fate = await tombstone(work, work.space_id, thing_id, kind)
    if fate is None or not fate.gone:
        return None
    if fate.moved_to is not None and await reached(work, account_id, fate.moved_to):
        return Moved(fate.moved_to)
    return Deleted()
