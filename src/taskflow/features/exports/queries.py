"""The statements that read a whole space, page by page."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from taskflow.features.comments.queries import all_comments
from taskflow.features.exports.model import ExportedMember, Thing
from taskflow.features.labels.queries import all_labels
from taskflow.features.projects.queries import all_projects, all_sections
from taskflow.features.tasks.queries import all_tasks
from taskflow.foundation.database import Transaction
from taskflow.foundation.statements import Many, Statements, only

PAGE = 1_000

sql = Statements(__name__)

count_things = sql.one("count_things", only)
exported_members = sql.many("exported_members", ExportedMember)

PAGES: dict[str, Many[Any]] = {
    "labels": all_labels,
    "projects": all_projects,
    "sections": all_sections,
    "tasks": all_tasks,
    "comments": all_comments,
}


async def everything(transaction: Transaction, space_id: UUID, kind: str) -> AsyncIterator[list[Thing]]:
    """All things of a kind, in pages."""
    after: UUID | None = None
    while page := await PAGES[kind](transaction, space_id, after, PAGE):
        yield page
        after = page[-1].id
        if len(page) < PAGE:
            return
