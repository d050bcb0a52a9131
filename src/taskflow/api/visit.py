"""A visit: what the layers in front have found out about a request, for those behind."""

from typing import Any
from uuid import UUID

from taskflow.api.answer import Headers
from taskflow.api.route import Match
from taskflow.foundation.tokens import Caller


class Visit:
    """Who asks, along which route, about which space, and what is known of its number.

    `space_id`: the one space it is about; None where it names `several`. `number`: the space's known number (None:
    unknown). `lease`: set where this request is the one to make it known. `least`: the number that the client has seen,
    `seen`: what it says of several. `digest`: what names the query and the answer's form on the shelf
    (None: not shelved). `alone`: Redis is down, so that the database carries it all. `paid`: it was
    counted before it came here.
    """

    __slots__ = (
        *("address", "alone", "caller", "digest", "headers", "lease", "least", "match", "number", "paid", "seen"),
        *("several", "space_id"),
    )

    def __init__(self, match: Match | None) -> None:
        """Begin with nothing known."""
        self.match = match
        self.caller: Caller | None = None
        self.address = ""
        self.space_id: UUID | None = None
        self.several = False
        self.number: int | None = None
        self.lease = ""
        self.least = 0
        self.seen = ""
        self.digest: str | None = None
        self.headers: Headers = []
        self.alone = False
        self.paid = False

    @property
    def own(self) -> bool:
        """Whether it is about the caller's own space; of another not even the number is told before the door."""
        return self.caller is not None and self.space_id == self.caller.account_id

    @property
    def account_id(self) -> UUID:
        """The account of the caller; only behind a route that is not open."""
        if self.caller is None:
            msg = "nobody has signed in on an open route"
            raise RuntimeError(msg)
        return self.caller.account_id


def visit_of(scope: Any) -> Visit:
    """The visit of a request that has passed the gate."""
    visit: Visit = scope["state"]["visit"]
    return visit
