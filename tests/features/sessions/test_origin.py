"""What a page of another site may not do with a browser's cookie or in its name."""

import pytest

from tests.client import PASSWORD, Client

FOREIGN = ["https://evil.example", "null", "http://[", "http://test.evil.example", "http://test:81", ""]


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("path", ["login", "register", "refresh", "logout"])
async def test_another_sites_page_is_refused(client: Client, path: str, origin: str) -> None:
    body = {"email": "mallory@example.com", "password": PASSWORD, "name": "Mallory"}

    answer = await client.post(f"/api/v1/auth/{path}", body, headers={"origin": origin, "content-type": "text/plain"})

    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("origin", ["http://test", "https://test", "http://localhost:8000"])
async def test_the_apps_own_pages_are_not(ada: Client, origin: str) -> None:
    body = {"email": ada.signed_in["user"]["email"], "password": PASSWORD}

    assert (await ada.post("/api/v1/auth/login", body, headers={"origin": origin})).status_code == 200


@pytest.mark.parametrize("email", ["ada@example.com\n", "ada@example.com\r", "a\n@example.com"])
async def test_a_line_end_is_no_part_of_an_address(client: Client, email: str) -> None:
    body = {"email": email, "password": PASSWORD, "name": "Ada"}

    assert (await client.post("/api/v1/auth/register", body)).status_code == 422
