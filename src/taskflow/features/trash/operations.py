"""What deletes, with all that hangs on it."""

from taskflow.features.activity.record import DELETED, Named, record
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.work import Changed, Work
from taskflow.features.tasks.model import DeleteTask
from taskflow.features.tasks.operations import find_task
from taskflow.features.trash import queries
from taskflow.foundation.operation import operation


@operation("delete_task", inverse="restore")
async def delete_task(work: Work, access: Access, args: DeleteTask) -> Changed[None]:
    """Delete a task; what is deleted answers as what never was."""
    await work.take(1)
    await access.require(work, Role.EDITOR)
    before = await find_task(work, args.id)
    await queries.delete_task(work, access.space_id, before.id, work.stamp(), work.now)
    await record(work, access, "delete_task", Named("task", before.id, before.id), DELETED)
    return Changed(None)
