"""What takes things to another space: with all that hangs on them, and leaving word where they went."""

from uuid import UUID

import msgspec
from msgspec import UNSET

from taskflow.features.activity.record import DELETED, Named, difference, record
from taskflow.features.projects.model import Project
from taskflow.features.projects.operations import find_project
from taskflow.features.sharing.arriving import arrive, require_free
from taskflow.features.sharing.leaving import leave, load_of_project, load_of_task
from taskflow.features.sharing.model import MoveTask, Row, ShareProject
from taskflow.features.spaces.access import Access, enter_also, reached
from taskflow.features.spaces.errors import SpaceNotFound
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.operations import new_team
from taskflow.features.spaces.work import Changed, Work
from taskflow.features.tasks.model import Task
from taskflow.features.tasks.operations import find_task
from taskflow.features.tasks.placing import check_place
from taskflow.foundation.operation import operation
from taskflow.foundation.refusal import invalid


@operation("share_project", several=True)
async def share_project(work: Work, access: Access, args: ShareProject) -> Changed[Project]:
    """Give a project a team's space of its own, with all that is in it; whoever shares it owns the space.

    There is no way back, so that out of a team's space only an owner takes one.
    """
    await work.lock(access.space_id, access.account_id)
    await access.require(work, Role.OWNER)
    before = await find_project(work, args.id)
    mine = await enter_also(work, access.account_id, access.account_id, Role.OWNER)
    await work.take(1)
    team = await new_team(work, mine, before.name if args.name is UNSET else args.name)
    await work.step(access.space_id)
    load = await load_of_project(work, before.id)
    there = await enter_also(work, access.account_id, team.id, Role.OWNER)
    sections = {row["id"] for row in load.sections}

    def placing(row: Row) -> Row:
        return {"project_id": before.id, "section_id": row["section_id"] if row["section_id"] in sections else None}

    arrived = await arrive(work, there, load, placing)
    after = msgspec.convert(arrived.projects[0] | {"space_id": team.id}, Project)
    await record(work, there, "share_project", Named("project", after.id), difference(before, after))
    await work.step(access.space_id)
    await leave(work, load, team.id)
    await record(work, access, "share_project", Named("project", after.id), DELETED)
    return Changed(after)


@operation("move_task", inverse="move", several=True)
async def move_task(work: Work, access: Access, args: MoveTask) -> Changed[Task]:
    """Take a task to another space, with its sub-tasks, their comments and their history."""
    await work.lock(access.space_id, *await reached(work, access.account_id, args.to))
    await access.require(work, Role.EDITOR)
    if args.to == access.space_id:
        raise invalid("/to", "is the space that the task is in")
    before = await find_task(work, args.id)
    load = await load_of_task(work, before.id)
    there = await enter_target(work, access, args.to)
    placed = await place_in(work, before, args)
    await require_free(work, load)
    arrived = await arrive(work, there, load, lambda _row: placed)
    after = msgspec.convert(arrived.tasks[0] | {"space_id": args.to}, Task)
    await record(work, there, "move_task", Named("task", after.id, after.id), difference(before, after))
    await work.step(access.space_id)
    await leave(work, load, args.to)
    await record(work, access, "move_task", Named("task", after.id, after.id), DELETED)
    return Changed(after)


async def enter_target(work: Work, access: Access, space_id: UUID) -> Access:
    """The account's access to the space that something goes to; raises Invalid or RoleTooLow."""
    try:
        return await enter_also(work, access.account_id, space_id, Role.EDITOR)
    except SpaceNotFound as missing:
        raise invalid("/to", "is no space of yours") from missing


async def place_in(work: Work, before: Task, args: MoveTask) -> Row:
    """The project and section that were asked for, of the space that the work stands in; raises Invalid."""
    nowhere = msgspec.structs.replace(
        before, project_id=None, section_id=None, parent_id=None, label_ids=[], assignee_id=None
    )
    where = {"project_id": args.project_id, "section_id": args.section_id}
    await check_place(work, nowhere, msgspec.structs.replace(nowhere, **where))
    return where
