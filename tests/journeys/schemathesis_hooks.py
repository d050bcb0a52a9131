"""What schemathesis does not know of the product: a session that is to end is never the one that the run is on."""

import json
import os
from base64 import urlsafe_b64decode
from itertools import count
from typing import Any

import httpx
import schemathesis

from taskflow.foundation.ids import Id

URL, EMAIL, PASSWORD = (os.environ[f"TASKFLOW_TEST_{name}"] for name in ("URL", "EMAIL", "PASSWORD"))

TURNS = count()


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Put in what a schema can't make up, and end sessions that the run is not on."""
    name = case.operation.definition.raw["operationId"]
    token = (case.headers or {}).get("Authorization", "").removeprefix("Bearer ")
    claims = read(token)
    if fits(case) and next(TURNS) % 2:
        case.body = better(name, case.body)
    if claims:
        if is_id((case.query or {}).get("space")) and next(TURNS) % 4:
            case.query["space"] = claims["sub"]
        if name == "log_out":
            case.headers["Authorization"] = f"Bearer {again(token)}"
        if name == "revoke_session" and case.path_parameters.get("id") == claims["sid"]:
            case.path_parameters["id"] = read(again(token))["sid"]


def is_id(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(Id(text))
    except ValueError:
        return False


def fits(case: Any) -> bool:
    """Whether the body is as its schema has it."""
    return case.meta is not None and case.meta.generation.mode.is_positive and isinstance(case.body, dict)


def better(name: str, body: Any) -> Any:
    """A body that the rules take as well."""
    if name == "log_in":
        return {"email": EMAIL, "password": PASSWORD}
    if name == "refresh_session":
        return {"refresh_token": signed_in(EMAIL)["refresh_token"]}
    if name in {"create_task", "update_task"}:
        return {member: value for member, value in body.items() if member != "id" and not member.startswith("due_")}
    return body


def again(token: str) -> str:
    """The access token of one more session of whom a token belongs to."""
    answered: str = signed_in(ask("GET", "/api/v1/me", token)["email"])["access_token"]
    return answered


def signed_in(email: str) -> Any:
    return ask("POST", "/api/v1/auth/login", "", {"email": email, "password": PASSWORD})


def ask(method: str, path: str, token: str, body: Any = None) -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx.request(method, URL + path, headers=headers, json=body).raise_for_status().json()


def read(token: str) -> Any:
    """What a token claims; None where it is one that the run made up."""
    try:
        return json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    except (ValueError, IndexError):
        return None
