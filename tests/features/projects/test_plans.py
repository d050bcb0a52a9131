"""Lists of labels, projects and sections read the rows of their space from an index, also where every table is full."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from taskflow.foundation.ids import new_id
from taskflow.foundation.settings import Settings
from tests.architecture.every_statement import NAMED
from tests.architecture.test_plans import SPACE, SPACES, plans, strays

OTHERS = [new_id() for _ in range(20)]
ROWS = """
INSERT INTO {table} (space_id, id, {project} name, position, created_by, created_at, updated_at, seq, created_seq)
SELECT space, md5(space::text || n)::uuid, {value} 'Home ' || n, n || 'V', space, now(), now(), n, n
FROM unnest($1::uuid[]) space, generate_series(1, 300) n
"""
TABLES = {"labels", "projects", "sections"}


@pytest.fixture(scope="module")
async def full(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A space of 300 of each beside twenty more, seen as requests see it; all of it is undone."""
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute("BEGIN")
    await connection.execute(SPACES, [SPACE, *OTHERS])
    for table in sorted(TABLES):
        project = {"project": "project_id,", "value": "md5(space::text || (1 + n % 10))::uuid,"}
        columns = project if table == "sections" else {"project": "", "value": ""}
        await connection.execute(ROWS.format(table=table, **columns), [SPACE, *OTHERS])
    await connection.execute("ANALYZE labels, projects, sections, spaces")
    await connection.execute(f"SET LOCAL ROLE taskflow_app; SET LOCAL app.space = '{SPACE}'; SET LOCAL jit = off")
    yield connection
    await connection.close()


@pytest.mark.parametrize(
    "name",
    ["list_labels", "list_projects", "list_sections", "insert_label", "label_named", "labels_there", "insert_section"],
)
async def test_a_statement_reads_the_rows_of_its_space_from_an_index(full: asyncpg.Connection, name: str) -> None:
    both = await plans(full, NAMED[name].sql)

    assert [strays(plan, TABLES) for plan in both] == [[], []]
