"""While a migration holds a table: who waits for it too long is told to come back, and nothing breaks."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from taskflow.foundation.settings import Settings
from tests.client import Client


@pytest.fixture
async def held(settings: Settings, ada: Client) -> AsyncIterator[Client]:
    """Somebody, while the table of tasks is held by its owner."""
    owner = await asyncpg.connect(settings.database_url)
    await owner.execute("BEGIN; SET LOCAL ROLE taskflow_owner; LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE")
    yield ada
    await owner.close()


async def test_what_waits_for_a_table_is_told_to_come_back(held: Client) -> None:
    asked = [
        held.get("/api/v1/tasks"),
        held.get("/api/v1/tasks?space=all"),
        held.post("/api/v1/sync", {}),
        held.post("/api/v1/tasks", {"title": "Pay rent"}),
        held.get("/api/v1/labels"),
    ]

    *answers, other = await asyncio.gather(*asked)

    assert [answer.json()["code"] for answer in answers] == [*["database_busy"] * 3, "space_busy"]
    assert {(answer.status_code, answer.headers["retry-after"]) for answer in answers} == {(503, "1")}
    assert other.status_code == 200
