"""What a statement and a table must be like so that a Citus takes them: each rule answers what is wrong, or nothing."""

import re
from collections.abc import Callable, Iterator
from itertools import chain

from tests.architecture.catalogue import Table

Keys = dict[str, list[str]]  # the tables that are spread by space, and their primary keys
StatementRule = Callable[[str, Keys], Iterator[str]]
TableRule = Callable[[Table, Keys], Iterator[str]]

IMMUTABLE = {"coalesce", "nullif", "lower", "upper", "length", "greatest", "least"}
VOLATILE = r"\b(gen_random_uuid|uuidv4|uuidv7|random|clock_timestamp|statement_timestamp|timeofday|nextval)\s*\("
NO_ALIAS = {
    "as",
    "set",
    "where",
    "on",
    "values",
    "using",
    "from",
    "order",
    "limit",
    "returning",
    "group",
    "left",
    "join",
}


def names_its_space(sql: str, keys: Keys) -> Iterator[str]:
    """Every table is bound to the space of $1, by itself or through another one."""
    bound = {
        alias
        for table, alias in read(sql, keys)
        if re.search(rf"(?<![\w.])({alias}\.){'?' if alias == table else ''}space_id = \$1\b", sql)
    }
    for table, alias in read(sql, keys):
        through = re.findall(rf"\b{alias}\.space_id = (\w+)\.space_id\b", sql)
        if alias not in bound and not bound.intersection(through):
            yield f"{table} is read without its space"


def inserts_its_space(sql: str, keys: Keys) -> Iterator[str]:
    """What is inserted begins with the space: $1, or that of the space's own row."""
    for table, columns, rest in re.findall(r"INSERT INTO (\w+)(?: AS \w+)? \(([^)]*)\) (.*)", sql):
        given = re.match(r"(?:VALUES \(\$1\b|SELECT s\.space_id\b)", rest)
        if table in keys and not (columns.startswith("space_id") and given):
            yield f"{table} is filled without its space"


def selects_what_it_inserts_from_the_space(sql: str, keys: Keys) -> Iterator[str]:
    """INSERT ... SELECT reads the space's row: from unnest alone, or from another write's rows, it becomes a COPY."""
    for table, rest in re.findall(r"INSERT INTO (\w+)(?: AS \w+)? \([^)]*\) (?:WITH .*)?SELECT (.*)", sql):
        if table in keys and not re.search(r"\bFROM spaces s\b.*\bWHERE s\.space_id = \$1\b", rest):
            yield f"{table} is filled by a SELECT that does not begin at its space"
        if table in keys and re.search(r"\b(WITH|,) \w+ AS (NOT )?(MATERIALIZED )?\((INSERT|UPDATE|DELETE)\b", sql):
            yield f"{table} is filled from what another write returns"


def keeps_queries_out_of_values(sql: str, keys: Keys) -> Iterator[str]:
    """VALUES has no sub-query."""
    if keys and re.search(r"\bVALUES\b.*\(SELECT\b", sql):
        yield "a sub-query in VALUES"


def returns_by_alias(sql: str, keys: Keys) -> Iterator[str]:
    """RETURNING names its columns through the table's alias."""
    changed = written(sql, keys)
    aliases = [f"{alias}." for table, alias in changed if alias != table]
    yield from (
        f"RETURNING {item} is by no alias" for item in returning(sql) if changed and not item.startswith((*aliases,))
    )


def returns_what_never_varies(sql: str, keys: Keys) -> Iterator[str]:
    """RETURNING calls nothing but immutable functions (row_to_json and to_jsonb are none)."""
    calls = re.findall(r"(\w+)\s*\(", " , ".join(returning(sql)))
    yield from (f"RETURNING calls {call}()" for call in calls if keys and call.lower() not in IMMUTABLE)


def leaves_settings_alone(sql: str, keys: Keys) -> Iterator[str]:
    """The space is set by a statement of its own: what a function sets does not reach the shards."""
    if keys and re.search(r"\bset_config\s*\(|\bcurrent_setting\s*\(|^\s*(SET|RESET)\b", sql, re.IGNORECASE):
        yield "a setting is read or written"


def conflicts_in_its_space(sql: str, keys: Keys) -> Iterator[str]:
    """ON CONFLICT says on which key, and the space is part of it."""
    for table, _ in written(sql, keys):
        for target in re.findall(r"ON CONFLICT(?: \(([^)]*)\))?", sql):
            if "space_id" not in re.split(r",\s*", target):
                yield f"ON CONFLICT in {table} without its space"


def locks_by_key(sql: str, keys: Keys) -> Iterator[str]:
    """Whoever locks a row names its whole key, so that it is one row on one shard, locked in no unlucky order."""
    if re.search(r"\bFOR (NO KEY )?(UPDATE|SHARE|KEY SHARE)\b", sql):
        for table, alias in read(sql, keys):
            missing = [column for column in keys[table] if not re.search(rf"\b{alias}\.{column} = \$\d", sql)]
            yield from (f"{table} is locked without {column}" for column in missing)


def leaves_rows_in_their_space(sql: str, keys: Keys) -> Iterator[str]:
    """No UPDATE sets the space: a row that moves is deleted here and inserted there."""
    for clause in re.findall(r"\bSET (.*?)(?:\bWHERE\b|\bRETURNING\b|$)", sql):
        if keys and re.search(r"(^|[,(]\s*)space_id\b", clause):
            yield "the space of a row is changed"


def writes_what_is_given(sql: str, keys: Keys) -> Iterator[str]:
    """A write calls nothing volatile: ids and moments come as parameters, the same on every shard."""
    if written(sql, keys):
        yield from (f"{call}() in a write" for call in re.findall(VOLATILE, sql))


def is_one_statement(sql: str, keys: Keys) -> Iterator[str]:
    """A SELECT or a write, and one of it."""
    if keys and (";" in sql or not re.match(r"(SELECT|INSERT|UPDATE|DELETE|WITH)\b", sql)):
        yield "not one SELECT, INSERT, UPDATE or DELETE"


STATEMENT_RULES: list[StatementRule] = [
    names_its_space,
    inserts_its_space,
    selects_what_it_inserts_from_the_space,
    keeps_queries_out_of_values,
    returns_by_alias,
    returns_what_never_varies,
    leaves_settings_alone,
    conflicts_in_its_space,
    locks_by_key,
    leaves_rows_in_their_space,
    writes_what_is_given,
    is_one_statement,
]


def faults(sql: str, keys: Keys) -> list[str]:
    """All that is wrong with a statement."""
    line = " ".join(re.sub(r"--.*", "", sql).split())
    return [*chain.from_iterable(rule(line, keys) for rule in STATEMENT_RULES)]


def read(sql: str, keys: Keys) -> list[tuple[str, str]]:
    """The tables whose rows are looked for (not only inserted), each with the name it has there."""
    return [
        (table, alias if alias and alias.lower() not in NO_ALIAS else table)
        for table, alias in re.findall(
            r"(?:\b(?:FROM|JOIN|USING|UPDATE(?: ONLY)?)|,) (\w+)\b(?! ?\()(?: AS)?(?: (\w+))?", sql
        )
        if table in keys
    ]


def written(sql: str, keys: Keys) -> list[tuple[str, str]]:
    """The tables that are changed, each with the name it has there."""
    return [
        (table, alias or table)
        for table, alias in re.findall(
            r"\b(?:INSERT INTO|(?<!DO )(?<!FOR )UPDATE|DELETE FROM) (\w+)(?: AS (\w+))?", sql
        )
        if table in keys
    ]


def returning(sql: str) -> list[str]:
    """What RETURNING names."""
    items, depth = [""], 0
    for letter in sql.partition(" RETURNING ")[2]:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth < 0:
            break
        if letter == "," and not depth:
            items.append("")
        else:
            items[-1] += letter
    return [item.strip() for item in items if item.strip()]


def is_keyed_by_space(table: Table, _: Keys) -> Iterator[str]:
    """The space is part of the primary key, and of every other key."""
    if "space_id" not in table.key:
        yield f"{table.name}: the primary key is without space_id"
    for unique in table.uniques:
        if "space_id" not in unique.columns and not unique.primary:
            yield f"{unique.name} is unique over all spaces"


def is_always_of_a_space(table: Table, _: Keys) -> Iterator[str]:
    """The space is a uuid and never null."""
    column = next(column for column in table.columns if column.name == "space_id")
    if (column.kind, column.required) != ("uuid", True):
        yield f"{table.name}: space_id is {column.kind}{'' if column.required else ', or null'}"


def points_within_its_space(table: Table, keys: Keys) -> Iterator[str]:
    """A foreign key carries the space along, and takes nothing off it when its target goes."""
    for foreign in (constraint for constraint in table.constraints if constraint.kind == "f"):
        pairs = [*zip(foreign.columns, foreign.target_columns, strict=True)]
        if foreign.target in keys and ("space_id", "space_id") not in pairs:
            yield f"{foreign.name} points into any space"
        if set(foreign.actions) & {"n", "d"}:
            yield f"{foreign.name} sets columns when its target goes"


def counts_by_itself(table: Table, _: Keys) -> Iterator[str]:
    """No column comes out of a sequence: each shard would count for itself."""
    yield from (f"{table.name}.{column.name} comes out of a sequence" for column in table.columns if column.counted)


def has_no_triggers(table: Table, _: Keys) -> Iterator[str]:
    """Distributed tables take none."""
    yield from (f"{table.name} has the trigger {trigger}" for trigger in table.triggers)


TABLE_RULES: list[TableRule] = [
    is_keyed_by_space,
    is_always_of_a_space,
    points_within_its_space,
    counts_by_itself,
    has_no_triggers,
]


def table_faults(table: Table, keys: Keys) -> list[str]:
    """All that is wrong with a table."""
    return [*chain.from_iterable(rule(table, keys) for rule in TABLE_RULES)]
