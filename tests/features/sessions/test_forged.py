"""Refresh tokens that this installation never gave out: told by their mark, before anything is asked or kept."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

from taskflow.api.static import StaticFiles
from taskflow.app import Application
from taskflow.foundation.backend import Backend, opened
from taskflow.foundation.ids import new_id
from taskflow.foundation.limits import Rate
from taskflow.foundation.settings import Settings
from tests.client import Client

ADDRESS = "198.51.100.7"


@pytest.fixture
async def alone(settings: Settings, backend: Backend) -> AsyncIterator[Client]:
    """A stranger at a process that has no database any more, and lets four requests of an address through."""
    async with opened(replace(settings, rate_limit_ip=Rate(4, 3600))) as second:
        transport = ASGITransport(Application(second, StaticFiles(Path("no web app"))), client=(ADDRESS, 1))
        await second.database.close()
        async with AsyncClient(transport=transport, base_url="http://test") as http:
            yield Client(http)
    await backend.redis.delete(f"limit:{{{ADDRESS}}}")


def forged(session: str) -> dict[str, str]:
    return {"refresh_token": f"{new_id().hex}.{session}.{'00' * 48}"}


async def test_a_forged_refresh_counts_against_its_address_and_asks_no_database(
    alone: Client, backend: Backend
) -> None:
    sessions = [new_id() for _ in range(6)]

    answers = [await alone.post("/api/v1/auth/refresh", forged(session.hex)) for session in sessions]

    assert [answer.status_code for answer in answers] == [401] * 4 + [429] * 2
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"ip";q=4;w=3600'}
    assert await backend.redis.exists(*(f"limit:{{{session}}}" for session in sessions)) == 0


async def test_a_forged_sign_out_asks_no_database(alone: Client) -> None:
    answer = await alone.post("/api/v1/auth/logout", forged(new_id().hex))

    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")


async def test_what_is_no_token_at_all_counts_as_a_forged_one(alone: Client) -> None:
    shown = [{"refresh_token": "a.b.c"}, {"refresh_token": ""}, {}, None, None]

    answers = [await alone.post("/api/v1/auth/refresh", body) for body in shown]

    assert [answer.status_code for answer in answers] == [401] * 4 + [429]
