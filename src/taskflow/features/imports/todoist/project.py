"""One project of Todoist's, row by row: what a row belongs to is told by the rows above it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Self

from taskflow.features.imports.files.csv_file import Row, open_table
from taskflow.features.imports.files.text_lines import Chunks
from taskflow.features.imports.reading import (
    Reading,
    ReadLabel,
    ReadProject,
    ReadSection,
    ReadTask,
    Refused,
    Remark,
    quoted,
)
from taskflow.features.imports.shortened import label_key, named
from taskflow.features.imports.todoist.leftover import Rest
from taskflow.features.imports.todoist.note import read_note
from taskflow.features.imports.todoist.task import Belongs, read_task
from taskflow.features.tasks.model import DEPTH_MOST

NEEDED = ("TYPE", "CONTENT")
INDENT = re.compile(r"[1-9][0-9]{0,2}|")


@dataclass(slots=True)
class Project:
    """A project under way; `seen` counts the things of equal content in all projects of the file."""

    reading: Reading
    seen: Counter[str]
    at: datetime
    key: str
    name: str
    file: str
    section: str | None = None
    above: list[tuple[int, str]] = field(default_factory=list)
    task: ReadTask | None = None

    @classmethod
    def named(cls, name: str, reading: Reading, seen: Counter[str], at: datetime, file: str = "") -> Self:
        """Begin with the project of this name."""
        key = f"todoist:project:{name}"
        seen[key] += 1
        return cls(reading, seen, at, f"{key}:{seen[key]}", name, file)

    def read(self, chunks: Chunks) -> None:
        """Add all rows to the reading; raises Refused."""
        table = open_table(chunks, NEEDED)
        name, remarks = named(self.name, "project", "Todoist")
        self.reading.projects.append(ReadProject(line=table.line, key=self.key, file=self.file, name=name))
        self._remark(table.line, "changed", remarks)
        rest = Rest(table)
        first = len(self.reading.remarks)
        for row in table.rows:
            if not row.blank:
                self._row(row, rest)
        columns = [Remark(table.line, "left out", sentence, self.file) for sentence in rest.of_columns()]
        self.reading.remarks[first:first] = columns

    def _row(self, row: Row, rest: Rest) -> None:
        kind = row["TYPE"].strip().lower()
        if kind == "task":
            self._task(row)
        elif kind == "section":
            self._section(row)
        elif kind == "note":
            self._note(row)
        elif kind != "meta":
            raise Refused(row.line, f"TYPE is {quoted(row['TYPE'])}, not task, section, note or meta")
        self._remark(row.line, "left out", rest.of_row(row, kind))

    def _task(self, row: Row) -> None:
        task, labels, remarks = read_task(row, self._place(row), self.seen, self.at)
        for label in labels:
            known = ReadLabel(line=row.line, key=label_key(label), file=self.file, name=label)
            self.reading.labels.setdefault(known.key, known)
        self.above.append((_indent(row), task.key))
        self.task = task
        self.reading.tasks.append(task)
        self.reading.remarks.extend(remarks)

    def _place(self, row: Row) -> Belongs:
        indent = _indent(row)
        while self.above and self.above[-1][0] >= indent:
            self.above.pop()
        self._remark(row.line, "changed", self._moved(indent))
        above = self.above[: DEPTH_MOST - 1]
        return Belongs(self.file, self.key, self.section, above[-1][1] if above else None)

    def _moved(self, indent: int) -> Iterator[str]:
        """What is said of a task that stands elsewhere than the file says."""
        if indent > 1 and not self.above:
            yield "a sub-task without a task above it is a task of its own"
        elif len(self.above) >= DEPTH_MOST:
            yield f"a sub-task below {DEPTH_MOST} levels stands on the last of them"
        elif self.above and indent > self.above[-1][0] + 1:
            level = len(self.above) + 1
            yield f"a sub-task of level {indent} stands on level {level}, for none of level {indent - 1} is above it"

    def _section(self, row: Row) -> None:
        self.above.clear()
        self.task = self.section = None
        whole = row["CONTENT"].strip()
        if not whole:
            sentence = "section without a name left out: the tasks below it stand outside of sections"
            self._remark(row.line, "left out", [sentence])
            return
        name, remarks = named(whole, "section", "Todoist")
        key = f"{self.key}:section:{whole}"
        self.seen[key] += 1
        self.section = f"{key}:{self.seen[key]}"
        section = ReadSection(line=row.line, key=self.section, file=self.file, project=self.key, name=name)
        self.reading.sections.append(section)
        self._remark(row.line, "changed", remarks)

    def _note(self, row: Row) -> None:
        if self.task is None:
            sentence = f"note {quoted(row['CONTENT'])} left out: it belongs to no task, and only tasks have comments"
            self._remark(row.line, "left out", [sentence])
            return
        comments, remarks = read_note(row, self.task, self.seen)
        self.reading.comments.extend(comments)
        self.reading.remarks.extend(remarks)

    def _remark(self, line: int, kind: Literal["changed", "left out"], sentences: Iterable[str]) -> None:
        self.reading.remarks.extend(Remark(line, kind, sentence, self.file) for sentence in sentences)


def _indent(row: Row) -> int:
    cell = row["INDENT"].strip()
    if not INDENT.fullmatch(cell):
        raise Refused(row.line, f"INDENT is {quoted(cell)}, not a number from 1")
    return int(cell or 1)
