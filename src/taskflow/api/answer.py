"""An answer: what a handler gives back, before it becomes bytes on the wire."""

from typing import Any
from uuid import UUID

import msgspec

Headers = list[tuple[bytes, bytes]]
JSON = b"application/json"
# A browser that is shown an answer as a page takes it for what its type says, and for nothing else.
NOSNIFF = (b"x-content-type-options", b"nosniff")


class Answer(msgspec.Struct):
    """Status, body and headers.

    `number` is that of the request's space at which it was read or written, `others` those of further spaces.
    """

    status: int = 200
    body: bytes = b""
    headers: Headers = []
    number: int | None = None
    others: dict[UUID, int] = {}


def json_answer(status: int, value: Any, number: int | None = None) -> Answer:
    """An answer in JSON."""
    return Answer(status, msgspec.json.encode(value), [(b"content-type", JSON)], number)


async def send_answer(send: Any, answer: Answer) -> None:
    """Write an answer to an ASGI connection."""
    headers = (
        [*answer.headers, (b"content-length", str(len(answer.body)).encode())]
        if answer.status not in {204, 304}
        else answer.headers
    )
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if answer.status in {204, 304} else answer.body})
