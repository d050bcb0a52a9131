"""Where a task may be: its project, section and parent, its labels and who is to do it, all of its own space.

A sub-task is in its parent's project and section, and goes along with it.
"""

from collections.abc import Iterator

import msgspec
from msgspec import UNSET

from taskflow.features.labels.queries import labels_there
from taskflow.features.spaces.work import Work
from taskflow.features.tasks import queries
from taskflow.features.tasks.model import DEPTH_MOST, CreateTask, References, Task, UpdateTask
from taskflow.foundation.refusal import Fault, Invalid, invalid

PLACE = ("project_id", "section_id", "parent_id")
NOTHING = References(None, None, None, None, None, None, None)


async def placed(work: Work, before: Task | None, wanted: Task, args: CreateTask | UpdateTask) -> Task:
    """The task where it may be; raises Invalid. What gets a parent goes where that is, if nothing else is asked for."""
    found = await refer(work, before, wanted)
    refuse([*missing(before, wanted, found)])
    placeless = args.section_id in {UNSET, None} and args.project_id in {UNSET, None, found.parent_project_id}
    if "parent_id" in pointing(before, wanted) and wanted.parent_id is not None and placeless:
        where = (found.parent_project_id, found.parent_section_id)
        wanted = msgspec.structs.replace(wanted, project_id=where[0], section_id=where[1])
    await check(work, before, wanted, found)
    return wanted


async def check_place(work: Work, before: Task, wanted: Task) -> None:
    """Raise Invalid where a task can't become so: what it would point to is not there, or is elsewhere by now."""
    found = await refer(work, before, wanted)
    refuse([*missing(before, wanted, found)])
    await check(work, before, wanted, found)


async def refer(work: Work, before: Task | None, wanted: Task) -> References:
    """What the task would point to, as far as it is there; not asked where it points to nothing new."""
    if not pointing(before, wanted):
        return NOTHING
    asked = (wanted.project_id, wanted.section_id, wanted.parent_id, wanted.assignee_id)
    return await queries.references(work, work.space_id, *asked)


def pointing(before: Task | None, wanted: Task) -> set[str]:
    """The fields that point to something else than before."""
    old = {field: getattr(before, field, None) for field in (*PLACE, "assignee_id")}
    return {field for field, value in old.items() if getattr(wanted, field) != value}


def refuse(faults: list[Fault]) -> None:
    """Raise Invalid where there are faults."""
    if faults:
        raise Invalid(*faults)


def missing(before: Task | None, wanted: Task, found: References) -> Iterator[Fault]:
    """What is not there."""
    kinds = {"project_id": "project", "section_id": "section", "parent_id": "task", "assignee_id": "present member"}
    for field in sorted(pointing(before, wanted)):
        if getattr(wanted, field) is not None and getattr(found, field) is None:
            yield Fault(f"/{field}", f"is no {kinds[field]} of this space")


async def check(work: Work, before: Task | None, wanted: Task, found: References) -> None:
    """Raise Invalid where the places contradict each other, sub-tasks are too deep, or a label is not there."""
    new = pointing(before, wanted)
    if new.intersection(PLACE):
        refuse([*apart(wanted, found)])
    if "parent_id" in new and wanted.parent_id is not None:
        await check_depth(work, before, wanted)
    labels = set(wanted.label_ids).difference(before.label_ids if before else ())
    if labels and len(await labels_there(work, work.space_id, [*labels])) < len(labels):
        raise invalid("/label_ids", "names what is no label of this space")


def apart(wanted: Task, found: References) -> Iterator[Fault]:
    """What is there, but elsewhere."""
    if wanted.parent_id is not None and found.parent_project_id != wanted.project_id:
        yield Fault("/project_id", "is not the project of its parent, where a sub-task has to be")
    elif wanted.parent_id is not None and found.parent_section_id != wanted.section_id:
        yield Fault("/section_id", "is not the section of its parent, where a sub-task has to be")
    elif wanted.parent_id is None and wanted.section_id is not None and found.section_project_id != wanted.project_id:
        yield Fault("/section_id", "is no section of the task's project")


async def check_depth(work: Work, before: Task | None, wanted: Task) -> None:
    """Raise Invalid where a task would be below itself, or sub-tasks would be too many levels deep."""
    above = await queries.lineage(work, work.space_id, wanted.parent_id, DEPTH_MOST)
    if wanted.id in above:
        raise invalid("/parent_id", "is the task itself, or one below it")
    below = await queries.levels_below(work, work.space_id, before.id, DEPTH_MOST) if before else 0
    if len(above) + 1 + below > DEPTH_MOST:
        raise invalid("/parent_id", f"makes more than {DEPTH_MOST} levels of tasks")
