"""What deletes, the trash and histories read the rows of their space from an index, also where every table is full."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from taskflow.foundation.ids import new_id
from taskflow.foundation.settings import Settings
from tests.architecture.every_statement import NAMED
from tests.architecture.test_plans import SPACE, SPACES, nodes, plans, strays

OTHERS = [new_id() for _ in range(20)]
# In each space 600 tasks with a comment and an entry of activity each; one in ten is in the trash.
TASKS = """
INSERT INTO tasks (space_id, id, title, title_key, status, priority, position,
    created_by, created_at, updated_at, seq, created_seq, deleted_seq)
SELECT space, md5(space::text || n)::uuid, 'Task', 'task', 'todo', 0, n || 'V', space, now(), now(), n, n,
    CASE WHEN n % 10 = 0 THEN n END
FROM unnest($1::uuid[]) space, generate_series(1, 600) n
"""
COMMENTS = """
INSERT INTO comments (space_id, id, task_id, author_id, body, created_at, updated_at, seq, created_seq, deleted_seq)
SELECT space, md5(space::text || n)::uuid, md5(space::text || n)::uuid, space, 'Remark', now(), now(), 600 + n, n,
    CASE WHEN n % 10 = 0 THEN n + 600 END
FROM unnest($1::uuid[]) space, generate_series(1, 600) n
"""
ACTIVITY = """
INSERT INTO activity (space_id, seq, first_seq, at, account_id, operation, kind, entity_id, task_id, changes)
SELECT space, n, n, now(), space, 'update_task', 'task', md5(space::text || n)::uuid, md5(space::text || n)::uuid, '{}'
FROM unnest($1::uuid[]) space, generate_series(1, 600) n
"""
TABLES = {"tasks", "comments", "activity"}
STATEMENTS = [
    "bury_comments", "bury_tasks", "comments_on", "list_comments", "list_trash", "space_history", "take_label_off",
    "task_history", "tasks_below", "tasks_of_project", "tasks_of_section", "tasks_with_label", "thing_history",
]  # fmt: skip


@pytest.fixture(scope="module")
async def full(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A space beside twenty more, seen as requests see it; all of it is undone."""
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute("BEGIN")
    for rows in (SPACES, TASKS, COMMENTS, ACTIVITY):
        await connection.execute(rows, [SPACE, *OTHERS])
    await connection.execute("ANALYZE tasks, comments, activity, spaces")
    await connection.execute(f"SET LOCAL ROLE taskflow_app; SET LOCAL app.space = '{SPACE}'; SET LOCAL jit = off")
    yield connection
    await connection.close()


@pytest.mark.parametrize("name", STATEMENTS)
async def test_a_statement_reads_the_rows_of_its_space_from_an_index(full: asyncpg.Connection, name: str) -> None:
    both = await plans(full, NAMED[name].sql)

    assert [strays(plan, TABLES) for plan in both] == [[], []]


async def test_the_trash_is_read_from_the_index_of_what_was_deleted_by_name(full: asyncpg.Connection) -> None:
    for plan in await plans(full, NAMED["list_trash"].sql):
        assert {"tasks_deletions", "comments_deletions"} <= {node.get("Index Name") for node in nodes(plan)}
