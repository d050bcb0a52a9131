"""What is said on a live socket: a hello and commands by the client; changes, results and the rest by the server."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Raw, Struct

from taskflow.api.problem import problem
from taskflow.features.sync.protocol import Command, Result
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import Refusal
from taskflow.foundation.telemetry import meters


class Hello(Args, frozen=True, kw_only=True, tag="hello"):
    """Who speaks, and what they hold of each space; again before the token runs out, or after a `stale`."""

    access_token: Annotated[str, Meta(max_length=4096)]
    cursors: dict[Id, str] = msgspec.field(default_factory=dict)


class Commands(Args, frozen=True, kw_only=True, tag="commands"):
    """What was done on the device."""

    commands: list[Command]


class Changes(Struct, frozen=True, tag="changes"):
    """What changed in spaces: pages as sync answers them, already JSON."""

    spaces: dict[UUID, Raw]


class Results(Struct, frozen=True, tag="results"):
    """What became of commands."""

    results: list[Result]


class Stale(Struct, frozen=True, tag="stale"):
    """A space has more to tell than is pushed: it is at this number, to be fetched by sync."""

    space: UUID
    seq: int


class Drain(Struct, frozen=True, tag="drain"):
    """The server ends: come back after so many seconds."""

    retry_after: float


Said = Hello | Commands
Told = Changes | Results | Stale | Drain


def told(message: Told) -> bytes:
    """A message of the server as JSON."""
    return msgspec.json.encode(message)


def refused(refusal: Refusal, request_id: str) -> bytes:
    """A refusal on a socket: the members of a problem document, of type `problem`."""
    meters.refusals.child(code=refusal.code).add(1)
    document: dict[str, Any] = msgspec.json.decode(problem(refusal, request_id).body)
    kind: Literal["problem"] = "problem"
    return msgspec.json.encode({**document, "type": kind})
