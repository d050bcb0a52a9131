"""The description of the interface: what is committed, what it names, what is answered, and the page that shows it."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from taskflow.api.route import Route
from taskflow.api.static import StaticFiles
from taskflow.app import openapi, routes
from taskflow.features.accounts.model import Account
from taskflow.features.spaces.access import enter
from taskflow.foundation.backend import Backend
from taskflow.serve import STATIC
from tests import drawn
from tests.account import Person
from tests.client import Client
from tests.furnished import FURNISHED

COMMITTED = Path(__file__).parents[2] / "web" / "openapi.json"
DOCUMENT: dict[str, Any] = json.loads(openapi())
SHOWN = [route for route in routes().table if route.path.startswith("/api/v1/")]
READ = [route for route in SHOWN if route.method == "GET"]
METHODS = {"get", "post", "patch", "put", "delete"}
IDS = [str(thing_id) for thing_id in drawn.IDS]
OWN_PATH = re.compile(r"/(?!/)[\w./-]*")


@pytest.fixture
async def furnished(ada: Client, backend: Backend) -> Client:
    """Somebody in whose space there is a thing of every kind, the first of each under the first of the ids."""
    account = msgspec.convert(ada.signed_in["user"], Account)
    person = Person(backend, account, await enter(backend.database, account.id, account.id))
    for args in FURNISHED:
        await person.answered(args)
    return ada


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def test_what_is_committed_for_the_web_app_is_what_the_command_prints() -> None:
    assert COMMITTED.read_bytes() == openapi(), "run `make openapi`"


def test_every_route_of_the_interface_is_in_it_and_nothing_else() -> None:
    described = {
        f"{method.upper()} {path}" for path, methods in DOCUMENT["paths"].items() for method in methods.keys() & METHODS
    }

    assert described == {named(route) for route in SHOWN}


def test_it_is_openapi_3_1_whose_schemas_are_schemas_and_whose_references_lead_somewhere() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    for name, schema in DOCUMENT["components"]["schemas"].items():
        jsonschema_rs.meta.validate(schema)
        jsonschema_rs.Draft202012Validator(whole(schema))
        assert schema["title"] == name
    for reference in re.findall(r'"\$ref":\s*"([^"]+)"', openapi().decode()):
        assert at(reference), reference


def test_each_operation_has_a_name_of_its_own_a_sentence_and_its_answers() -> None:
    operations = [DOCUMENT["paths"][route.path][route.method.lower()] for route in SHOWN]

    assert len({operation["operationId"] for operation in operations}) == len(SHOWN)
    for route, operation in zip(SHOWN, operations, strict=True):
        assert operation["summary"].endswith("."), named(route)
        assert {str(route.status), "400", "422", "429", "503"} <= operation["responses"].keys(), named(route)
        assert route.open or "401" in operation["responses"], named(route)


def test_wherever_a_space_is_named_it_is_said_what_it_may_be() -> None:
    asked = [
        parameter
        for methods in DOCUMENT["paths"].values()
        for method in methods.values()
        for parameter in method["parameters"]
        if parameter["name"] == "space"
    ]

    assert asked
    assert all("your personal one" in parameter["schema"].get("description", "") for parameter in asked)


@pytest.mark.parametrize("route", READ, ids=named)
async def test_what_is_read_is_answered_as_it_is_described(furnished: Client, route: Route) -> None:
    made = await every_task(furnished)
    paths = {
        "/api/v1/tasks/{id}": [f"/api/v1/tasks/{task['id']}" for task in made],
        "/api/v1/tasks": [f"/api/v1/tasks?{query}" for query in ("", "limit=2", "status=done", "due_after=9000-01-01")],
    }

    for path in paths.get(route.path, [route.path.replace("{id}", IDS[0])]):
        answer = await furnished.get(path)

        assert answer.status_code == 200, answer.text
        fits(answer.json(), schema_of(route, "200", "application/json"), path)


@pytest.mark.parametrize("route", READ, ids=named)
async def test_what_is_refused_is_refused_as_it_is_described(ada: Client, client: Client, route: Route) -> None:
    nothing = route.path.replace("{id}", "01890000-0000-7000-8000-000000000000")
    asked = [(client, nothing), (ada, nothing + "?colour=red"), (ada, nothing + "?space=x")]
    asked += [(ada, nothing)] if "{" in route.path else []

    for caller, path in asked:
        answer = await caller.get(path)

        assert answer.status_code >= 400
        fits(answer.json(), schema_of(route, str(answer.status_code), "application/problem+json"), path)


@pytest.mark.parametrize("route", READ, ids=named)
async def test_an_etag_is_described_where_there_is_one_and_what_holds_it_is_not_sent_again(
    furnished: Client, route: Route
) -> None:
    path = route.path.replace("{id}", IDS[0])
    described = DOCUMENT["paths"][route.path]["get"]

    answer = await furnished.get(path)

    tag = answer.headers.get("etag")
    assert (tag is not None) == ("ETag" in described["responses"]["200"].get("headers", {}))
    assert (tag is not None) == ("304" in described["responses"])
    assert (tag is not None) == ("If-None-Match" in {parameter["name"] for parameter in described["parameters"]})
    if tag:
        assert (await furnished.get(path, headers={"if-none-match": tag})).status_code == 304


@pytest.mark.parametrize("route", SHOWN, ids=named)
async def test_a_method_that_is_not_described_is_told_so_whoever_asks(client: Client, route: Route) -> None:
    answer = await client.call("TRACE", route.path)

    assert answer.status_code == 405
    assert route.method in answer.headers["allow"]


async def every_task(client: Client) -> list[Any]:
    """A task of every kind there is."""
    return [
        await client.task("never"),
        await client.task("on a day", due_date="0001-01-01", description="- *with care*", priority=3),
        await client.task("at a moment", due_at="2026-12-01T09:00:00.5+05:45", due_zone="Asia/Kathmandu"),
        await client.task("done", status="done", position="zz"),
    ]


def schema_of(route: Route, status: str, kind: str) -> Any:
    """The schema of an answer; fails where the document has none for this status."""
    return DOCUMENT["paths"][route.path][route.method.lower()]["responses"][status]["content"][kind]["schema"]


def fits(value: Any, schema: Any, where: str) -> None:
    """The value fits the schema, and has no member that the schema does not name."""
    errors = [error.message for error in validator(schema).iter_errors(value)]
    assert not errors, where
    for item, form in [(value, schema), *((item, "items") for item in value.get("items", []))]:
        named_by = at(schema["$ref"])["properties"]
        properties = at(named_by["items"]["items"]["$ref"])["properties"] if form == "items" else named_by
        assert item.keys() <= properties.keys(), where


def validator(schema: Any) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(whole(schema), validate_formats=True)


def whole(schema: Any) -> Any:
    """A schema that finds what it refers to."""
    return {**schema, "components": DOCUMENT["components"]}


def at(reference: str) -> Any:
    """What a reference leads to."""
    found: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


@pytest.mark.skipif(not (STATIC / "docs" / "index.html").exists(), reason="the web app is not built")
def test_the_page_that_shows_it_asks_for_files_of_this_server_alone() -> None:
    files = StaticFiles(STATIC)
    status, headers, page = files.answer("/api/docs") or (404, [], b"")

    asked = re.findall(r'(?:src|href)="([^"]*)"', page.decode())

    assert status == 200
    assert any(path.endswith(".js") for path in asked)
    for path in asked:
        assert OWN_PATH.fullmatch(path), path
        assert files.answer(path), path
    for path in (path for path in asked if path.endswith(".css")):
        styles = (files.answer(path) or (0, [], b""))[2].decode()
        assert "@import" not in styles, path
        for place in re.findall(r"url\(([^)]*)", styles):
            assert place.strip("\"' ").startswith(("data:", "#")), path
    assert b"default-src 'self'" in dict(headers)[b"content-security-policy"]
