"""Reading commands: a fault in one refuses that one; only one without a usable id refuses them all."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from taskflow.api.misfit import misplaced
from taskflow.api.request import refuse_nul
from taskflow.features.spaces.door import fingerprint
from taskflow.features.sync.protocol import COMMANDS_MOST, Command
from taskflow.features.sync.taken import operation_of, upgraded
from taskflow.foundation.forms import pattern
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args, Operation, read_id
from taskflow.foundation.refusal import Fault, Invalid, Refusal, invalid

T = TypeVar("T")

TypeName = Annotated[
    str, Meta(pattern=pattern(r"^[a-z][a-z0-9_]{0,63}$(?!\n)", "is not the name of an operation like create_task"))
]
Version = Annotated[int, Meta(ge=1)]
Base = Annotated[int, Meta(ge=0, lt=1 << 53)]


class Head(Struct, frozen=True):
    """What says whether this server knows a command at all; whatever else tomorrow's has is not for it to judge."""

    type: TypeName
    v: Version = 1


class Form(Args, frozen=True, kw_only=True):
    """A command that this server knows."""

    id: Id
    type: TypeName
    v: Version = 1
    args: dict[str, Any] = msgspec.field(default_factory=dict)
    base: Base | UnsetType = UNSET


class Order(Struct, frozen=True):
    """A command as it was understood: what is to be done where, or why it is refused; and what tells it from others."""

    id: UUID
    fingerprint: bytes
    space_id: UUID
    operation: Operation | None = None
    args: Args | None = None
    base: int | None = None
    refusal: Refusal | None = None

    @property
    def several(self) -> bool:
        """Whether it may hold several spaces: then it is a transaction of its own."""
        return self.refusal is None and self.operation is not None and self.operation.several


def read_all(account_id: UUID, commands: Sequence[Command]) -> list[Order]:
    """What is to be done, command by command; raises Invalid where there are too many, or one without a usable id."""
    if len(commands) > COMMANDS_MOST:
        raise invalid("/commands", f"has more than {COMMANDS_MOST} entries")
    ids = [read_command_id(command, place) for place, command in enumerate(commands)]
    return [read(account_id, command_id, command) for command_id, command in zip(ids, commands, strict=True)]


def read_command_id(command: Command, place: int) -> UUID:
    """The id of a command; raises Invalid."""
    pointer = f"/commands/{place}/id"
    if "id" not in command:
        raise invalid(pointer, "is missing")
    try:
        return Id(command["id"])
    except (ValueError, TypeError) as garbage:
        raise invalid(pointer, "is not a UUID in lower case with hyphens") from garbage


def read(account_id: UUID, command_id: UUID, command: Command) -> Order:
    """One command; what does not fit is its refusal."""
    order = Order(command_id, content_of(command), account_id)
    try:
        return understood(order, command)
    except Refusal as refusal:
        return msgspec.structs.replace(order, space_id=space_named(command) or account_id, refusal=refusal)


def content_of(command: Command) -> bytes:
    """What tells two commands under one id apart: all that they say, however it is written."""
    said = {"v": 1, "args": {}, **command, "id": None}
    return fingerprint(msgspec.json.encode(said, order="sorted"))


def space_named(command: Command) -> UUID | None:
    """The space that a command names, if it names one."""
    args = command.get("args")
    try:
        return Id(args["space_id"]) if isinstance(args, dict) else None
    except (KeyError, ValueError, TypeError):
        return None


def understood(order: Order, command: Command) -> Order:
    """A command that fits; raises Invalid, with pointers into the command, UpgradeRequired or NotACommand."""
    refuse_nul(command)
    head = fitted(command, Head)
    operation = operation_of(head.type, head.v)
    form = fitted(command, Form)
    args = dict(form.args)
    if "space_id" in args and space_named(command) is None:
        raise invalid("/args/space_id", "is not a UUID in lower case with hyphens")
    space_id = space_named(command) or order.space_id
    args.pop("space_id", None)
    asked = inside(upgraded(operation, form.v, args), operation.args)
    base = None if form.base is UNSET else form.base
    return msgspec.structs.replace(order, space_id=space_id, operation=operation, args=asked, base=base)


def inside(args: dict[str, Any], form: type[Args]) -> Args:
    """The arguments of an operation; raises Invalid."""
    try:
        return fitted(args, form)
    except Invalid as misfit:
        raise of_args(misfit) from misfit


def of_args(refusal: Invalid) -> Invalid:
    """What does not fit in arguments, as it stands in the command."""
    return Invalid(*(Fault(f"/args{fault.pointer}", fault.detail) for fault in refusal.errors))


def fitted(value: dict[str, Any], form: type[T]) -> T:
    """JSON that was read as a struct; raises Invalid."""
    try:
        return msgspec.convert(value, form, dec_hook=read_id)
    except msgspec.ValidationError as misfit:
        raise misplaced(str(misfit)) from misfit
