"""Misfits are told in words for people, never as a pattern or a type of ours."""

import pytest

from tests.client import PASSWORD, Client

REGISTER = {"email": "new@example.com", "password": PASSWORD, "name": "New"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": "ada"}, "/email: is not an e-mail address like ada@example.com"),
        ({"password": "short"}, "/password: has fewer than 8 characters"),
        ({"password": "x" * 129}, "/password: has more than 128 characters"),
        ({"name": " "}, "/name: is blank"),
        ({"name": ""}, "/name: has fewer than 1 character"),
        ({"locale": "English"}, "/locale: is not a language like en or de-AT"),
        ({"admin": True}, "/admin: is no field that this takes"),
    ],
)
async def test_who_registers_reads_what_is_wrong(client: Client, changed: dict[str, object], said: str) -> None:
    answer = await client.post("/api/v1/auth/register", REGISTER | changed)

    assert (answer.status_code, answer.json()["detail"]) == (422, said)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": "\t"}, "/title: is blank"),
        ({"priority": 4}, "/priority: is more than 3"),
        ({"priority": -1}, "/priority: is less than 0"),
        ({"priority": "high"}, "/priority: is no whole number"),
        ({"title": 5}, "/title: is no text"),
        ({"title": None}, "/title: is no text"),
        ({"label_ids": "home"}, "/label_ids: is no list"),
        ({"due_date": "tomorrow"}, "/due_date: is no day like 2026-12-31"),
        ({"due_at": "tomorrow"}, "/due_at: is no moment like 2026-12-31T09:00:00Z"),
        ({"due_at": "2026-12-31T09:00:00"}, "/due_at: has no zone, as in 2026-12-31T09:00:00Z or 09:00:00+01:00"),
        ({"status": "late"}, "/status: can't be 'late'"),
        ({"position": "a b"}, "/position: has other characters than 0-9, A-Z and a-z"),
    ],
)
async def test_who_makes_a_task_reads_what_is_wrong(ada: Client, changed: dict[str, object], said: str) -> None:
    answer = await ada.post("/api/v1/tasks", {"title": "Pay rent"} | changed)

    assert (answer.status_code, answer.json()["detail"]) == (422, said)


async def test_a_name_of_the_clients_own_that_does_not_fit_is_told_where_the_names_stand(ada: Client) -> None:
    answer = await ada.post("/api/v1/sync", {"cursors": {"home": ""}})

    said = "/cursors: has a name that is not a UUID in lower case with hyphens"
    assert (answer.status_code, answer.json()["detail"]) == (422, said)


async def test_no_route_takes_a_parameter_that_it_does_not_know(ada: Client) -> None:
    for method, path in (
        ("POST", "/api/v1/auth/login"),
        ("POST", "/api/v1/auth/register"),
        ("POST", "/api/v1/auth/refresh"),
        ("POST", "/api/v1/auth/logout"),
        ("GET", "/api/v1/auth/sessions"),
        ("GET", "/api/v1/me"),
        ("PATCH", "/api/v1/me"),
    ):
        answer = await ada.call(method, f"{path}?colour=red", json={})

        assert (answer.status_code, answer.json()["code"]) == (400, "bad_query"), path
