"""A JSON file of objects, in an array or one a line, each object with the line it begins on."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from taskflow.features.imports.files.text_lines import Chunks, whole_text
from taskflow.features.imports.reading import Refused, quoted

BETWEEN = re.compile(r"[ \t\r\n]*")
DIGITS_MOST = 300  # of a number: more is no number of anybody's

Object = dict[str, Any]


def json_objects(chunks: Chunks) -> Iterator[tuple[int, Object]]:
    """The objects in their order; raises Refused for what is no JSON, or no objects, with the line."""
    text = whole_text(chunks)
    reader = _Reader(text)
    at = reader.skip(0)
    if at == len(text):
        raise Refused(None, "it is empty")
    if text[at] == "[":
        yield from reader.array(reader.skip(at + 1))
    else:
        yield from reader.lines(at)


class _Reader:
    """Goes through the text, counting its lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.counted = 0
        self.line = 1
        self.decoder = json.JSONDecoder(
            object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_number
        )

    def array(self, at: int) -> Iterator[tuple[int, Object]]:
        """What follows an opening bracket, to the end of the text."""
        if self.sign(at) != "]":
            at, one = self.object(at)
            yield one
            while self.sign(at) == ",":
                at, one = self.object(self.skip(at + 1))
                yield one
        if self.sign(at) != "]":
            raise self.refused(at, "the array goes on with neither a comma nor a closing bracket")
        if (end := self.skip(at + 1)) < len(self.text):
            raise self.refused(end, "something stands behind the end of the array")

    def lines(self, at: int) -> Iterator[tuple[int, Object]]:
        """Objects one after another; Taskwarrior writes a comma behind each in some of its forms."""
        while at < len(self.text):
            at, one = self.object(at)
            yield one
            if self.sign(at) == ",":
                at = self.skip(at + 1)

    def object(self, at: int) -> tuple[int, tuple[int, Object]]:
        """Where the next thing begins, and this object with its line."""
        line = self.line_of(at)
        if self.sign(at) != "{":
            raise Refused(line, f"a task begins with a brace, not with {quoted(self.text[at : at + 20])}")
        try:
            found, end = self.decoder.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            raise self.refused(error.pos, f"it is no JSON: {_said(error)}") from None
        except RecursionError:
            raise Refused(line, "it is nested too deep") from None
        except ValueError as error:
            raise Refused(line, str(error)) from None
        return self.skip(end), (line, found)

    def sign(self, at: int) -> str:
        """The character there, empty at the end."""
        return self.text[at : at + 1]

    def skip(self, at: int) -> int:
        """Past white space."""
        found = BETWEEN.match(self.text, at)
        return found.end() if found else at

    def line_of(self, at: int) -> int:
        """The line, from 1; asked in the order of the text."""
        self.line += self.text.count("\n", self.counted, at)
        self.counted = max(at, self.counted)
        return self.line

    def refused(self, at: int, sentence: str) -> Refused:
        return Refused(self.line_of(at), sentence)


def _said(error: json.JSONDecodeError) -> str:
    return error.msg[:1].lower() + error.msg[1:]


def _object(pairs: list[tuple[str, Any]]) -> Object:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(
            f"the member {quoted(next(n for n in names if names.count(n) > 1))} stands twice in one object"
        )
    for name, value in pairs:
        _hold_text(name)
        if isinstance(value, str):
            _hold_text(value)
        elif isinstance(value, list):
            for one in value:
                if isinstance(one, str):
                    _hold_text(one)
    return found


def _hold_text(text: str) -> None:
    if "\0" in text:
        raise ValueError("a NUL character stands in a text")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ValueError("half of a character (a lone surrogate) stands in a text") from None


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _integer(digits: str) -> int:
    if len(digits) > DIGITS_MOST:
        raise ValueError(f"a number of {len(digits):,} digits stands in it")
    return int(digits)


def _number(digits: str) -> float:
    if len(digits) > DIGITS_MOST:
        raise ValueError(f"a number of {len(digits):,} digits stands in it")
    return float(digits)
