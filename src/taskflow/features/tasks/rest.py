"""Tasks over HTTP."""

from collections.abc import Iterator

import msgspec
from msgspec import UNSET, Raw, Struct

from taskflow.api.answer import Answer, json_answer
from taskflow.api.paging import decode_cursor, encode_cursor
from taskflow.api.request import Request
from taskflow.features.spaces.errors import PreconditionFailed
from taskflow.features.spaces.reading import listed, one
from taskflow.features.spaces.writing import access_of, write
from taskflow.features.tasks.errors import SeriesEnds, TaskDoesNotRecur, TaskDone, TaskExists, TaskNotFound
from taskflow.features.tasks.lists import TaskQuery, arguments, list_digest, shape_of, sort_value
from taskflow.features.tasks.model import Task
from taskflow.features.tasks.operations import create_task, skip_task, update_task
from taskflow.features.tasks.queries import page, task_at
from taskflow.foundation.backend import Backend

PATH = "/api/v1/tasks"
# A page ends with the task that fills them; 200 of the longest, in JSON six bytes a character, would be 20 MB.
PAGE_BYTES = 1 << 20


class Tasks(Struct, frozen=True):
    """A page of tasks; `next_cursor` is null on the last one."""

    items: list[Task]
    next_cursor: str | None


async def list_tasks(backend: Backend, request: Request) -> Answer:
    """A page of a space's tasks."""
    query = request.query(TaskQuery)
    access = await access_of(backend, request)
    digest = list_digest(query, access.space_id)
    place = decode_cursor(backend.keyring, digest, query.cursor) if query.cursor is not UNSET else None
    async with backend.database.transaction(access.space_id) as transaction:
        found = await page(
            transaction, shape_of(query), arguments(query, access.space_id, *((place.value, place.id) if place else ()))
        )
    items = list(written(found.tasks[: query.limit]))
    last = found.tasks[len(items) - 1] if len(found.tasks) > len(items) else None
    cursor = encode_cursor(backend.keyring, digest, sort_value(query.sort, last), last.id) if last else None
    return json_answer(200, Tasks(items, cursor), found.number)  # type: ignore[arg-type] # they are written already


def written(tasks: list[Task]) -> Iterator[Raw]:
    """Tasks as JSON, up to the one with which they are a page's bytes."""
    size = 0
    for task in tasks:
        if size >= PAGE_BYTES:
            return
        text = msgspec.json.encode(task)
        size += len(text)
        yield Raw(text)


routes = [
    listed(PATH, list_tasks, "A page of tasks.", Tasks, TaskQuery),
    write(create_task, "POST", PATH, Task, status=201, refusals=(TaskExists,)),
    one(PATH, Task, task_at, TaskNotFound),
    write(
        skip_task,
        "POST",
        PATH + "/{id}/skip",
        Task,
        refusals=(TaskNotFound, TaskDoesNotRecur, TaskDone, SeriesEnds, PreconditionFailed),
    ),
    write(update_task, "PATCH", PATH + "/{id}", Task, refusals=(TaskNotFound, PreconditionFailed)),
]
