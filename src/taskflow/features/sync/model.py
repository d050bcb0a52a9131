"""What a device is told of a space: the rows that changed after the number it holds."""

from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from taskflow.features.comments.model import Comment
from taskflow.features.labels.model import Label
from taskflow.features.projects.model import Project, Section
from taskflow.features.spaces.model import EPOCH_BITS, Member, Space
from taskflow.features.tasks.model import Task

PAGE_ROWS = 500

Entity = Task | Project | Section | Label | Comment | Member | Space

KINDS: dict[str, type[Entity]] = {
    "tasks": Task,
    "projects": Project,
    "sections": Section,
    "labels": Label,
    "comments": Comment,
    "members": Member,
    "space": Space,
}
RENAMED = {"members": {"account_id": "id"}, "space": {"space_id": "id", "own_seq": "seq"}}


class Change(Struct, frozen=True):
    """One row that changed: whole, or (None) a tombstone that says where it went."""

    kind: str
    seq: int
    id: UUID
    thing: Entity | None
    moved_to: UUID | None = None


def read_change(kind: str, seq: int, thing_id: UUID, deleted: bool, moved_to: UUID | None, form: str) -> Change:  # noqa: FBT001 - a column
    """A row of a page of changes as the thing that every other surface shows."""
    return Change(kind, seq, thing_id, None if deleted else read_form(kind, form), moved_to)


def read_form(kind: str, form: str) -> Entity:
    """A row as PostgreSQL writes it in JSON, as its struct."""
    columns: dict[str, Any] = msgspec.json.decode(form)
    for column, field in RENAMED.get(kind, {}).items():
        columns[field] = columns.pop(column)
    return msgspec.convert(columns, KINDS[kind])


class Standing(Struct, frozen=True):
    """How far a space has come, `floor`: the last number of the epoch before; and what an account is in it."""

    seq: int
    floor: int
    role: str | None

    def past(self, number: int) -> bool:
        """Whether it ever had this number, as far as it remembers: not where a restore has taken it back."""
        older = number >> EPOCH_BITS < self.seq >> EPOCH_BITS
        return number <= (self.floor if older else self.seq)
