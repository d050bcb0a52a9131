"""A thing as it was at a number of its space: what reading answers in one statement."""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

Form = TypeVar("Form")


class At(NamedTuple, Generic[Form]):
    """A thing, or none, as it was at a number of its space."""

    number: int
    thing: Form | None


class Reader(Generic[Form]):
    """Makes a form of a row whose first column is the space's number; all others are null where there is no thing."""

    def __init__(self, make: Callable[..., Form]) -> None:
        """Read rows of which `make` takes the other columns in their order."""
        self.make = make

    def __call__(self, number: int, *columns: Any) -> At[Form]:
        """The space's number, and the thing."""
        return At(number, self.make(*columns) if columns[0] is not None else None)
