"""Signing out: the session ends with its access and refresh tokens, and every process respects it."""

from pathlib import Path

from httpx import ASGITransport, AsyncClient

from taskflow.api.static import StaticFiles
from taskflow.app import Application
from taskflow.foundation.backend import opened
from taskflow.foundation.settings import Settings
from tests.client import PASSWORD, Client


async def test_both_tokens_end_at_once(ada: Client) -> None:
    assert (await ada.get("/api/v1/tasks")).status_code == 200

    out = await ada.post("/api/v1/auth/logout", {"refresh_token": ada.signed_in["refresh_token"]})

    assert out.status_code == 204
    assert (await ada.get("/api/v1/tasks")).status_code == 401
    again = await ada.post("/api/v1/auth/refresh", {"refresh_token": ada.signed_in["refresh_token"]})
    assert again.status_code == 401


async def test_the_access_token_alone_signs_out(ada: Client) -> None:
    assert (await ada.post("/api/v1/auth/logout")).status_code == 204

    assert (await ada.get("/api/v1/me")).status_code == 401


async def test_without_any_token_there_is_nothing_to_end(client: Client) -> None:
    out = await client.post("/api/v1/auth/logout")

    assert (out.status_code, out.json()["code"]) == (401, "session_ended")


async def test_another_process_that_had_let_the_token_pass_respects_it(ada: Client, settings: Settings) -> None:
    async with opened(settings) as second:
        other = Application(second, StaticFiles(Path("no web app")))
        async with AsyncClient(transport=ASGITransport(other), base_url="http://test") as http:
            elsewhere = Client(http, ada.signed_in)
            assert (await elsewhere.get("/api/v1/tasks")).status_code == 200

            await ada.post("/api/v1/auth/logout")

            assert (await elsewhere.get("/api/v1/tasks")).status_code == 401


async def test_a_cache_that_forgot_everything_lets_no_ended_session_in(ada: Client, settings: Settings) -> None:
    await ada.post("/api/v1/auth/logout")

    async with opened(settings) as second:
        await second.redis.flushall()

    assert (await ada.get("/api/v1/tasks")).status_code == 401


async def test_the_account_sees_its_devices_and_ends_one(ada: Client) -> None:
    body = {"email": ada.signed_in["user"]["email"], "password": PASSWORD}
    phone = Client(ada.http, (await ada.post("/api/v1/auth/login", body, headers={"user-agent": "Phone"})).json())
    devices = (await ada.get("/api/v1/auth/sessions")).json()["items"]
    other = next(device for device in devices if not device["current"])
    assert other["name"] == "Phone"

    ended = await ada.delete(f"/api/v1/auth/sessions/{other['id']}")

    assert ended.status_code == 204
    assert (await phone.get("/api/v1/me")).status_code == 401
    assert (await ada.delete(f"/api/v1/auth/sessions/{other['id']}")).json()["code"] == "session_not_found"
    assert len((await ada.get("/api/v1/auth/sessions")).json()["items"]) == 1
