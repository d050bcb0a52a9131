"""Problem documents (RFC 9457): the one form in which a request is refused."""

from collections.abc import Iterable
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from taskflow.api.answer import Answer
from taskflow.foundation.refusal import Fault, Refusal

CONTENT_TYPE = b"application/problem+json"
TITLES = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    412: "Precondition failed",
    413: "Content too large",
    422: "Unprocessable content",
    429: "Too many requests",
    500: "Internal server error",
    503: "Service unavailable",
}  # fmt: skip - a table


class Problem(msgspec.Struct, omit_defaults=True):
    """A refusal as it is answered; `errors` names each member that does not fit, `space_id` where a thing has gone."""

    title: str
    status: int
    code: str
    detail: str
    request_id: str
    type: str = "about:blank"
    errors: list[Fault] = []
    space_id: UUID | UnsetType = UNSET


class NoSuchRoute(Refusal):
    """There is nothing at this address."""

    status = 404


class MethodNotAllowed(Refusal):
    """This address does not take that method."""

    status = 405

    def __init__(self, methods: Iterable[str]) -> None:
        """Name the methods that it does take."""
        super().__init__()
        self.allow = ", ".join(sorted(methods))


class TooLarge(Refusal):
    """A body may have at most 1 MiB."""

    status = 413


class NotJson(Refusal):
    """The body is not JSON in UTF-8."""


class BadQuery(Refusal):
    """The query has a parameter that is unknown, stands twice, or is not UTF-8."""


class InternalError(Refusal):
    """Something went wrong here. The request id helps to find out what."""

    status = 500


def problem(refusal: Refusal, request_id: str) -> Answer:
    """The answer that says no."""
    headers = [(b"content-type", CONTENT_TYPE)]
    if refusal.retry_after is not None:
        headers.append((b"retry-after", str(refusal.retry_after).encode()))
    if refusal.allow:
        headers.append((b"allow", refusal.allow.encode()))
    if refusal.status == 401:  # noqa: PLR2004 - RFC 9110, 11.6.1 asks for it
        headers.append((b"www-authenticate", b"Bearer"))
    return Answer(refusal.status, msgspec.json.encode(document_of(refusal, request_id)), headers, number=refusal.number)


def document_of(refusal: Refusal, request_id: str) -> Problem:
    """The document that says no: the body of an answer, or a part of one."""
    said = (TITLES[refusal.status], refusal.status, refusal.code, refusal.detail, request_id)
    return Problem(*said, errors=list(refusal.errors), space_id=refusal.space_id or UNSET)
