"""Whatever is sent to labels, projects and sections: a problem with the place, and nothing half written."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from taskflow.foundation.ids import new_id
from tests.client import Client

MOST = {"labels": 60, "projects": 120, "sections": 120}
PATHS = [*MOST]

NAMES = ['""', '" \\u2003\\t\\n"', '"a\\u0000b"', "null", "7", '["x"]', '{"name": "x"}', json.dumps("x" * 10_240)]
POSITIONS = ['""', '"a b"', '"é"', '"V\\n"', "null", "1", json.dumps("V" * 101), json.dumps("V" * 10_240)]
COLORS = ['""', '"Red"', '"#ff0000"', '"red\\u0000"', "null", "7", '["red"]', json.dumps("red" * 3_000)]
IDS = ['"x"', "null", "7", '""', '"01890000-0000-7000-8000-00000000000A"', '"01890000000070008000000000000000"']
FIELDS = {"name": NAMES, "position": POSITIONS, "color": COLORS, "id": IDS, "project_id": IDS}
FAULTS = [(field, value) for field, values in FIELDS.items() for value in values]
LATER = ["true", "null", '"2026-01-01T00:00:00Z"', '"x"']  # what says when: the server does
OTHERS = [(field, "[]") for field in ("colour", "space_id", "seq", "created_by")] + [
    ("archived_at", at) for at in LATER
]
MEMBERS = ("id", "name", "color", "position", "project_id", "archived", "x")
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(some.characters()) | some.sampled_from(["V", "red"]),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


async def new_project(client: Client) -> str:
    """A project of somebody's."""
    made = await client.post("/api/v1/projects", {"name": "Home"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def fitting(client: Client, path: str) -> dict[str, str]:
    """What a thing is made with."""
    return {"name": "Work"} | ({"project_id": await new_project(client)} if path == "sections" else {})


async def listed(client: Client, path: str) -> Any:
    """What there is."""
    return (await client.get(f"/api/v1/{path}")).json()["items"]


async def refused(client: Client, method: str, path: str, body: str) -> tuple[int, list[str]]:
    """How it is refused, and where."""
    answer = await client.call(method, f"/api/v1/{path}", content=body.encode())
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    return answer.status_code, [fault["pointer"] for fault in problem.get("errors", ())]


def with_one(fields: dict[str, str], field: str, value: str) -> str:
    """A body in which one member is as it stands here."""
    return json.dumps({**fields, field: "?"}).replace('"?"', value)


@pytest.mark.parametrize("path", PATHS)
async def test_a_create_that_does_not_fit_is_told_where(ada: Client, path: str) -> None:
    fields = await fitting(ada, path)
    before = await listed(ada, path)

    for field, value in [*FAULTS, *OTHERS]:
        outcome = await refused(ada, "POST", path, with_one(fields, field, value))
        assert outcome == (422, [f"/{field}"]), value[:40]

    assert await listed(ada, path) == before


@pytest.mark.parametrize("path", PATHS)
async def test_a_change_that_does_not_fit_is_told_where(ada: Client, path: str) -> None:
    thing = (await ada.post(f"/api/v1/{path}", await fitting(ada, path))).json()

    for field, value in [*FAULTS, *OTHERS, ("archived", '"yes"')]:
        outcome = await refused(ada, "PATCH", f"{path}/{thing['id']}", with_one({"name": "New"}, field, value))
        assert outcome == (422, [f"/{field}"]), value[:40]

    assert thing in await listed(ada, path)


@pytest.mark.parametrize("path", PATHS)
async def test_a_name_has_so_many_characters_and_no_more(ada: Client, path: str) -> None:
    fields = await fitting(ada, path)
    most = "\U0001f600" * MOST[path]

    made = await ada.post(f"/api/v1/{path}", {**fields, "name": most})
    outcome = await refused(ada, "POST", path, json.dumps({**fields, "name": most + "x"}))

    assert made.json()["name"] == most
    assert outcome == (422, ["/name"])


@pytest.mark.parametrize("path", PATHS)
async def test_what_a_thing_cannot_be_without_is_asked_for(ada: Client, path: str) -> None:
    fields = await fitting(ada, path)

    for missing in fields:
        body = json.dumps({field: value for field, value in fields.items() if field != missing})
        assert await refused(ada, "POST", path, body) == (422, [f"/{missing}"])


async def test_a_section_is_put_into_a_project_of_its_space_alone(ada: Client, client: Client) -> None:
    eve = await client.registered()
    theirs, label = await new_project(eve), (await ada.post("/api/v1/labels", {"name": "Work"})).json()["id"]

    answers = [
        await ada.post("/api/v1/sections", {"name": "Errands", "project_id": project_id})
        for project_id in (theirs, label, ada.id, str(new_id()))
    ]

    said = [(answer.status_code, answer.json()["errors"]) for answer in answers]
    assert said == [(422, [{"pointer": "/project_id", "detail": "is no project of this space"}])] * 4
    assert await listed(ada, "sections") == []


async def test_a_section_stays_in_its_project(ada: Client) -> None:
    made = (await ada.post("/api/v1/sections", await fitting(ada, "sections"))).json()

    outcome = await refused(
        ada, "PATCH", f"sections/{made['id']}", json.dumps({"project_id": await new_project(ada), "name": "Moved"})
    )

    assert outcome == (422, ["/project_id"])
    assert await listed(ada, "sections") == [made]


@pytest.mark.parametrize(
    ("query", "status", "pointers"),
    [
        ("projects?archived=maybe", 422, ["/archived"]),
        ("projects?archived=", 422, ["/archived"]),
        ("projects?archived=1", 422, ["/archived"]),
        ("projects?archived=TRUE", 422, ["/archived"]),
        ("projects?archived=true&archived=false", 400, []),
        ("projects?project=none", 400, []),
        ("sections?project=none", 422, ["/project"]),
        ("sections?project=x%00", 422, ["/project"]),
        ("sections?archived=true", 400, []),
        ("labels?limit=0", 422, ["/limit"]),
        ("labels?limit=201", 422, ["/limit"]),
        ("labels?q=x", 400, []),
        ("labels?cursor=x", 400, []),
        ("labels/x", 422, ["/id"]),
        ("sections/%00", 422, ["/id"]),
        ("projects/01890000-0000-7000-8000-000000000000", 404, []),
    ],
)
async def test_a_query_that_does_not_fit_is_told_where(
    ada: Client, query: str, status: int, pointers: list[str]
) -> None:
    assert await refused(ada, "GET", query, "") == (status, pointers)


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(members=some.dictionaries(some.sampled_from(MEMBERS), JSON, max_size=5), change=some.booleans())
async def test_any_json_is_taken_or_refused(ada: Client, path: str, members: dict[str, Any], *, change: bool) -> None:
    thing = await ada.post(f"/api/v1/{path}", {**await fitting(ada, path), "name": f"Canary {new_id()}"})
    method, place = ("PATCH", f"{path}/{thing.json()['id']}") if change else ("POST", path)

    answer = await ada.call(method, f"/api/v1/{place}", content=json.dumps(members).encode())

    assert answer.status_code in {200, 201, 400, 409, 422}, answer.text
