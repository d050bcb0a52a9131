"""A row for any table, made from nothing but what the catalogue says of it."""

import re
from graphlib import TopologicalSorter

from tests.architecture.catalogue import Column, Table

VALUES = {
    "bigint": "0",
    "boolean": "false",
    "bytea": "''::bytea",
    "date": "current_date",
    "integer": "0",
    "jsonb": "'{}'::jsonb",
    "smallint": "0",
    "text": "$1::text",
    "timestamp with time zone": "now() + interval '1 day'",
    "timestamp without time zone": "localtimestamp",
    "uuid": "$1::uuid",
}


def insert(table: Table) -> str:
    """The INSERT of a row whose every id is $1: it belongs to the space of that id, and what it points to is there."""
    given = [column for column in table.columns if column.required and not column.filled]
    names, values = ", ".join(column.name for column in given), ", ".join(value(table, column) for column in given)
    return f"INSERT INTO {table.full_name} ({names}) VALUES ({values})"  # noqa: S608 - names of the catalogue


def value(table: Table, column: Column) -> str:
    """Something that the column takes: where a check lists values, the first of them."""
    listed = [
        found[0]
        for check in table.constraints
        if check.kind == "c" and check.columns == [column.name] and (found := re.findall(r"'[^']*'::text", check.text))
    ]
    return listed[0] if listed and column.kind == "text" else VALUES[column.kind]


def in_order(tables: dict[str, Table]) -> list[Table]:
    """Tables so that each comes after those that it points to."""
    graph = {
        name: {check.target for check in table.constraints if check.target in tables} - {name}
        for name, table in tables.items()
    }
    return [tables[name] for name in TopologicalSorter(graph).static_order()]
