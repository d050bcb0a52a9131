"""What a migration adds to a thing goes along with it."""

import re
from collections.abc import AsyncIterator

import asyncpg
import pytest

from taskflow.foundation.settings import Settings
from taskflow.foundation.statements import ALL

STAYS = {"deleted_seq", "moved_to"}  # what goes is no tombstone, and no longer one where it comes back
SINCE_THEN = {"space_id", "created_seq"}  # what a row that comes back has had all the time
COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER'
"""


@pytest.fixture
async def owner(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """The login that migrates."""
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.mark.parametrize("table", ["projects", "sections", "tasks", "comments", "activity"])
async def test_every_column_of_a_row_goes_along(owner: asyncpg.Connection, table: str) -> None:
    sql = ALL[f"arrive_{table}"].sql

    columns = {row["column_name"] for row in await owner.fetch(COLUMNS, table)}

    inserted = re.findall(r"\w+", re.findall(r"INSERT INTO \w+ AS \w \(([^)]*)\)", sql)[0])
    assert {*inserted} == columns - STAYS
    if "DO UPDATE" in sql:
        assert {*re.findall(r"(\w+) = (?:excluded|NULL)", sql)} == columns - SINCE_THEN - {"id"}
