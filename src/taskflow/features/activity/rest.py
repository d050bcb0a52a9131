"""Histories over HTTP."""

from uuid import UUID

from msgspec import UNSET, UnsetType

from taskflow.features.activity.model import Entry
from taskflow.features.activity.queries import space_history, task_history, thing_history
from taskflow.features.spaces.numbered import At
from taskflow.features.spaces.reading import PageQuery, page
from taskflow.foundation.database import Transaction
from taskflow.foundation.ids import Id
from taskflow.foundation.refusal import invalid

PATH = "/api/v1/activity"


class HistoryQuery(PageQuery, frozen=True, kw_only=True):
    """What was done: to a task and its comments, a project, a section or a label; else what changed in the space."""

    task: Id | UnsetType = UNSET
    project: Id | UnsetType = UNSET
    section: Id | UnsetType = UNSET
    label: Id | UnsetType = UNSET


async def history(
    transaction: Transaction,
    space_id: UUID,
    limit: int,
    task: UUID | None,
    project: UUID | None,
    section: UUID | None,
    label: UUID | None,
    behind: int | None,
    _: object,
) -> list[At[Entry]]:
    """A page of the history of what is named; raises Invalid where that is several things."""
    named = {"task": task, "project": project, "section": section, "label": label}
    given = [(kind, thing_id) for kind, thing_id in named.items() if thing_id is not None]
    if len(given) > 1:
        raise invalid(f"/{given[1][0]}", f"stands beside {given[0][0]}: a history is that of one thing")
    if not given:
        return await space_history(transaction, space_id, limit, behind)
    kind, thing_id = given[0]
    if kind == "task":
        return await task_history(transaction, space_id, limit, thing_id, behind)
    return await thing_history(transaction, space_id, limit, thing_id, kind, behind)


routes = [page(PATH, Entry, history, by="seq", query=HistoryQuery, kind=int)]
