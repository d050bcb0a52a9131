"""Guesses at a password: counted where they were answered, and only there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient

from taskflow.api.static import StaticFiles
from taskflow.app import Application
from taskflow.foundation.backend import Backend, opened
from taskflow.foundation.limits import Rate
from taskflow.foundation.settings import Settings
from tests.client import PASSWORD, Client

ADDRESS = "198.51.100.8"
LOGIN, REGISTER = "/api/v1/auth/login", "/api/v1/auth/register"


@pytest.fixture(params=["with Redis", "without Redis"])
def narrow(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Five tries in 15 minutes, counted in Redis or by the process alone."""
    there = replace(settings, workers=1, rate_limit_auth=Rate(5, 900))
    return replace(there, redis_url="unix:///nowhere") if request.param == "without Redis" else there


@pytest.fixture(autouse=True)
async def _forgotten(backend: Backend) -> AsyncIterator[None]:
    """No try of the address is left behind."""
    yield
    await backend.redis.delete(f"tries:{{{ADDRESS}}}")


@asynccontextmanager
async def process(settings: Settings) -> AsyncIterator[tuple[Backend, Client]]:
    async with opened(settings) as second:
        transport = ASGITransport(Application(second, StaticFiles(Path("no web app"))), client=(ADDRESS, 1))
        async with AsyncClient(transport=transport, base_url="http://test") as http:
            yield second, Client(http)


def somebody() -> dict[str, str]:
    return {"email": f"{uuid4().hex}@example.com", "password": PASSWORD}


async def test_five_guesses_are_answered_and_no_more(narrow: Settings) -> None:
    async with process(narrow) as (_, client):
        answers = [await client.post(LOGIN, somebody()) for _ in range(7)]

    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2


async def test_of_addresses_that_are_taken_five_are_told_and_no_more(narrow: Settings, ada: Client) -> None:
    taken = {**somebody(), "email": ada.signed_in["user"]["email"], "name": "Ada"}

    async with process(narrow) as (_, client):
        answers = [await client.post(REGISTER, taken) for _ in range(7)]

    assert [answer.status_code for answer in answers] == [409] * 5 + [429] * 2


async def test_who_is_turned_away_while_the_database_is_gone_has_not_guessed(narrow: Settings) -> None:
    async with process(narrow) as (second, client):
        pool, wrong = second.database.pool, [await client.post(LOGIN, somebody())]
        await pool.close()
        away = [await client.post(LOGIN, somebody()) for _ in range(7)]
        away += [await client.post(REGISTER, {**somebody(), "name": "Ada"}) for _ in range(7)]
        second.database.pool = (await second.database.open(narrow.database_url, 1)).pool
        wrong += [await client.post(LOGIN, somebody()) for _ in range(5)]

    assert {answer.status_code for answer in away} == {503}
    assert [answer.status_code for answer in wrong] == [401] * 5 + [429]


async def test_who_may_not_register_with_that_password_may_try_another(narrow: Settings) -> None:
    async with process(narrow) as (_, client):
        common = [await client.post(REGISTER, {**somebody(), "password": "password1", "name": "A"}) for _ in range(7)]
        made = await client.post(REGISTER, {**somebody(), "name": "Ada"})

    assert {answer.status_code for answer in common} == {422}
    assert made.status_code == 201
