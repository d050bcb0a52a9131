"""Operations: the one door in. Each write has a name, a version, a form of arguments and an inverse, or none."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal, ParamSpec, TypeVar, cast, get_type_hints

import msgspec

from taskflow.foundation.ids import Id

P = ParamSpec("P")
R = TypeVar("R")

Inverse = Literal["delete", "restore", "rewrite", "move"]


class Args(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, omit_defaults=True):
    """What an operation is asked to do; unknown members are refused."""


class Operation(msgspec.Struct, frozen=True):
    """One entry of the registry.

    `inverse` says how undo takes it back: delete what was made, restore what was deleted, rewrite what
    changed, move back what went to another space.
    `numbered` is whether it changes rows that carry a space's number (sessions do not); `several`, whether it may
    hold more than one space, whose locks are taken in the order of their ids.
    """

    name: str
    v: int
    run: Callable[..., Awaitable[Any]]
    args: type[Args]
    inverse: Inverse | None
    numbered: bool
    several: bool = False


REGISTRY: dict[str, Operation] = {}


def operation(
    name: str, *, v: int = 1, inverse: Inverse | None = None, numbered: bool = True, several: bool = False
) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
    """Enter a function into the registry; its parameter `args` names the form."""

    def enter(run: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        if name in REGISTRY:
            msg = f"two operations are named {name}"
            raise ValueError(msg)
        REGISTRY[name] = Operation(name, v, run, get_type_hints(run)["args"], inverse, numbered, several)
        return run

    return enter


def entry_of(run: Callable[..., Awaitable[Any]]) -> Operation:
    """The registry's entry of a function; raises KeyError where it is no operation."""
    for entry in REGISTRY.values():
        if entry.run is run:
            return entry
    raise KeyError(run)


def given(args: Args) -> dict[str, Any]:
    """What was given of the fields that may be left out, `id` aside: what is absent stays as it is."""
    fields = msgspec.structs.asdict(args)
    return {name: value for name, value in fields.items() if name != "id" and value is not msgspec.UNSET}


def body_of(args: type[Args], *, without: tuple[str, ...] = ("id",)) -> type[Args]:
    """The form of a REST body: the same arguments less those that the path names."""
    hints = get_type_hints(args, include_extras=True)
    fields: list[tuple[str, Any, Any]] = []
    for field in msgspec.structs.fields(args):
        if field.name in without:
            continue
        default: Any = msgspec.NODEFAULT
        if field.default is not msgspec.NODEFAULT:
            default = field.default
        elif field.default_factory is not msgspec.NODEFAULT:
            default = msgspec.field(default_factory=field.default_factory)
        fields.append((field.name, hints[field.name], default))
    form: Any = msgspec.defstruct(
        args.__name__, fields, bases=(Args,), namespace={"__doc__": args.__doc__}, frozen=True, kw_only=True
    )
    return cast("type[Args]", form)


def read_id(kind: type, value: object) -> object:
    """Decode the one type that msgspec does not know: an `Id` in its one form (a `dec_hook`)."""
    if kind is Id and isinstance(value, str):
        return Id(value)
    msg = f"expected {kind.__name__}"
    raise ValueError(msg)
