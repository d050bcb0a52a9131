"""The list of tasks over HTTP, of one space or of several."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import UNSET, Struct

from taskflow.api.answer import Answer, json_answer
from taskflow.api.etag import if_none_match, list_tag
from taskflow.api.gate import all_seen
from taskflow.api.paging import decode_cursor, encode_cursor, filling
from taskflow.api.request import Request
from taskflow.api.visit import visit_of
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.several import enter_several
from taskflow.features.spaces.writing import access_of
from taskflow.features.tasks.lists.merged import Merged, merged
from taskflow.features.tasks.lists.query import TaskQuery, list_digest, meant
from taskflow.features.tasks.model import Task
from taskflow.features.tasks.queries import Listed
from taskflow.foundation.backend import Backend


class Tasks(Struct, frozen=True):
    """A page of tasks; `next_cursor` is null on the last one."""

    items: list[Task]
    next_cursor: str | None


async def list_tasks(backend: Backend, request: Request) -> Answer:
    """A page of tasks, of one space or of several."""
    visit = visit_of(request.scope)
    query = meant(request.query(TaskQuery), visit.account_id)
    if visit.several:
        return await list_several(backend, request, query)
    access = await access_of(backend, request)
    digest = list_digest(query, access.space_id)
    found = await read(backend, [access], query, digest)
    return json_answer(200, paged(backend, found.rows, query, digest), found.numbers[access.space_id])


async def list_several(backend: Backend, request: Request, query: TaskQuery) -> Answer:
    """A page over several spaces. Its tag is made of all their numbers, so that one that has not changed is not sent.

    A cursor over all spaces goes on in those that the caller is in by then, whoever came and left meanwhile.
    """
    visit = visit_of(request.scope)
    named = None if query.space in {"all", UNSET} else frozenset(str(query.space).split(","))
    accesses = await enter_several(backend.database, visit.account_id, named)
    digest = list_digest(query, ("all", visit.account_id) if named is None else sorted(named))
    found = await read(backend, accesses, query, digest, all_seen(visit.seen))
    tag = list_tag(found.numbers, Tasks, msgspec.structs.replace(query, space=UNSET))
    if tag in if_none_match(request.scope["headers"]):
        return Answer(304, headers=[(b"etag", tag)], others=found.numbers)
    answer = json_answer(200, paged(backend, found.rows, query, digest))
    answer.headers.append((b"etag", tag))
    answer.others = found.numbers
    return answer


async def read(
    backend: Backend, accesses: Sequence[Access], query: TaskQuery, digest: bytes, seen: Mapping[str, int] = {}
) -> Merged:
    """The rows behind the query's cursor, one more than a page has; raises BadCursor."""
    place = None if query.cursor is UNSET else decode_cursor(backend.keyring, digest, query.cursor)
    return await merged(backend.database, accesses, query, place, seen)


def paged(backend: Backend, rows: list[Listed], query: TaskQuery, digest: bytes) -> Tasks:
    """A page of these rows, and the cursor behind it where more follow."""
    items = [*filling(row.task for row in rows[: query.limit])]
    if len(items) == len(rows):
        return Tasks(items, None)  # type: ignore[arg-type] # they are written already
    last = rows[len(items) - 1]
    cursor = encode_cursor(backend.keyring, digest, last.key, last.task.id, last.task.space_id)
    return Tasks(items, cursor)  # type: ignore[arg-type]
