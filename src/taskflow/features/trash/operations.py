"""What deletes, with all that hangs on it; undo brings back what shares a deletion's number."""

from collections.abc import Sequence
from uuid import UUID

from taskflow.features.activity.record import DELETED, Named, record
from taskflow.features.comments.operations import find_comment
from taskflow.features.labels.operations import find_label
from taskflow.features.projects.operations import find_project, find_section
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.work import Changed, Work
from taskflow.features.tasks.model import DeleteTask
from taskflow.features.tasks.operations import find_task
from taskflow.features.trash import queries
from taskflow.features.trash.model import DeleteComment, DeleteLabel, DeleteProject, DeleteSection
from taskflow.foundation.operation import operation
from taskflow.foundation.statements import Run


@operation("delete_task", inverse="restore")
async def delete_task(work: Work, access: Access, args: DeleteTask) -> Changed[None]:
    """Delete a task with its sub-tasks and their comments; what is deleted answers as what never was."""
    await work.take(0)
    await access.require(work, Role.EDITOR)
    before = await find_task(work, args.id)
    below = await queries.tasks_below(work, work.space_id, before.id)
    comments = await queries.comments_on(work, work.space_id, [before.id, *below])
    await bury(work, (queries.bury_comments, comments), (queries.bury_tasks, below), (queries.bury_tasks, [before.id]))
    await record(work, access, "delete_task", Named("task", before.id, before.id), DELETED)
    return Changed(None)


async def bury(work: Work, *heaps: tuple[Run, Sequence[UUID]]) -> None:
    """Make tombstones of rows, each with its own number and all with the last one's: that is what the user named."""
    count = sum(len(ids) for _, ids in heaps)
    await work.take(count)
    deleted_seq = work.last + count
    for statement, ids in heaps:
        if ids:
            await statement(work, work.space_id, ids, work.stamps(len(ids)).start, deleted_seq, work.now)


@operation("delete_project", inverse="restore")
async def delete_project(work: Work, access: Access, args: DeleteProject) -> Changed[None]:
    """Delete a project with its sections, its tasks and their comments."""
    await work.take(0)
    await access.require(work, Role.EDITOR)
    before = await find_project(work, args.id)
    tasks = await queries.tasks_of_project(work, work.space_id, before.id)
    comments = await queries.comments_on(work, work.space_id, tasks)
    sections = await queries.sections_of_project(work, work.space_id, before.id)
    await bury(
        work,
        (queries.bury_comments, comments),
        (queries.bury_tasks, tasks),
        (queries.bury_sections, sections),
        (queries.bury_projects, [before.id]),
    )
    await record(work, access, "delete_project", Named("project", before.id), DELETED)
    return Changed(None)


@operation("delete_section", inverse="restore")
async def delete_section(work: Work, access: Access, args: DeleteSection) -> Changed[None]:
    """Delete a section with its tasks and their comments."""
    await work.take(0)
    await access.require(work, Role.EDITOR)
    before = await find_section(work, args.id)
    tasks = await queries.tasks_of_section(work, work.space_id, before.project_id, before.id)
    comments = await queries.comments_on(work, work.space_id, tasks)
    await bury(
        work,
        (queries.bury_comments, comments),
        (queries.bury_tasks, tasks),
        (queries.bury_sections, [before.id]),
    )
    await record(work, access, "delete_section", Named("section", before.id), DELETED)
    return Changed(None)


@operation("delete_label", inverse="restore")
async def delete_label(work: Work, access: Access, args: DeleteLabel) -> Changed[None]:
    """Delete a label and take it off its tasks; the activity names them, so that undo can give it back."""
    await work.take(0)
    await access.require(work, Role.EDITOR)
    before = await find_label(work, args.id)
    carrying = await queries.tasks_with_label(work, work.space_id, before.id)
    if carrying:
        await work.take(len(carrying))
        first = work.stamps(len(carrying)).start
        await queries.take_label_off(work, work.space_id, carrying, first, before.id, work.now)
    await bury(work, (queries.bury_labels, [before.id]))
    changes = {**DELETED, "task_ids": (carrying, [])}
    await record(work, access, "delete_label", Named("label", before.id), changes)
    return Changed(None)


@operation("delete_comment", inverse="restore")
async def delete_comment(work: Work, access: Access, args: DeleteComment) -> Changed[None]:
    """Delete a comment: one's own, or as an editor anybody's."""
    await work.take(0)
    await access.require(work, Role.COMMENTER)
    before = await find_comment(work, args.id)
    if before.author_id != access.account_id:
        await access.require(work, Role.EDITOR)
    await bury(work, (queries.bury_comments, [before.id]))
    await record(work, access, "delete_comment", Named("comment", before.id, before.task_id), DELETED)
    return Changed(None)
