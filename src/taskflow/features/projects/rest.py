"""Projects and their sections over HTTP."""

from typing import Literal

from msgspec import UNSET, UnsetType

from taskflow.features.projects.errors import ProjectExists, ProjectNotFound, SectionExists, SectionNotFound
from taskflow.features.projects.model import Project, Section
from taskflow.features.projects.operations import create_project, create_section, update_project, update_section
from taskflow.features.projects.queries import list_projects, list_sections, project_at, section_at
from taskflow.features.spaces.errors import PreconditionFailed
from taskflow.features.spaces.reading import PageQuery, one, page
from taskflow.features.spaces.writing import write
from taskflow.foundation.ids import Id

PROJECTS = "/api/v1/projects"
SECTIONS = "/api/v1/sections"


class ProjectQuery(PageQuery, frozen=True, kw_only=True):
    """A page of a space's projects; `archived`: only those, or only the others."""

    archived: Literal["true", "false"] | UnsetType = UNSET  # as a bool it would be 1, TRUE or no as well


class SectionQuery(PageQuery, frozen=True, kw_only=True):
    """A page of a space's sections; `project`: only those of one."""

    project: Id | UnsetType = UNSET


routes = [
    page(PROJECTS, Project, list_projects, query=ProjectQuery),
    write(create_project, "POST", PROJECTS, Project, status=201, refusals=(ProjectExists,)),
    one(PROJECTS, Project, project_at, ProjectNotFound),
    write(update_project, "PATCH", PROJECTS + "/{id}", Project, refusals=(ProjectNotFound, PreconditionFailed)),
    page(SECTIONS, Section, list_sections, query=SectionQuery),
    write(create_section, "POST", SECTIONS, Section, status=201, refusals=(SectionExists,)),
    one(SECTIONS, Section, section_at, SectionNotFound),
    write(update_section, "PATCH", SECTIONS + "/{id}", Section, refusals=(SectionNotFound, PreconditionFailed)),
]
