"""A thing as it was at a number of its space: what reading answers in one statement."""

from typing import Any, Generic, NamedTuple, TypeVar

Form = TypeVar("Form")


class At(NamedTuple, Generic[Form]):
    """A thing, or none, as it was at a number of its space."""

    number: int
    thing: Form | None


class Reader(Generic[Form]):
    """Makes a form of a row whose first column is the space's number; all others are null where there is no thing."""

    def __init__(self, form: type[Form]) -> None:
        """Read rows of `form`, whose fields stand in the order of the columns."""
        self.form = form

    def __call__(self, number: int, *columns: Any) -> At[Form]:
        """The space's number, and the thing."""
        return At(number, self.form(*columns) if columns[0] is not None else None)
