"""What schemathesis does not know of the product: a session that is to end is never the one that the run is on."""

import json
from base64 import urlsafe_b64decode
from functools import cache
from itertools import count
from typing import Any

import httpx
import schemathesis

from taskflow.foundation.ids import Id, new_id
from tests.journeys.schemathesis_speaking import EMAIL, PASSWORD, URL, ask
from tests.journeys.schemathesis_teams import make_possible

BODIES: dict[str, Any] = {
    "task": {"title": "Canary"},
    "project": {"name": "Canary"},
    "label": {"name": "Canary"},
    "section": {"name": "Canary", "project_id": "project"},
    "comment": {"body": "Canary", "task_id": "task"},
}
TURNS = count()


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Put in what a schema can't make up, and end sessions that the run is not on."""
    name = case.operation.definition.raw["operationId"]
    token = (case.headers or {}).get("Authorization", "").removeprefix("Bearer ")
    claims = read(token)
    if fits(case) and next(TURNS) % 2:
        case.body = better(name, case.body, token)
    if (case.path_parameters or {}).get("id", "") in {None, "None"}:  # taken from a member that is null
        case.path_parameters["id"] = str(new_id())
    kind = name.partition("_")[2]
    if kind in BODIES and not name.startswith("create_") and alone(case) and next(TURNS) % 2:
        case.path_parameters["id"] = made(token, kind) or case.path_parameters["id"]
    if claims:
        if is_id((case.query or {}).get("space")) and next(TURNS) % 4:
            case.query["space"] = claims["sub"]
        if name == "log_out":
            case.headers["Authorization"] = f"Bearer {again(token)}"
        if name == "revoke_session" and case.path_parameters.get("id") == claims["sid"]:
            case.path_parameters["id"] = read(again(token))["sid"]
        if alone(case) and next(TURNS) % 2:
            make_possible(name, case)


def alone(case: Any) -> bool:
    """Whether a request that fits stands for itself: one that follows another is about what that one made."""
    return case.meta is not None and case.meta.generation.mode.is_positive and case.meta.phase.name.value != "stateful"


def is_id(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(Id(text))
    except ValueError:
        return False


def fits(case: Any) -> bool:
    """Whether the body is as its schema has it."""
    return case.meta is not None and case.meta.generation.mode.is_positive and isinstance(case.body, dict)


def better(name: str, body: Any, token: str) -> Any:
    """A body that the rules take as well: what it points to is there, or it points to nothing."""
    if name == "log_in":
        return {"email": EMAIL, "password": PASSWORD}
    if name == "register":
        return {"email": f"{new_id().hex}@example.com", "password": PASSWORD, "name": "Canary"}
    if name == "refresh_session":
        return {"refresh_token": signed_in(EMAIL)["refresh_token"]}
    if name in {"create_section", "create_comment"}:
        return filled(token, name.removeprefix("create_"))
    if name in {"create_task", "update_task"}:
        left = [member for member in body if member.endswith("_ids") or member.startswith(("due_", "recur"))]
        return without(body, "id", "project_id", "section_id", "parent_id", "assignee_id", *left)
    return without(body, "id") if name.startswith("create_") else body


def without(body: Any, *members: str) -> Any:
    """A body less some members."""
    return {member: value for member, value in body.items() if member not in members}


def made(token: str, kind: str) -> str | None:
    """The id of something new of whom a token belongs to; None where that is good for nothing."""
    body = filled(token, kind)
    if "name" in body:
        body["name"] = f"Canary {next(TURNS)}"
    headers = {"authorization": f"Bearer {token}"}
    answer = httpx.post(f"{URL}/api/v1/{kind}s", json=body, headers=headers, timeout=30)
    return str(answer.json()["id"]) if answer.status_code == httpx.codes.CREATED else None


def filled(token: str, kind: str) -> dict[str, Any]:
    """What makes one of a kind, with what it points to."""
    return {member: once(token, value) if member.endswith("_id") else value for member, value in BODIES[kind].items()}


@cache
def once(token: str, kind: str) -> str | None:
    """The id of something that stays; None where the token is good for nothing."""
    return made(token, kind)


def again(token: str) -> str:
    """The access token of one more session of whom a token belongs to."""
    answered: str = signed_in(ask("GET", "/api/v1/me", token)["email"])["access_token"]
    return answered


def signed_in(email: str) -> Any:
    return ask("POST", "/api/v1/auth/login", "", {"email": email, "password": PASSWORD})


def read(token: str) -> Any:
    """What a token claims; None where it is one that the run made up."""
    try:
        return json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    except (ValueError, IndexError):
        return None
