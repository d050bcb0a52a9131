"""Every statement is one that the schema takes, and fills what it is said to fill."""

import inspect
import re
import types
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import asyncpg
import msgspec
import pytest

import taskflow
from taskflow.features.spaces.numbered import Reader
from taskflow.features.sync.model import read_change
from taskflow.features.tasks.lists.query import SORTS
from taskflow.features.tasks.model import Task
from taskflow.foundation.database import SETTINGS
from taskflow.foundation.settings import Settings
from taskflow.foundation.statements import Run, only
from tests.architecture.every_statement import COMPOSING, MODULES, NAMED, SHAPES

SOURCES = Path(taskflow.__file__).parent
PYTHON: dict[str, set[Any]] = {
    "bool": {bool},
    "bytea": {bytes},
    "date": {date},
    "inet": {IPv4Address, IPv6Address},  # what asyncpg makes of one without a mask; no other is written
    "int2": {int},
    "int4": {int},
    "int8": {int},
    "jsonb": {str},
    "text": {str},
    "timestamp": {datetime},
    "timestamptz": {datetime},
    "uuid": {UUID},
    "uuid[]": {list[UUID]},
}
KEYS: dict[str, Any] = {"created": datetime, "due": datetime, "priority": int, "title": str, "position": str}
TABLES = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)")


class Field(NamedTuple):
    """What a column goes into."""

    name: str
    kinds: set[Any]
    nullable: bool


def field(name: str, annotation: Any, *, nullable: bool = False) -> Field:
    """A field of an annotation: `int | None` takes an int, and a null."""
    if get_origin(annotation) is Annotated:
        return field(name, get_args(annotation)[0], nullable=nullable)
    if get_origin(annotation) is Literal:
        return Field(name, {type(value) for value in get_args(annotation)}, nullable)
    if get_origin(annotation) in {Union, types.UnionType}:
        taken = [field(name, kind) for kind in get_args(annotation) if kind is not types.NoneType]
        return Field(
            name, set().union(*(each.kinds for each in taken)), nullable or types.NoneType in get_args(annotation)
        )
    return Field(name, {annotation}, nullable)


def fields_of(struct: type) -> list[Field]:
    """The fields of a struct, in the order in which it is made by position."""
    hints = get_type_hints(struct)
    return [field(known.name, hints[known.name]) for known in msgspec.structs.fields(struct)]


def fields_by_call(make: Callable[..., Any]) -> list[Field]:
    """The parameters of a function; of one, the name says nothing."""
    hints = get_type_hints(make)
    return [field(name, hints[name]) for name in inspect.signature(make).parameters]


def fields_at_a_number(make: Callable[..., Any]) -> list[Field]:
    """The number, then a thing or (all null) none."""
    return [field("number", int), *(Field(known.name, known.kinds, nullable=True) for known in fields(make))]


SPECIAL: dict[Callable[..., Any], Callable[[], list[Field]]] = {
    read_change: lambda: [
        known._replace(name=known.name.replace("thing_id", "id")) for known in fields_by_call(read_change)
    ],
}


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A connection as requests have it."""
    connection = await asyncpg.connect(settings.database_url, server_settings=SETTINGS)
    yield connection
    await connection.close()


async def test_every_sentence_of_a_queries_file_has_its_line_of_type() -> None:
    written = {name for module in MODULES for name in module.sql.texts}

    assert written == NAMED.keys()


async def test_whoever_composes_a_statement_can_enumerate_its_shapes() -> None:
    composing = {
        ".".join(("taskflow", *file.relative_to(SOURCES).with_suffix("").parts))
        for file in (SOURCES / "features").rglob("*.py")
        if ".composed(" in file.read_text()
    }

    assert composing == COMPOSING
    assert len({shape.sql() for shape in SHAPES}) == len(SHAPES) == len(SORTS) * 2**3 * 3**2


@pytest.mark.parametrize("name", NAMED)
async def test_a_statement_fills_what_it_is_said_to_fill(app: asyncpg.Connection, name: str) -> None:
    statement = NAMED[name]

    columns = (await app.prepare(statement.sql)).get_attributes()

    if isinstance(statement, Run):
        assert columns == ()
    elif statement.make is only:
        assert len(columns) == 1
    else:
        nullable = await nullable_columns(app, statement.sql)
        assert misfits(columns, fields(statement.make), nullable) == []


def fields(make: Callable[..., Any]) -> list[Field]:
    if isinstance(make, Reader):
        return fields_at_a_number(make.make)
    if make in SPECIAL:
        return SPECIAL[make]()
    return fields_of(make) if isinstance(make, type) else fields_by_call(make)


async def nullable_columns(app: asyncpg.Connection, sql: str) -> set[str]:
    rows = await app.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = ANY($1::text[]) AND is_nullable = 'YES'",
        TABLES.findall(sql),
    )
    return {row["column_name"] for row in rows}


def misfits(columns: tuple[asyncpg.Attribute, ...], filled: list[Field], nullable: set[str]) -> list[str]:
    """What a column is, and what it goes into; nothing where they fit."""
    if len(columns) != len(filled):
        return [f"{[column.name for column in columns]} go into {[known.name for known in filled]}"]
    return [
        f"{column.name} {column.type.name}{' or null' if column.name in nullable else ''} goes into {known}"
        for column, known in zip(columns, filled, strict=True)
        if (len(columns) > 1 and column.name != known.name)
        or PYTHON.get(column.type.name) != known.kinds
        or (column.name in nullable and not known.nullable)
    ]


async def test_a_statement_whose_columns_stand_in_another_order_is_found_out(app: asyncpg.Connection) -> None:
    columns = (await app.prepare("SELECT t.title, t.id, t.due_date, t.seq FROM tasks t")).get_attributes()

    filled = [field("id", UUID), field("title", str), field("due_date", date), field("seq", str)]

    assert misfits(columns, filled, {"due_date"}) == [
        f"title text goes into {filled[0]}",
        f"id uuid goes into {filled[1]}",
        f"due_date date or null goes into {filled[2]}",
        f"seq int8 goes into {filled[3]}",
    ]


async def test_every_shape_of_the_list_fills_a_task_at_a_number(app: asyncpg.Connection) -> None:
    for shape in SHAPES:
        statement = await app.prepare(shape.sql())
        filled = [*fields_at_a_number(Task), Field("key", {KEYS[shape.sort.removeprefix("-")]}, nullable=True)]
        assert misfits(statement.get_attributes(), filled, set()) == [], shape
