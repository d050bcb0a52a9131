"""Registering: an address once, a password that is not everybody's."""

import asyncio

import pytest

from tests.client import PASSWORD, Client


def form(**changed: object) -> dict[str, object]:
    return {"email": "new@example.com", "password": PASSWORD, "name": "New", **changed}


async def test_an_address_registers_once_however_it_is_written(client: Client) -> None:
    first = await client.post("/api/v1/auth/register", form(email="Once@Example.com"))

    second = await client.post("/api/v1/auth/register", form(email="once@example.COM"))

    assert first.status_code == 201
    assert (second.status_code, second.json()["code"]) == (409, "email_taken")


async def test_ten_at_once_with_one_address_make_one_account(client: Client) -> None:
    answers = await asyncio.gather(
        *(client.post("/api/v1/auth/register", form(email="race@example.com")) for _ in range(10))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"password": "short"}, "/password"),
        ({"password": "x" * 129}, "/password"),
        ({"password": "password1"}, "/password"),
        ({"password": "Qwertyuiop"}, "/password"),
        ({"email": "no address"}, "/email"),
        ({"email": "a@b"}, "/email"),
        ({"name": ""}, "/name"),
        ({"name": " \t "}, "/name"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"admin": True}, "/admin"),
    ],
)
async def test_what_does_not_fit_is_named(client: Client, changed: dict[str, object], pointer: str) -> None:
    answer = await client.post("/api/v1/auth/register", form(**changed))

    assert answer.status_code == 422, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


async def test_a_password_keeps_every_character(client: Client) -> None:
    password = "  pass phrase with  spaces, ümläuts and 🔑  "

    await client.post("/api/v1/auth/register", form(email="exact@example.com", password=password))

    right = await client.post("/api/v1/auth/login", {"email": "exact@example.com", "password": password})
    trimmed = await client.post("/api/v1/auth/login", {"email": "exact@example.com", "password": password.strip()})
    assert (right.status_code, trimmed.status_code) == (200, 401)
