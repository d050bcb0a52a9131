"""What reading another program's file gives: things to make and remarks by line, or a refusal of the whole file."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from taskflow.features.labels.model import Color
from taskflow.features.tasks.model import RecursFrom, Status
from taskflow.foundation.refusal import Fault

QUOTED_MOST = 60


class Refused(Exception):
    """The whole file stays out: which file of a zip, the line (from 1, None for the file itself) and one sentence."""

    def __init__(self, line: int | None, sentence: str, file: str = "") -> None:
        """Say where and why."""
        place = [*([file] if file else []), *([] if line is None else [f"line {line}"])]
        super().__init__(": ".join([*place, sentence]))
        self.line = line
        self.sentence = sentence
        self.file = file


def in_short(fault: Fault) -> str:
    """What is wrong with a thing whose line is told beside it."""
    return f"{fault.pointer.lstrip('/')}: {fault.detail}".removeprefix(": ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A thing to make; `key` is the same whenever it is read again, and no other thing's. `file` is one of a zip."""

    line: int
    key: str
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLabel(Read):
    """A label; one of the same name that is there already takes its place."""

    name: str
    color: Color = "stone"
    position: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProject(Read):
    """A project."""

    name: str
    color: Color = "stone"
    position: str | None = None
    archived_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSection(Read):
    """A section of the project with this key."""

    project: str
    name: str
    position: str | None = None
    archived_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTask(Read):
    """A task; what it belongs to is named by keys.

    A `due_at` without a zone is in the account's own, and there a midnight is a day. `recurs_until` is the last
    day or moment of a `recurrence`. `assigned` is whether it is the account's to do.
    """

    title: str
    description: str = ""
    status: Status = "todo"
    priority: int = 0
    due_date: date | None = None
    due_at: datetime | None = None
    due_zone: str | None = None
    recurrence: str | None = None
    recurs_from: RecursFrom | None = None
    recurs_until: date | datetime | None = None
    series: str | None = None
    project: str | None = None
    section: str | None = None
    parent: str | None = None
    labels: tuple[str, ...] = ()
    assigned: bool = False
    position: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadComment(Read):
    """A comment on the task with this key; `mentioned` is whether it mentions the account."""

    task: str
    body: str
    mentioned: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """What became of a line, or a part of it, that is not in a thing just as it stood there."""

    line: int
    kind: Literal["changed", "left out"]
    sentence: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole file, in the order of its lines; a parent stands before its sub-tasks."""

    tasks: list[ReadTask] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    projects: list[ReadProject] = field(default_factory=list)
    sections: list[ReadSection] = field(default_factory=list)
    labels: dict[str, ReadLabel] = field(default_factory=dict)
    comments: list[ReadComment] = field(default_factory=list)


def quoted(text: str) -> str:
    """The text between quotes, on one line, shortened, harmless to a terminal."""
    line = " ".join(text.split())
    short = line if len(line) <= QUOTED_MOST else line[: QUOTED_MOST - 1] + "…"
    return '"' + harmless(short) + '"'


def harmless(text: str) -> str:
    """The text with what a terminal might obey written as an escape."""
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)
