"""ETags: what state of what form an answer shows, and what a client says it holds (RFC 9110, 8.8.3 and 13.1)."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from taskflow.api.request import Request

STRONG_TAG = re.compile(r'(?:^|,)\s*"(\d{1,16})\.[^"]*"')  # 2^53 has 16 digits


@cache
def form_of(answer: Any) -> str:
    """A digest of an answer's type: a deploy that adds a field never answers old bytes."""
    return hashlib.sha256(msgspec.json.encode(msgspec.json.schema(answer), order="sorted")).hexdigest()[:8]


def thing_tag(seq: int, answer: Any) -> bytes:
    """The strong ETag of one thing: its row's number and its form."""
    return f'"{seq}.{form_of(answer)}"'.encode()


def list_tag(numbers: Mapping[UUID, int], answer: Any, asked: Any) -> bytes:
    """The strong ETag of a list over several spaces: what all their numbers, its form and its query come to."""
    text = msgspec.json.encode([form_of(answer), asked, sorted((str(space), at) for space, at in numbers.items())])
    return f'"{hashlib.sha256(text).hexdigest()[:32]}"'.encode()


def if_match(request: Request) -> frozenset[int] | None:
    """The numbers of which the thing must still have one; None: any. The form does not matter to a write.

    A tag that is weak, or that no thing of ours could have, names no number: it matches nothing.
    """
    text = request.headers.get("if-match")
    if text is None or text.strip() == "*":
        return None
    return frozenset(int(number) for number in STRONG_TAG.findall(text))


def if_none_match(headers: list[tuple[bytes, bytes]]) -> set[bytes]:
    """The tags that the client holds, compared weakly."""
    held = (value for name, value in headers if name == b"if-none-match")
    return {tag.strip().removeprefix(b"W/") for value in held for tag in value.split(b",")}
