"""A CSV file (RFC 4180) with a header, row by row, each with the physical line it begins on."""

import csv
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from taskflow.features.imports.files.text_lines import Chunks, text_lines
from taskflow.features.imports.reading import Refused, quoted

ROW_MOST = 1024 * 1024
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header: a cell by its column's name, empty where the row or the file has none."""

    line: int
    cells: list[str]
    columns: dict[str, int]

    def __getitem__(self, name: str) -> str:
        """The cell, its line ends as LF."""
        index = self.columns.get(name, len(self.cells))
        cell = self.cells[index] if index < len(self.cells) else ""
        return cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell

    @property
    def blank(self) -> bool:
        """White space and separators, no more."""
        return not any(cell and not cell.isspace() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """The header's line, its names in upper case with their places, and the rows still to be read."""

    line: int
    columns: dict[str, int]
    rows: Iterator[Row]


def open_table(chunks: Chunks, needed: Sequence[str]) -> Table:
    """Find the header, the first row that is not blank; raises Refused, as reading the rows does."""
    rows = (Row(line, cells, {}) for line, cells in _records(text_lines(chunks)))
    header = next((row for row in rows if not row.blank), None)
    if header is None:
        raise Refused(None, "it is empty")
    columns = _columns(header, needed)
    return Table(header.line, columns, (_fitting(Row(row.line, row.cells, columns)) for row in rows))


def _records(lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    feed = _Feed(lines)
    reader = csv.reader(feed, strict=True)
    while True:
        feed.begin(reader.line_num + 1)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _explained(feed, str(error)) from None
        yield feed.start, cells


@dataclass(slots=True)
class _Feed:
    """Gives the csv module its lines and keeps those of the row under way, for the explanation if it fails."""

    lines: Iterator[str]
    start: int = 1
    held: list[str] = field(default_factory=list)
    size: int = 0
    ended: bool = False

    def begin(self, line: int) -> None:
        self.start = line
        self.held.clear()
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.held.append(line)
        self.size += len(line)
        if self.size > ROW_MOST:
            raise Refused(self.start, f"the row that begins here is longer than {ROW_MOST >> 20} MiB")
        return line


def _explained(feed: _Feed, error: str) -> Refused:
    here = feed.start + len(feed.held) - 1
    opened = feed.start + _last_quote(feed.held)
    if feed.ended:
        return Refused(opened, "a quote that opens here never closes")
    if "limit" in error:
        return Refused(opened, "a cell that begins here is too long: is its closing quote missing?")
    where = "" if here == opened else f" on line {here}"
    return Refused(opened, f"a quoted cell that begins here goes on after a quote{where}: one inside is written twice")


def _last_quote(lines: list[str]) -> int:
    """Which of one row's lines, counted from 0, its last quoted cell begins on, or the first that does not end well."""
    text = "".join(lines)
    opened = at = 0
    while True:
        if text.startswith('"', at):
            opened = at
            at = _quote_closed(text, at)
            if at < 0 or text[at + 1 : at + 2] not in ",\r\n":
                break
        at = text.find(",", at) + 1
        if at == 0:
            break
    return bisect_right(list(accumulate(map(len, lines))), opened)


def _quote_closed(text: str, at: int) -> int:
    at = text.find('"', at + 1)
    while at >= 0 and text.startswith('""', at):
        at = text.find('"', at + 2)
    return at


def _columns(header: Row, needed: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(header.cells):
        name = cell.strip().upper() or f"COLUMN {index + 1}"
        if columns.setdefault(name, index) != index:
            raise Refused(header.line, f"the column {quoted(name)} stands twice in the header")
    if missing := [name for name in needed if name not in columns]:
        raise Refused(header.line, f"the header has no column {' and no '.join(missing)}{_hint(header, needed)}")
    return columns


def _hint(header: Row, needed: Sequence[str]) -> str:
    for sign, name in OTHER_SEPARATORS.items():
        if any(set(needed) <= {part.strip(' "').upper() for part in cell.split(sign)} for cell in header.cells):
            return f": its cells are separated by {name}, not by commas"
    return ""


def _fitting(row: Row) -> Row:
    if any(cell and not cell.isspace() for cell in row.cells[len(row.columns) :]):
        raise Refused(row.line, f"it has {len(row.cells)} cells, the header {len(row.columns)}: is a quote missing?")
    return row
