"""The refresh token: rotated once, answered alike within the grace, the end of the session when reused (RFC 9700)."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from taskflow.foundation.backend import Backend
from tests.client import PASSWORD, Client


async def refresh(client: Client, token: str) -> Any:
    return await client.call("POST", "/api/v1/auth/refresh", json={"refresh_token": token})


async def age(backend: Backend, ada: Client, by: timedelta) -> None:
    """Let a session's last rotation lie further back."""
    async with backend.database.transaction(UUID(ada.id)) as transaction:
        await transaction.connection.execute("UPDATE sessions SET rotated_at = rotated_at - $1::interval", by)


async def test_fifty_parallel_refreshes_of_one_token_give_one_successor(ada: Client) -> None:
    token = ada.signed_in["refresh_token"]

    answers = await asyncio.gather(*(refresh(ada, token) for _ in range(50)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert answers[0].json()["refresh_token"] != token


async def test_the_successor_goes_on(ada: Client) -> None:
    first = (await refresh(ada, ada.signed_in["refresh_token"])).json()

    second = await refresh(ada, first["refresh_token"])

    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert (await Client(ada.http, second.json()).get("/api/v1/me")).status_code == 200


async def test_the_parent_after_the_grace_ends_the_session_and_its_access_tokens(ada: Client, backend: Backend) -> None:
    child = (await refresh(ada, ada.signed_in["refresh_token"])).json()
    await age(backend, ada, timedelta(seconds=60))

    reused = await refresh(ada, ada.signed_in["refresh_token"])

    assert (reused.status_code, reused.json()["code"]) == (401, "session_ended")
    assert (await refresh(ada, child["refresh_token"])).status_code == 401
    assert (await Client(ada.http, child).get("/api/v1/me")).status_code == 401


async def test_a_grandparent_ends_the_session_even_within_the_grace(ada: Client) -> None:
    child = (await refresh(ada, ada.signed_in["refresh_token"])).json()
    grandchild = (await refresh(ada, child["refresh_token"])).json()

    assert (await refresh(ada, ada.signed_in["refresh_token"])).status_code == 401

    assert (await refresh(ada, grandchild["refresh_token"])).status_code == 401


async def test_a_guess_at_a_token_ends_nobodys_session(ada: Client) -> None:
    token = ada.signed_in["refresh_token"]
    account, session, secret = token.split(".")

    guesses = [f"{account}.{session}.{'00' * 48}", f"{account}.{session}.{secret[:-2]}00", f"{account}.{session}."]

    for guess in (*guesses, "x", "a.b.c", ""):
        assert (await refresh(ada, guess)).status_code == 401
    assert (await refresh(ada, token)).status_code == 200


async def test_a_refresh_that_races_the_sign_out_leaves_nothing_alive(ada: Client) -> None:
    token = ada.signed_in["refresh_token"]

    *refreshed, out = await asyncio.gather(
        *(refresh(ada, token) for _ in range(8)), ada.post("/api/v1/auth/logout", {"refresh_token": token})
    )

    assert out.status_code == 204
    for answer in refreshed:
        if answer.status_code == 200:
            assert (await refresh(ada, answer.json()["refresh_token"])).status_code == 401
            assert (await Client(ada.http, answer.json()).get("/api/v1/me")).status_code == 401


async def test_a_session_idles_out_and_a_long_one_ends(ada: Client, backend: Backend) -> None:
    for column in ("idle_at", "ends_at"):
        someone = await ada.registered()
        past = f"UPDATE sessions SET {column} = now() - interval '1 second'"  # noqa: S608 - one of the two above
        async with backend.database.transaction(UUID(someone.id)) as transaction:
            await transaction.connection.execute(past)

        assert (await refresh(someone, someone.signed_in["refresh_token"])).status_code == 401


async def test_the_cookie_refreshes_for_the_apps_own_pages_alone(ada: Client) -> None:
    cookie = {"cookie": f"taskflow_refresh={ada.signed_in['refresh_token']}"}

    foreign = await ada.post("/api/v1/auth/refresh", headers={**cookie, "origin": "https://evil.example"})
    own = await ada.post("/api/v1/auth/refresh", headers={**cookie, "origin": "http://test"})

    assert (foreign.status_code, foreign.json()["code"]) == (403, "foreign_origin")
    assert own.status_code == 200
    kept = own.headers["set-cookie"]
    assert "HttpOnly" in kept
    assert "SameSite=Strict" in kept
    assert "Path=/api/v1/auth" in kept


async def test_signing_in_again_needs_the_right_password(ada: Client) -> None:
    email = ada.signed_in["user"]["email"]

    right = await ada.post("/api/v1/auth/login", {"email": email.upper(), "password": PASSWORD})
    wrong = await ada.post("/api/v1/auth/login", {"email": email, "password": "something else"})
    nobody = await ada.post("/api/v1/auth/login", {"email": "nobody@example.com", "password": PASSWORD})

    assert right.status_code == 200
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")
    assert wrong.json()["detail"] == nobody.json()["detail"]
    assert nobody.status_code == 401
