"""The statements that read a whole space, page by page."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from taskflow.features.comments.model import Comment
from taskflow.features.exports.model import ExportedMember, Thing
from taskflow.features.labels.model import Label
from taskflow.features.projects.model import Project, Section
from taskflow.features.tasks.model import Task
from taskflow.foundation.database import Transaction
from taskflow.foundation.statements import Many, Statements, only

PAGE = 1_000

sql = Statements(__name__)

count_things = sql.one("count_things", only)
exported_members = sql.many("exported_members", ExportedMember)
exported_labels = sql.many("exported_labels", Label)
exported_projects = sql.many("exported_projects", Project)
exported_sections = sql.many("exported_sections", Section)
exported_tasks = sql.many("exported_tasks", Task)
exported_comments = sql.many("exported_comments", Comment)

PAGES: dict[str, Many[Any]] = {
    "labels": exported_labels,
    "projects": exported_projects,
    "sections": exported_sections,
    "tasks": exported_tasks,
    "comments": exported_comments,
}


async def everything(transaction: Transaction, space_id: UUID, kind: str) -> AsyncIterator[list[Thing]]:
    """All things of a kind, in pages."""
    after: UUID | None = None
    while page := await PAGES[kind](transaction, space_id, after, PAGE):
        yield page
        after = page[-1].id
        if len(page) < PAGE:
            return
