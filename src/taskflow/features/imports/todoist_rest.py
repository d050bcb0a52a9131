"""What of a Todoist CSV has no place here yet, by line: sections, comments, labels, sub-tasks and so on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from taskflow.features.imports.csv_file import Row, Table
from taskflow.features.imports.model import Refused, Remark, quoted

LABEL = re.compile(r"(?<!\S)@\S+")
INDENT = re.compile(r"[1-9][0-9]{0,2}|")
# Read elsewhere, or help to read another column.
READ = {"TYPE", "CONTENT", "DESCRIPTION", "PRIORITY", "INDENT", "DATE", "DATE_LANG", "TIMEZONE", "RESPONSIBLE"}
READ_IN_PAIRS = {"DURATION", "DURATION_UNIT", "DEADLINE", "DEADLINE_LANG"}
# Filled in on every line, and named once.
WHOLE_COLUMNS = {"AUTHOR": "who wrote a task has no place yet", "IS_COLLAPSED": "what is folded away has no place yet"}


@dataclass(slots=True)
class Rest:
    """Goes through the rows beside the reading of tasks, for a sub-task is told by the rows above it."""

    table: Table
    parents: list[tuple[int, int]] = field(default_factory=list)
    whole: set[str] = field(default_factory=set)

    def of_row(self, row: Row, kind: str) -> Iterator[Remark]:
        """What of one row that is no task stays out: all of it."""
        if kind == "section":
            self.parents.clear()
            sentence = f"section {quoted(row['CONTENT'])} left out: sections have no place yet"
        elif kind == "meta":
            sentence = f"{quoted(row['CONTENT'])} left out: how a project is shown has no place yet"
        else:
            sentence = _note(row)
        yield Remark(row.line, "left out", sentence)

    def of_task(self, row: Row) -> Iterator[Remark]:
        """What of a task's row stays out; raises Refused for an INDENT that is none."""
        sentences = [_labels(row), self._parent(row), _assignee(row), _duration(row), _deadline(row)]
        sentences += self._columns(row)
        return (Remark(row.line, "left out", sentence) for sentence in sentences if sentence)

    def of_columns(self) -> Iterator[Remark]:
        """What stays out of many rows in the same way, named at the header."""
        for name in sorted(self.whole):
            yield Remark(self.table.line, "left out", f"column {name} left out: {WHOLE_COLUMNS[name]}")

    def _parent(self, row: Row) -> str | None:
        cell = row["INDENT"].strip()
        if not INDENT.fullmatch(cell):
            raise Refused(row.line, f"INDENT is {quoted(cell)}, not a number from 1")
        indent = int(cell or 1)
        while self.parents and self.parents[-1][0] >= indent:
            self.parents.pop()
        parent = f" of line {self.parents[-1][1]}" if self.parents else ""
        self.parents.append((indent, row.line))
        return (
            f"sub-task{parent} left out as one: it is a task of its own; sub-tasks have no place yet"
            if indent > 1
            else None
        )

    def _columns(self, row: Row) -> Iterator[str]:
        for name in self.table.columns.keys() - READ - READ_IN_PAIRS:
            if (cell := row[name]) and not cell.isspace():
                if name in WHOLE_COLUMNS:
                    self.whole.add(name)
                else:
                    yield f"column {quoted(name)} left out ({quoted(cell)}): it has no place here"


def _note(row: Row) -> str:
    if row["CONTENT"].lstrip().startswith("[[file "):
        return "note with a file left out: comments have no place yet"
    return "note left out: comments have no place yet"


def _labels(row: Row) -> str | None:
    labels = LABEL.findall(row["CONTENT"])
    names = ", ".join(quoted(label)[1:-1] for label in labels)
    return f"label {names} left out: its words stay in the title; labels have no place yet" if labels else None


def _assignee(row: Row) -> str | None:
    name = row["RESPONSIBLE"].strip()
    return f"assignee {quoted(name)} left out: assignees have no place yet" if name else None


def _duration(row: Row) -> str | None:
    number = row["DURATION"].strip()
    whole = f"{number} {row['DURATION_UNIT'].strip()}".strip()
    return f"duration {quoted(whole)} left out: durations have no place yet" if number else None


def _deadline(row: Row) -> str | None:
    words = row["DEADLINE"].strip()
    return f"deadline {quoted(words)} left out: deadlines have no place yet" if words else None
