"""What a database says of its tables."""

import asyncpg
from msgspec import Struct

TABLES = """
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relrowsecurity AS walled, c.relforcerowsecurity AS forced,
    c.relkind::text AS kind,
    ARRAY(SELECT t.tgname::text FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS triggers
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f', 'm', 'v') AND n.nspname !~ '^(pg_|information_schema$)'
ORDER BY n.nspname, c.relname
"""
COLUMNS = """
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS kind, a.attnotnull AS required,
    a.atthasdef OR a.attidentity <> '' AS filled,
    a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval(%' AS counted
FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
UNIQUES = """
SELECT i.indexrelid::regclass::text AS name, i.indisprimary AS is_primary,
    ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (n, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY k.place) AS columns
FROM pg_index i WHERE i.indrelid = $1 AND (i.indisunique OR i.indisexclusion)
"""
CONSTRAINTS = """
SELECT c.conname AS name, c.contype::text AS kind, pg_get_constraintdef(c.oid) AS text,
    coalesce(c.confrelid::regclass::text, '') AS target, c.confdeltype::text || c.confupdtype::text AS actions,
    ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k (n, place)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.place) AS columns,
    ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k (n, place)
        JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.place) AS target_columns
FROM pg_constraint c WHERE c.conrelid = $1 AND c.contype IN ('c', 'f')
"""


class Column(Struct, frozen=True):
    """`filled`: it has a default; `counted`: out of a sequence."""

    name: str
    kind: str
    required: bool
    filled: bool
    counted: bool


class Unique(Struct, frozen=True):
    """An index in which no two rows are the same."""

    name: str
    primary: bool
    columns: list[str]


class Constraint(Struct, frozen=True):
    """A check (kind c) or a foreign key (f): to which columns of what, and what happens on delete and update there."""

    name: str
    kind: str
    text: str
    target: str
    actions: str
    columns: list[str]
    target_columns: list[str]


class Table(Struct, frozen=True):
    """A table, or what looks like one: `kind` as in pg_class."""

    oid: int
    schema: str
    name: str
    walled: bool
    forced: bool
    kind: str
    triggers: list[str]
    columns: list[Column]
    uniques: list[Unique]
    constraints: list[Constraint]

    @property
    def full_name(self) -> str:
        """Its name, with the schema where that is not the usual one."""
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"

    @property
    def owner(self) -> str:
        """The column that says whose a row is: a space's, or an account's; '' where rows are nobody's."""
        names = [column.name for column in self.columns]
        return next((name for name in ("space_id", "account_id") if name in names), "")

    @property
    def key(self) -> list[str]:
        """The columns of the primary key."""
        return next((unique.columns for unique in self.uniques if unique.primary), [])


async def tables(connection: asyncpg.Connection) -> dict[str, Table]:
    """All tables and views but the database's own, by full name."""
    found = [
        Table(
            oid=row["oid"],
            schema=row["schema"],
            name=row["name"],
            walled=row["walled"],
            forced=row["forced"],
            kind=row["kind"],
            triggers=row["triggers"],
            columns=[Column(*column) for column in await connection.fetch(COLUMNS, row["oid"])],
            uniques=[Unique(*unique) for unique in await connection.fetch(UNIQUES, row["oid"])],
            constraints=[Constraint(*constraint) for constraint in await connection.fetch(CONSTRAINTS, row["oid"])],
        )
        for row in await connection.fetch(TABLES)
    ]
    return {table.full_name: table for table in found}
