"""A request: what a handler may ask of it, each thing read when asked for."""

import codecs
import json
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from taskflow.api.misfit import misplaced
from taskflow.api.problem import BadQuery, NotJson, TooLarge
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import read_id
from taskflow.foundation.refusal import Fault, Invalid

T = TypeVar("T")

LARGEST = 1024 * 1024
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


class Disconnected(Exception):
    """The client went away before its request was complete."""


class Request:
    """One HTTP request, behind the gate."""

    def __init__(self, scope: Any, receive: Any, path: dict[str, str]) -> None:
        """Wrap an ASGI scope; `path` has the parts that the route names."""
        self.scope, self.receive, self.path = scope, receive, path
        self.state: dict[str, Any] = scope["state"]
        self._asked: dict[Any, Any] = {}

    @cached_property
    def headers(self) -> dict[str, str]:
        """The headers by lower-case name; one that stands twice is one list (RFC 9110, 5.3)."""
        read: dict[str, str] = {}
        for name, value in self.scope["headers"]:
            key, text = name.decode("latin-1"), value.decode("latin-1")
            read[key] = f"{read[key]}, {text}" if key in read else text
        return read

    @cached_property
    def cookies(self) -> dict[str, str]:
        """The cookies by name."""
        pairs = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        return {name: value for name, found, value in pairs if found}

    def id(self, name: str) -> Id:
        """An id of the path; raises Invalid unless it is a UUID in lower case with hyphens."""
        try:
            return Id(self.path[name])
        except ValueError as garbage:
            raise Invalid(Fault(f"/{name}", str(garbage))) from garbage

    async def raw(self) -> bytes:
        """The body; raises TooLarge above 1 MiB."""
        told = self.headers.get("content-length", "")
        if told.isdecimal() and int(told[:20]) > LARGEST:
            raise TooLarge
        body: bytes = b""
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            body += message.get("body", b"")
            if len(body) > LARGEST:
                raise TooLarge
            if not message.get("more_body"):
                return body

    async def body(self, form: type[T], *, nul: bool = False) -> T:
        """The body as `form`; raises NotJson (400) or Invalid (422), also for U+0000 where it is not let through."""
        return read_body(await self.raw(), form, nul=nul)

    def query(self, form: type[T]) -> T:
        """The query parameters as `form`, read once; raises BadQuery (400) or Invalid (422)."""
        if form not in self._asked:
            self._asked[form] = read_query(self.scope["query_string"], form)
        asked: T = self._asked[form]
        return asked


def read_body(raw: bytes, form: type[T], *, nul: bool = False) -> T:
    """JSON as a struct; what is JSON but does not fit names the place.

    U+0000 is refused but where `nul` says so; it stands there for a lone surrogate as well.
    """
    decoder = _decoders.get(form)
    if decoder is None:
        decoder = _decoders[form] = msgspec.json.Decoder(form, dec_hook=read_id)
    try:
        value: T = decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as failure:
        if not is_json(raw):
            raise NotJson from failure
        if isinstance(failure, msgspec.ValidationError):
            raise misplaced(str(failure)) from failure
        if nul and (marked := with_nul(raw)):
            return read_body(marked, form, nul=True)
        raise Invalid(Fault("", "has a lone surrogate, or lies too deep")) from failure
    if not nul and b"\\u0000" in raw:
        refuse_nul(msgspec.to_builtins(value, enc_hook=str))
    return value


def with_nul(raw: bytes) -> bytes | None:
    """The same JSON with U+0000 for each lone surrogate; None where there is none, or it lies too deep to tell."""
    try:
        text = json.dumps(json.loads(raw.decode()), ensure_ascii=False)
        marked = text.encode(errors="as_nul")
    except (RecursionError, ValueError):
        return None
    return None if marked == text.encode(errors="surrogatepass") else marked


def as_nul(lone: UnicodeError) -> tuple[str, int]:
    """Write U+0000 for what can't be encoded."""
    assert isinstance(lone, UnicodeEncodeError)  # noqa: S101 - nothing is decoded so
    return "\\u0000" * (lone.end - lone.start), lone.end


codecs.register_error("as_nul", as_nul)


def is_json(raw: bytes) -> bool:
    """Whether it is JSON by the grammar of RFC 8259; what nests too deep to tell is taken for it.

    msgspec does not say: it ends at the first misfit, and takes no lone surrogates.
    """
    try:
        json.loads(raw.decode("utf-8"), parse_int=str, parse_constant=refuse_constant)  # of 4,300 digits int takes none
    except ValueError:
        return False
    except RecursionError:
        return True
    return True


def refuse_constant(name: str) -> None:
    """Refuse NaN and the infinities, which Python's reader takes and JSON has not."""
    raise ValueError(name)


def refuse_nul(value: Any, pointer: str = "") -> None:
    """Raise Invalid for a U+0000 anywhere: PostgreSQL's text can't hold it."""
    if isinstance(value, str) and "\0" in value:
        raise Invalid(Fault(pointer, "has the character U+0000 or a lone surrogate"))
    if isinstance(value, dict):
        for name, member in value.items():
            refuse_nul(member, f"{pointer}/{name}")
    if isinstance(value, list):
        for index, member in enumerate(value):
            refuse_nul(member, f"{pointer}/{index}")


def read_query(raw: bytes, form: type[T]) -> T:
    """Query parameters as a struct: numbers and dates are read from their text."""
    given = read_pairs(raw)
    for name, value in given.items():
        if "\0" in value:
            raise Invalid(Fault(f"/{name}", "has the character U+0000"))
    known = frozenset(form.__struct_encode_fields__)  # type: ignore[attr-defined] # a struct has it
    if unknown := given.keys() - known:
        msg = f"There is no query parameter {min(unknown)!r} here."
        raise BadQuery(msg)
    try:
        return msgspec.convert(given, form, strict=False, dec_hook=read_id)
    except msgspec.ValidationError as misfit:
        raise misplaced(str(misfit)) from misfit


def read_pairs(raw: bytes) -> dict[str, str]:
    """The parameters of a query by name; raises BadQuery where one stands twice, or it is none in UTF-8."""
    try:
        pairs = (
            parse_qsl(
                raw.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=50
            )
            if raw
            else []
        )
    except ValueError as garbage:
        raise BadQuery from garbage
    given = dict(pairs)
    if len(given) < len(pairs):
        raise BadQuery
    return given
