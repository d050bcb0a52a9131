"""A label: a word that tasks of one space carry."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

Color = Literal["stone", "red", "orange", "amber", "lime", "green", "teal", "sky", "blue", "indigo", "violet", "pink"]


class Label(Struct, frozen=True):
    """A row of `labels`, as every surface shows it."""

    id: UUID
    space_id: UUID
    name: str
    color: Color
    position: str
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    seq: int
