"""A label: a word that tasks of one space carry."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

from taskflow.foundation.forms import pattern
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.operation import Args
from taskflow.foundation.positions import Position

Color = Literal["stone", "red", "orange", "amber", "lime", "green", "teal", "sky", "blue", "indigo", "violet", "pink"]
LabelName = Annotated[str, Meta(min_length=1, max_length=60, pattern=pattern(r"\S", "is blank"))]


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


class CreateLabel(Args, frozen=True, kw_only=True):
    """A new label. With an `id` of your own a repeat is the same create."""

    id: Id = field(default_factory=new_id)  # type: ignore[assignment] # a UUID made here needs no reading
    name: LabelName
    color: Color = "stone"
    position: Position | UnsetType = UNSET


class UpdateLabel(Args, frozen=True, kw_only=True):
    """What changes in a label; what is absent stays."""

    id: Id
    name: LabelName | UnsetType = UNSET
    color: Color | UnsetType = UNSET
    position: Position | UnsetType = UNSET
