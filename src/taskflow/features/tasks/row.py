"""A task as the row that is written."""

from taskflow.features.spaces.work import Work
from taskflow.features.tasks import queries
from taskflow.features.tasks.due import due_of
from taskflow.features.tasks.model import Task
from taskflow.features.tasks.titles import title_key


async def rewrite_task(work: Work, wanted: Task, seq: int, before: Task | None = None) -> Task:
    """A task as it is from now on, under its number; `before`, where it is known, says whether it goes anywhere.

    Its sub-tasks come along to its project and section: they take the numbers from `seq` on, and it takes the last.
    """
    where = (wanted.project_id, wanted.section_id)
    stays = before is not None and where == (before.project_id, before.section_id)
    following = [] if stays else await queries.followers(work, work.space_id, wanted.id, *where)
    if following:
        await work.take(len(following))
        await queries.place_followers(work, work.space_id, following, seq, *where, work.now)
        seq = work.stamps(len(following))[-1]
    return await queries.rewrite_task(work, work.space_id, wanted.id, *columns(wanted), work.now, seq)


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
