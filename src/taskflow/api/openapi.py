"""OpenAPI 3.1, derived from the table of routes and the structs it names."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import msgspec

from taskflow.api.problem import TITLES, Problem
from taskflow.api.route import Route
from taskflow.foundation.ids import CANONICAL, Id
from taskflow.foundation.refusal import Refusal

Json = dict[str, Any]

REF = "#/components/schemas/{name}"
PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": REF.format(name="Problem")}}}}
DESCRIPTION = """\
Tasks for people and teams.

Register or log in, and send the access token as `Authorization: Bearer TOKEN`; refresh it before `expires_in` seconds
have gone. A path is of the personal space, unless `?space=` names another. A refusal is a problem document (RFC 9457),
whose `code` stays the same from release to release; 429 and 503 say `Retry-After`. How commands and cursors work,
and what the live socket at `/api/v1/live` says, is in `docs/sync.md` beside the source."""
HEADERS: Json = {
    "ETag": "The state of what is answered: send it back as If-None-Match or If-Match.",
    "TaskFlow-Seq": "The number of the space: `space=number`. Send it back and you are never answered with less.",
    "Location": "Where the new thing is.",
}


def document(routes: Iterable[Route], version: str) -> Json:
    """The whole document."""
    shown = [route for route in routes if route.path.startswith("/api/v1/")]
    types = [kind for route in shown for kind in (route.body, route.answer, *route.forms) if kind is not None]
    _, components = msgspec.json.schema_components([*types, Problem], schema_hook=schema_hook, ref_template=REF)
    paths: dict[str, Json] = {}
    for route in shown:
        paths.setdefault(route.path, {})[route.method.lower()] = described(route, links(route, shown))
    return {
        "openapi": "3.1.0",
        "info": {"title": "TaskFlow", "version": version, "description": DESCRIPTION},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def schema_hook(kind: type) -> Json:
    """The schema of the one type that msgspec does not know."""
    if kind is Id:
        return {"type": "string", "format": "uuid", "pattern": CANONICAL}
    raise NotImplementedError


def links(route: Route, routes: Iterable[Route]) -> Json:
    """What can be done next with the thing that a create answers."""
    if route.status != HTTPStatus.CREATED:
        return {}
    parameters = {"id": "$response.body#/id", "space": "$response.body#/space_id"}
    below = [other for other in routes if other.path == route.path + "/{id}"]
    return {other.name: {"operationId": other.name, "parameters": parameters} for other in below}


def described(route: Route, followed_by: Json) -> Json:
    """One operation of the document."""
    shown: Json = {
        "operationId": route.name,
        "summary": route.sentence,
        "tags": [route.path.split("/")[3]],
        "parameters": [*path_parameters(route), *query_parameters(route), *header_parameters(route)],
        "responses": responses(route, followed_by),
        "security": [] if route.open else [{"token": []}],
    }
    if route.body is not None:
        # Who is not signed in may come with a cookie in its place.
        required = not route.open or any(field.required for field in msgspec.structs.fields(route.body))
        shown["requestBody"] = {
            "required": required,
            "content": {"application/json": {"schema": {"$ref": REF.format(name=route.body.__name__)}}},
        }
    return shown


def path_parameters(route: Route) -> list[Json]:
    """The ids that the path names."""
    names = [step[1:-1] for step in route.path.split("/") if step[:1] == "{"]
    return [{"name": name, "in": "path", "required": True, "schema": schema_hook(Id)} for name in names]


def query_parameters(route: Route) -> list[Json]:
    """The members of the route's query struct."""
    if not route.query.__struct_fields__:  # type: ignore[attr-defined] # a struct has them
        return []
    _, components = msgspec.json.schema_components([route.query], schema_hook=schema_hook, ref_template=REF)
    properties: Json = components[route.query.__name__]["properties"]
    return [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in properties.items()]


def header_parameters(route: Route) -> list[Json]:
    """The headers that a client may send."""
    if route.spaced and route.operation and route.method == "POST":
        schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"}
        return [{"name": "Idempotency-Key", "in": "header", "required": False, "schema": schema}]
    if not is_tagged(route):
        return []
    name = "If-None-Match" if route.method == "GET" else "If-Match"
    return [{"name": name, "in": "header", "required": False, "schema": {"type": "string"}}]


def is_tagged(route: Route) -> bool:
    """Whether its answers have an ETag, or it heeds one: of a thing with a number of its own, or of a whole list."""
    thing = is_numbered(route) and (route.status == HTTPStatus.CREATED or route.method == "GET")
    return route.spaced and (route.shelved or thing or HTTPStatus.PRECONDITION_FAILED in statuses(route))


def is_numbered(route: Route) -> bool:
    """Whether it answers a thing that has a number of its own."""
    return "seq" in getattr(route.answer, "__struct_fields__", ())


def responses(route: Route, followed_by: Json) -> Json:
    """What may be answered."""
    good: Json = {"description": route.sentence}
    if route.answer is not None:
        good["content"] = {"application/json": {"schema": {"$ref": REF.format(name=route.answer.__name__)}}}
    if route.spaced:
        names = [
            "TaskFlow-Seq",
            *(["ETag"] if is_tagged(route) and route.status != HTTPStatus.NO_CONTENT else []),
            *(["Location"] if route.status == HTTPStatus.CREATED and is_numbered(route) else []),
        ]
        good["headers"] = {
            name: {"description": HEADERS[name], "required": True, "schema": {"type": "string"}} for name in names
        }
    if followed_by:
        good["links"] = followed_by
    shown: Json = {str(route.status): good}
    if route.method == "GET" and is_tagged(route):
        shown["304"] = {"description": "Nothing has changed."}
    for status in sorted(statuses(route)):
        codes = sorted(refusal.code for refusal in route.refusals if refusal.status == status)
        shown[str(status)] = {"description": TITLES[status] + (f": {', '.join(codes)}" if codes else ""), **PROBLEM}
    return {**shown, "431": {"description": "Address and headers are too large; there is no body."}}


def statuses(route: Route) -> set[int]:
    """The statuses of the route's own refusals, and of those that every route has."""
    own = {refusal.status for refusal in route.refusals} | {400, 422, 429, 503}
    return own | ({413} if route.method != "GET" else set()) | (set() if route.open else {401})


def every_refusal(kind: type[Refusal] = Refusal) -> set[str]:
    """The codes of all refusals there are, for the metrics."""
    return {kind.code}.union(*(every_refusal(below) for below in kind.__subclasses__()))
