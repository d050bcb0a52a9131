"""A task's row, written anew: its sub-tasks go where it goes."""

from taskflow.features.spaces.work import Work
from taskflow.features.tasks import queries
from taskflow.features.tasks.model import Task
from taskflow.features.tasks.wanted import columns


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
