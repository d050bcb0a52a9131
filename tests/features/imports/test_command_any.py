"""Properties of the whole import: twice is once, and the report accounts for every line."""

import asyncio
import io
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from taskflow.features.imports.command import run
from taskflow.foundation.backend import Backend
from taskflow.foundation.settings import Settings
from tests.account import signed_in
from tests.client import Client
from tests.features.imports.commanded import email_of, lines_named
from tests.features.imports.todoist.test_any_file import (
    DIALECTS,
    OTHERS,
    TASKS,
    Dialect,
    Written,
    mixed,
    row_of,
    starts,
)
from tests.features.imports.todoist.test_any_file import written as as_file

pytestmark = pytest.mark.slow

DUE = some.sampled_from(
    ["", "2026-12-01", "2026-12-01 09:00 +02:00", "every day", "in 5 days", "0001-01-01T00:00:00Z", "31 June 2026"]
)
TITLES = some.sampled_from(["milk", "bread", "milk @shop", "x" * 600, "\x1b[2J", "a\u2028b", "=1+1"])
DATED = some.lists(some.builds(Written, TITLES, some.sampled_from(["", "with care"]), some.sampled_from("14"), DUE))

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
full = settings(quick, max_examples=1000)
files = given(tasks=TASKS | DATED, others=OTHERS, dialect=DIALECTS, data=some.data())


@quick
@files
async def test_an_import_twice_is_an_import_once_and_every_line_is_accounted_for(
    client: Client,
    backend: Backend,
    settings: Settings,
    tasks: list[Written],
    others: list[dict[str, str]],
    dialect: Dialect,
    data: some.DataObject,
) -> None:
    await twice(client, backend, settings, as_file(mixed(data, [row_of(task) for task in tasks], others), dialect))


@pytest.mark.long
@full
@files
async def test_any_file_twice_is_that_file_once(
    client: Client,
    backend: Backend,
    settings: Settings,
    tasks: list[Written],
    others: list[dict[str, str]],
    dialect: Dialect,
    data: some.DataObject,
) -> None:
    await twice(client, backend, settings, as_file(mixed(data, [row_of(task) for task in tasks], others), dialect))


async def twice(client: Client, backend: Backend, settings: Settings, content: bytes) -> None:
    """Import a file into a new space, and again."""
    ada = Client(client.http, await signed_in(backend))

    first = await imported(settings, content, email_of(ada))
    shown = await everything(ada)
    again = await imported(settings, content, email_of(ada))

    assert await everything(ada) == shown
    told = {line for line, row in starts(content) if any(cell.strip() for cell in row)} - {1}
    assert told <= set(lines_named(first))
    assert told <= set(lines_named(again))
    assert again.startswith("0 tasks made\n")


async def imported(settings: Settings, content: bytes, email: str) -> str:
    """What the command says of a file."""
    with TemporaryDirectory() as folder, redirect_stdout(io.StringIO()) as said:
        file = Path(folder) / "project.csv"
        file.write_bytes(content)
        assert await asyncio.to_thread(run, settings, "todoist", str(file), email) == 0
    return said.getvalue()


async def everything(client: Client) -> tuple[Any, str]:
    """All tasks of a small space, and its number."""
    answer = await client.get("/api/v1/tasks", params={"limit": "200", "sort": "position"})
    return answer.json(), answer.headers["taskflow-seq"]
