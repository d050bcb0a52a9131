"""The CSV of an export: one row a task, safe to open in a spreadsheet."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from taskflow.features.exports.table import COLUMNS, FORMULA, rows, table, written
from taskflow.features.labels.model import CreateLabel
from taskflow.features.projects.model import CreateProject, CreateSection
from taskflow.features.tasks.model import CreateTask
from taskflow.foundation.ids import Id
from tests.account import Person
from tests.drawn import TRICKY, letters


def cells(content: bytes) -> list[list[str]]:
    """What a program reads that knows RFC 4180."""
    return [*csv.reader(io.StringIO(content.decode(), newline=""))]


async def exported(person: Person) -> list[dict[str, str]]:
    """The table of the personal space, row by row."""
    async with person.backend.database.snapshot(person.id) as transaction:
        content = b"".join([piece async for piece, _ in table(transaction, [person.id])])
    header, *lines = cells(content)
    assert header == [*COLUMNS]
    return [dict(zip(header, line, strict=True)) for line in lines]


async def test_a_task_s_row_has_names_where_the_task_has_ids(person: Person) -> None:
    label = await person.do(CreateLabel(name="shop"))
    project = await person.do(CreateProject(name="Home"))
    ids: dict[str, Any] = {"label_ids": [Id(label["id"])], "project_id": Id(project["id"])}
    await person.do(CreateTask(title="milk", description="two\nlitres", priority=3, due_date=date(2026, 12, 1), **ids))

    (row,) = await exported(person)

    told = ("title", "description", "priority", "labels", "project", "section", "due_date", "due_at", "status")
    assert [row[name] for name in told] == ["milk", "two\nlitres", "3", "shop", "Home", "", "2026-12-01", "", "todo"]


async def test_the_rows_stand_as_the_projects_and_sections_do_each_sub_task_below_its_own(person: Person) -> None:
    later, first = [Id((await person.do(CreateProject(name=name, position=name)))["id"]) for name in ("b", "a")]
    below, above = [
        Id((await person.do(CreateSection(project_id=first, name=name, position=name)))["id"]) for name in ("y", "x")
    ]

    async def made(title: str, position: str, **place: Any) -> Id:
        return Id((await person.do(CreateTask(title=title, position=position, **place)))["id"])

    await made("7", "a", project_id=later)
    await made("6", "a", project_id=first, section_id=below)
    parent = await made("3", "b", project_id=first, section_id=above)
    await made("2", "z", project_id=first)
    await made("5", "c", project_id=first, section_id=above)
    await made("4", "z", parent_id=parent)
    await made("1", "b")
    await made("0", "a")

    assert [row["title"] for row in await exported(person)] == list("01234567")


@pytest.mark.parametrize("title", ["=1+1", "+49 30", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("http://x")', "\r\n=1"])
async def test_a_title_that_a_spreadsheet_would_run_is_quoted(person: Person, title: str) -> None:
    await person.do(CreateTask(title=title))

    (row,) = await exported(person)

    assert row["title"] == f"'{title}"


@given(some.lists(some.text(letters) | some.sampled_from(TRICKY) | some.none(), min_size=1))
def test_any_cell_reads_back_and_none_begins_a_formula(line: list[str | None]) -> None:
    (found,) = cells(rows([["x", *line]]))

    assert found == ["x", *(written(cell) for cell in line)]
    assert [cell.removeprefix("'") if cell.startswith("'") else cell for cell in found[1:]] == [
        (cell or "").removeprefix("'") for cell in line
    ]
    assert not any(cell.startswith(FORMULA) for cell in found)
