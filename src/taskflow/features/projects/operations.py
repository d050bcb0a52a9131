"""What can be done with projects and their sections; to delete one stands in `trash`, for it takes its tasks along."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from taskflow.features.activity.record import Named, difference, made_so, record
from taskflow.features.projects import queries
from taskflow.features.projects.errors import ProjectExists, ProjectNotFound, SectionExists, SectionNotFound
from taskflow.features.projects.model import (
    CreateProject,
    CreateSection,
    Project,
    Section,
    UpdateProject,
    UpdateSection,
)
from taskflow.features.projects.queries import insert_project, insert_section, project, section, section_known
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.work import Changed, Work
from taskflow.foundation import positions
from taskflow.foundation.operation import given, operation
from taskflow.foundation.refusal import invalid

Thing = TypeVar("Thing", Project, Section)


@operation("create_project", inverse="delete")
async def create_project(work: Work, access: Access, args: CreateProject) -> Changed[Project]:
    """Make a project; the same create again (id and content) is the same project."""
    await work.take(1)
    await access.require(work, Role.EDITOR)
    what = (args.name, args.color, positions.or_last(args.position, work.now))
    made = await insert_project(work, access.space_id, args.id, *what, access.account_id, work.now, work.next)
    if made is None:
        return Changed(await same_project(work, args))
    work.stamp()
    return Changed(made)


async def same_project(work: Work, args: CreateProject) -> Project:
    """The project that this very create made before; raises ProjectExists where another has, or had, its id."""
    there = await project(work, work.space_id, args.id)
    if there is None or not await made_so(work, there, msgspec.structs.asdict(args)):
        raise ProjectExists
    return there


@operation("create_section", inverse="delete")
async def create_section(work: Work, access: Access, args: CreateSection) -> Changed[Section]:
    """Make a section of a project; the same create again (id and content) is the same section."""
    await work.take(1)
    await access.require(work, Role.EDITOR)
    what = (args.project_id, args.name, positions.or_last(args.position, work.now))
    made = await insert_section(work, access.space_id, args.id, *what, access.account_id, work.now, work.next)
    if made is None:
        return Changed(await same_section(work, args))
    work.stamp()
    return Changed(made)


async def same_section(work: Work, args: CreateSection) -> Section:
    """The section that this very create made before; raises SectionExists, or Invalid where its project is missing."""
    if await section_known(work, work.space_id, args.id) is None:
        raise invalid("/project_id", "is no project of this space")
    there = await section(work, work.space_id, args.id)
    if there is None or not await made_so(work, there, msgspec.structs.asdict(args)):
        raise SectionExists
    return there


@operation("update_project", inverse="rewrite")
async def update_project(work: Work, access: Access, args: UpdateProject) -> Changed[Project]:
    """Change fields of a project, archive it or take it up again; a change of nothing takes no number."""
    await work.take(1)
    await access.require(work, Role.EDITOR)
    before = await find_project(work, args.id)
    wanted = changed(before, args, work.now)
    if wanted == before:
        return Changed(before)
    after = await rewrite_project(work, wanted, work.stamp())
    await record(work, access, "update_project", Named("project", after.id), difference(before, after))
    return Changed(after)


async def find_project(work: Work, project_id: UUID) -> Project:
    """The project to write to; raises ProjectNotFound, or PreconditionFailed where the writer holds an older state."""
    return await work.find(project, project_id, ProjectNotFound)


async def rewrite_project(work: Work, wanted: Project, seq: int) -> Project:
    """A project as it is from now on, under its new number."""
    fields = (wanted.name, wanted.color, wanted.position, wanted.archived_at)
    return await queries.rewrite_project(work, work.space_id, wanted.id, *fields, work.now, seq)


@operation("update_section", inverse="rewrite")
async def update_section(work: Work, access: Access, args: UpdateSection) -> Changed[Section]:
    """Change fields of a section, archive it or take it up again; a change of nothing takes no number."""
    await work.take(1)
    await access.require(work, Role.EDITOR)
    before = await find_section(work, args.id)
    wanted = changed(before, args, work.now)
    if wanted == before:
        return Changed(before)
    after = await rewrite_section(work, wanted, work.stamp())
    await record(work, access, "update_section", Named("section", after.id), difference(before, after))
    return Changed(after)


async def find_section(work: Work, section_id: UUID) -> Section:
    """The section to write to; raises SectionNotFound, or PreconditionFailed where the writer holds an older state."""
    return await work.find(section, section_id, SectionNotFound)


async def rewrite_section(work: Work, wanted: Section, seq: int) -> Section:
    """A section as it is from now on, under its new number."""
    fields = (wanted.name, wanted.position, wanted.archived_at)
    return await queries.rewrite_section(work, work.space_id, wanted.id, *fields, work.now, seq)


def changed(before: Thing, args: UpdateProject | UpdateSection, now: datetime) -> Thing:
    """A project or a section as the arguments want it; what is archived already keeps its time."""
    fields = given(args)
    if "archived" in fields:
        fields["archived_at"] = (before.archived_at or now) if fields.pop("archived") else None
    return msgspec.structs.replace(before, **fields)
