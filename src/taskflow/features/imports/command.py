"""`taskflow import`: a file into an account's personal space, beside a running server or without one."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid5

import msgspec
from tqdm import tqdm

from taskflow.features.accounts.model import email_key
from taskflow.features.accounts.queries import find_login
from taskflow.features.imports import todoist
from taskflow.features.imports.model import Reading, ReadTask, Refused
from taskflow.features.imports.operations import Imported, ImportTasks, import_tasks
from taskflow.features.imports.report import render
from taskflow.features.spaces.access import enter
from taskflow.features.spaces.door import Call, perform
from taskflow.features.tasks.model import CreateTask
from taskflow.foundation.backend import Backend, opened
from taskflow.foundation.embedded.data_folder import Unusable
from taskflow.foundation.embedded.stores import UNREACHED, refuse_older, stores
from taskflow.foundation.operation import entry_of
from taskflow.foundation.refusal import Refusal
from taskflow.foundation.settings import Settings

READERS = {"todoist": todoist.read}


def run(settings: Settings, source: str, file: str, account: str) -> int:
    """Import a file and print what became of each line; raises Unusable, with one line, where nothing was taken."""
    try:
        with bar("reading", "B") as reading_bar:
            reading = READERS[source](Path(file), reading_bar)
        with stores(settings) as reached:
            refuse_older(reached.database_url)
            made = asyncio.run(bring_in(reached, reading, account))
    except (Refused, Refusal) as refused:
        raise Unusable(f"{file}: {refused}") from refused
    except UNREACHED as failure:
        raise Unusable(f"nothing was imported: {failure}") from failure
    keys = {task.key for task in reading.tasks}
    sys.stdout.write(render(reading, made=made, already=keys - made) + "\n")
    return 0


async def bring_in(settings: Settings, reading: Reading, email: str) -> set[str]:
    """Make the tasks in the personal space of the account; the keys of those that were not there."""
    async with opened(settings) as backend:
        space_id = await space_of(backend, email)
        named = {id_of(space_id, task): task for task in reading.tasks}
        args = ImportTasks(tasks=[as_create(task_id, task) for task_id, task in named.items()])
        access = await enter(backend.database, space_id, space_id)
        with bar("writing", " tasks") as writing_bar:
            done = await perform(backend, Call(access, entry_of(import_tasks), args, progress=writing_bar))
        return {named[task_id].key for task_id in msgspec.json.decode(done.body, type=Imported).made}


async def space_of(backend: Backend, email: str) -> UUID:
    """The personal space of an account; raises Unusable where there is none of that address."""
    found = await find_login(backend.database, email_key(email))
    if found is None:
        raise Unusable(f"there is no account with the address {email!r}: register it in the app first")
    return found.account_id


def id_of(space_id: UUID, task: ReadTask) -> UUID:
    """The id that follows from the space and what was read (UUIDv5): the same file twice makes nothing twice."""
    return uuid5(space_id, task.key)


def as_create(task_id: UUID, task: ReadTask) -> CreateTask:
    """A task that was read, as a task to make."""
    return CreateTask(
        id=task_id,  # type: ignore[arg-type] # a UUID made here needs no reading
        title=task.title,
        description=task.description,
        priority=task.priority,
        due_date=task.due_date,
        due_at=task.due_at,
        due_zone=task.due_zone,
    )


@contextmanager
def bar(doing: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on the terminal, if there is one: told how much is done, of how much."""
    with tqdm(desc=doing, unit=unit, unit_scale=True, disable=None, leave=False) as shown:

        def told(done: int, total: int) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield told
