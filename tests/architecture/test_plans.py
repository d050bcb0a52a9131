"""No plan touches rows of another space, and the lists that are asked most read theirs from an index."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from typing import Any, get_args

import asyncpg
import pytest

from taskflow.features.tasks.lists.query import SORTS, Sort
from taskflow.features.tasks.lists.shapes import Behind, Project, Shape
from taskflow.foundation.ids import new_id
from taskflow.foundation.settings import Settings
from tests.architecture.every_statement import NAMED, SHAPES

SPACE = new_id()
OTHERS = [new_id() for _ in range(20)]
SPACES = """
INSERT INTO spaces (space_id, kind, seq, own_seq, created_by, created_at)
SELECT id, 'personal', 4000, 0, id, now() FROM unnest($1::uuid[]) id
"""
PROJECTS = """
INSERT INTO projects (space_id, id, name, position, created_by, created_at, updated_at, seq, created_seq)
SELECT id, id, 'Home', 'V', id, now(), now(), 1, 1 FROM unnest($1::uuid[]) id
"""
TASKS = """
INSERT INTO tasks (space_id, id, title, title_key, status, priority, due_local, position, project_id,
    created_by, created_at, updated_at, seq, created_seq)
SELECT $1::uuid, gen_random_uuid(), 'Task ' || n, 'task ' || n,
    (ARRAY['todo', 'in_progress', 'done'])[1 + n % 3], n % 4,
    CASE WHEN n % 3 = 0 THEN 'infinity' ELSE timestamp '2026-01-01' + n * interval '1 hour' END, n || 'V',
    CASE WHEN n % 4 = 0 THEN $1::uuid END,
    $1, now() - n * interval '1 minute', now(), n, n
FROM generate_series(1, $2::int) n
"""
TENANTS = """
SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'space_id'
"""
EXAMPLES: dict[str, Any] = {
    "bool": True,
    "bytea": b"",
    "bytea[]": [b""],
    "date": date(2026, 2, 1),
    "inet": "::1",
    "int2": 1,
    "int2[]": [1],
    "int4": 51,
    "int8": 51,
    "jsonb": "[]",
    "text": "V",
    "text[]": ["todo", "done"],
    "timestamp": datetime(2026, 2, 1),  # noqa: DTZ001 - a time on the wall
    "timestamptz": datetime(2026, 2, 1, tzinfo=UTC),
    "uuid": SPACE,
    "uuid[]": [SPACE],
}


@pytest.fixture(scope="module")
async def full(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A space of 4,000 tasks beside twenty of 500, seen as requests see it; all of it is undone."""
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute("BEGIN; TRUNCATE spaces, projects, tasks CASCADE")  # what other tests left has statistics
    for made in (SPACES, PROJECTS):
        await connection.execute(made, [SPACE, *OTHERS])
    await connection.executemany(TASKS, [(SPACE, 4_000), *((other, 500) for other in OTHERS)])
    await connection.execute("ANALYZE tasks, spaces, projects")
    await connection.execute(f"SET LOCAL ROLE taskflow_app; SET LOCAL app.space = '{SPACE}'; SET LOCAL jit = off")
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def tenants(full: asyncpg.Connection) -> set[str]:
    """The tables whose rows belong to one space, or to one account."""
    return {row["table_name"] for row in await full.fetch(TENANTS)} | {"accounts"}


@pytest.mark.parametrize("name", NAMED)
async def test_no_plan_of_a_statement_touches_rows_of_another_space(
    full: asyncpg.Connection, tenants: set[str], name: str
) -> None:
    await full.execute("SET LOCAL enable_seqscan = off")  # most tables are empty here: what can use an index does

    both = await plans(full, NAMED[name].sql)
    await full.execute("SET LOCAL enable_seqscan = on")

    assert [strays(plan, tenants) for plan in both] == [[], []]


async def plans(connection: asyncpg.Connection, sql: str) -> list[dict[str, Any]]:
    """The plan for some values, and the one that a server keeps for all values."""
    statement = await connection.prepare(sql)
    kinds = [parameter.name for parameter in statement.get_parameters()]
    values = f"({', '.join('NULL' for _ in kinds)})" if kinds else ""
    custom = await statement.explain(*(EXAMPLES[kind] for kind in kinds))
    await connection.execute(f"PREPARE kept AS {sql}; SET LOCAL plan_cache_mode = force_generic_plan")
    generic = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE kept{values}")
    await connection.execute("DEALLOCATE kept; SET LOCAL plan_cache_mode = auto")
    return [custom[0]["Plan"], json.loads(generic)[0]["Plan"]]


def strays(plan: dict[str, Any], tenants: set[str]) -> list[str]:
    """The scans of a plan that read rows of more than one space."""
    return [
        f"{node['Node Type']} {node.get('Relation Name', node.get('Index Name'))}"
        for node in nodes(plan)
        if reads(node, tenants)
        and not re.search(rf"\b{'account' if named(node, 'accounts') else 'space'}_id = ", node.get("Index Cond", ""))
    ]


def reads(node: dict[str, Any], tenants: set[str]) -> bool:
    """Whether a node finds rows of a table by itself: what a bitmap's heap scan reads, its index scan has found."""
    if node["Node Type"] == "Bitmap Index Scan":
        return True
    return node.get("Relation Name") in tenants and node["Node Type"] not in {"Bitmap Heap Scan", "ModifyTable"}


def named(node: dict[str, Any], table: str) -> bool:
    """Whether a node is over a table or an index of it."""
    return bool(node.get("Relation Name", node.get("Index Name", "")).startswith(table))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes of a plan, the outermost first."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


async def test_a_plan_that_throws_other_spaces_away_is_found_out(full: asyncpg.Connection) -> None:
    await full.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")

    both = await plans(full, NAMED["task"].sql)
    await full.execute("SET LOCAL enable_indexscan = on; SET LOCAL enable_bitmapscan = on")

    assert [strays(plan, {"tasks"}) for plan in both] == [["Seq Scan tasks"], ["Seq Scan tasks"]]


@pytest.mark.parametrize("sort", SORTS)
async def test_no_plan_of_a_list_touches_rows_of_another_space(full: asyncpg.Connection, sort: str) -> None:
    await full.execute("SET LOCAL enable_seqscan = off")  # a third of all rows are this space's here

    for shape in (shape for shape in SHAPES if shape.sort == sort):
        both = await plans(full, shape.sql())
        assert [strays(plan, {"tasks"}) for plan in both] == [[], []], shape
    await full.execute("SET LOCAL enable_seqscan = on")


@pytest.mark.parametrize("filtered", [False, True], ids=["all", "filtered"])
@pytest.mark.parametrize("behind", get_args(Behind))
@pytest.mark.parametrize(
    ("sort", "project", "index"),
    [
        ("-created", "any", "tasks_created"),
        ("created", "any", "tasks_created"),
        ("due", "any", "tasks_due"),
        ("-due", "any", "tasks_due"),
        ("position", "one", "tasks_project_position"),
        ("-position", "one", "tasks_project_position"),
        ("position", "none", "tasks_project_position"),
        ("-position", "none", "tasks_project_position"),
    ],
)
async def test_a_list_by_creation_or_due_date_or_by_hand_in_a_project_reads_its_page_from_its_index(
    full: asyncpg.Connection, sort: Sort, project: Project, index: str, behind: Behind, *, filtered: bool
) -> None:
    shape = Shape(sort, project=project, filtered=filtered, behind=behind)

    both = await plans(full, shape.sql())

    for plan in both:
        page = [*nodes(next(node for node in nodes(plan) if node["Node Type"] == "Limit"))]
        assert [node["Index Name"] for node in page if "Index Name" in node] == [index]
        assert not any("Sort" in node["Node Type"] for node in page)
