"""Refusals: what the domain says no with, each a stable code, a status and a sentence."""

import re
from typing import ClassVar
from uuid import UUID

import msgspec

NAMED_MOST = 500  # characters
SENTENCE_END = re.compile(r"\n\s*\n")


class Fault(msgspec.Struct, frozen=True):
    """One member that does not fit: where it stands (RFC 6901) and what is wrong with it."""

    pointer: str
    detail: str


class Refusal(Exception):
    """A no that a client can act on: its class names the code, its docstring is the sentence."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refusal"
    detail: str = ""
    retry_after: int | None = None
    errors: tuple[Fault, ...] = ()
    number: int | None = None
    allow: str = ""
    space_id: UUID | None = None  # where what was asked for has gone

    def __init_subclass__(cls) -> None:
        """Derive the code and the sentence from the class."""
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        cls.detail = " ".join(SENTENCE_END.split(cls.__doc__ or "")[0].split())

    def __init__(self, detail: str | None = None, *, retry_after: int | None = None) -> None:
        """Say no, in the class' own words or in better ones for this case."""
        if detail is not None:
            self.detail = detail
        if retry_after is not None:
            self.retry_after = retry_after
        super().__init__(self.detail)


class NotFound(Refusal):
    """There is nothing here."""

    status = 404


class Conflict(Refusal):
    """That contradicts what is there."""

    status = 409


class Forbidden(Refusal):
    """That is not yours to do."""

    status = 403


class Unauthorized(Refusal):
    """Sign in first."""

    status = 401


class Invalid(Refusal):
    """The request does not fit its form."""

    status = 422

    def __init__(self, *faults: Fault) -> None:
        """Name each member that does not fit; what a client has written itself is cut off somewhere."""
        faults = tuple(Fault(cut(fault.pointer), cut(fault.detail)) for fault in faults)
        super().__init__("; ".join(f"{fault.pointer or '/'}: {fault.detail}" for fault in faults))
        self.errors = faults


def cut(text: str) -> str:
    """As much of a text as a refusal names: some are kept for 90 days."""
    return text if len(text) <= NAMED_MOST else f"{text[: NAMED_MOST - 1]}…"


class Unavailable(Refusal):
    """That can't be answered right now: try again in a moment."""

    status = 503
    retry_after = 1


def invalid(pointer: str, detail: str) -> Invalid:
    """Refuse one member, e.g. `invalid("/due_zone", "is not a time zone")`."""
    return Invalid(Fault(pointer, detail))
