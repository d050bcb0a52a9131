"""What is said by sync and by the live socket: commands, their results, and the changes of spaces."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from taskflow.api.problem import Problem
from taskflow.foundation.ids import CANONICAL, Id
from taskflow.foundation.operation import Args

COMMANDS_MOST = 100
COMMANDS_A_TOKEN = 20  # commands that count as one request

UUID_TEXT = {"type": "string", "format": "uuid", "pattern": CANONICAL}
MEMBERS = {
    "type": "the operationId of the request that does the same, as create_task",
    "args": "that request's body, with the id of its path, and `space_id` where it is not the personal space",
    "base": "the number of the thing when the person acted: what others wrote there since is told as `overwrote`",
    "v": "the version of `args`; absent: 1",
}
COMMAND = {
    "title": "Command",
    "description": "What was done on a device; sent again under its id, it is answered as before. See docs/sync.md.",
    "properties": {
        "id": {**UUID_TEXT, "description": "a new one for each command"},
        **{name: {"description": description} for name, description in MEMBERS.items()},
    },
    "required": ["id"],
}
# `id` is a UUID, for the call is refused where it is none; the rest is read one by one.
Command = Annotated[dict[str, Any], Meta(extra_json_schema=COMMAND)]


class Sync(Args, frozen=True, kw_only=True):
    """What a device holds of each space (the cursor of its last page; none: nothing), and what was done on it."""

    cursors: Annotated[dict[Id, str], Meta(extra_json_schema={"propertyNames": UUID_TEXT})] = msgspec.field(
        default_factory=dict
    )
    commands: Annotated[list[Command], Meta(max_length=COMMANDS_MOST)] = msgspec.field(default_factory=list)


class Overwritten(Struct, frozen=True):
    """What somebody else wrote in a field after the command's `base`, and this command has replaced."""

    field: str
    value: Any
    by: UUID
    seq: int


class Result(Struct, frozen=True, omit_defaults=True):
    """What became of a command: `seq` is its number, or the space's where it changed nothing; or why it was refused.

    `overwrote`: what others wrote since its `base`; `kept`: the fields that an undo left alone.
    """

    id: UUID
    ok: bool = msgspec.field(default_factory=lambda: True)  # always said
    seq: int | UnsetType = UNSET
    overwrote: list[Overwritten] = []
    kept: list[str] = []
    problem: Problem | UnsetType = UNSET


class Tombstone(Struct, frozen=True):
    """A thing that is gone."""

    id: UUID
    seq: int
    deleted: Literal[True] = msgspec.field(default_factory=lambda: True)


def rows(kind: str) -> Any:
    """A list of things of a kind, whole or gone, each already JSON."""
    either = [{"$ref": f"#/components/schemas/{name}"} for name in (kind, "Tombstone")]
    return Annotated[list[msgspec.Raw], Meta(extra_json_schema={"items": {"anyOf": either}})]


class SpacePage(Struct, frozen=True, omit_defaults=True):
    """What changed in a space since the cursor, in the order of numbers over all kinds; store it with the new cursor.

    It is complete up to the largest number in it where there is `more` (ask again with its cursor), else up to `seq`,
    the space's number. `resync`: drop what you hold of the space, this is its first page.
    """

    cursor: str
    seq: int
    more: bool = msgspec.field(default_factory=bool)  # always said, as is the next
    resync: bool = msgspec.field(default_factory=bool)
    tasks: rows("Task") = []  # type: ignore[valid-type] # a type that is made while running; so the next five
    projects: rows("Project") = []  # type: ignore[valid-type]
    sections: rows("Section") = []  # type: ignore[valid-type]
    labels: rows("Label") = []  # type: ignore[valid-type]
    comments: rows("Comment") = []  # type: ignore[valid-type]
    members: rows("Member") = []  # type: ignore[valid-type]
    space: Annotated[msgspec.Raw, Meta(extra_json_schema={"$ref": "#/components/schemas/Space"})] | UnsetType = UNSET


class Gone(Struct, frozen=True):
    """A space that the account is not in, or no longer."""

    gone: Literal[True] = msgspec.field(default_factory=lambda: True)
