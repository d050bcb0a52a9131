"""What a command did not find: whether it was never there, was deleted, or has gone to another space."""

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
from taskflow.foundation.refusal import NotFound

KINDS: dict[type[NotFound], str] = {
    TaskNotFound: "task",
    ProjectNotFound: "project",
    SectionNotFound: "section",
    LabelNotFound: "label",
    CommentNotFound: "comment",
}


async def explained(work: Work, account_id: UUID, order: Order, missing: NotFound) -> NotFound:
    """What became of the thing that a command did not find; where the space knows nothing of it, as it was said."""
    kind, thing_id = KINDS.get(type(missing)), getattr(order.args, "id", None)
    if kind is None or thing_id is None:
        return missing
    fate = await tombstone(work, work.space_id, thing_id, kind)
    if fate is None or not fate.gone:
        return missing
    if fate.moved_to is not None and await reached(work, account_id, fate.moved_to):
        return Moved(fate.moved_to)
    return Deleted()
