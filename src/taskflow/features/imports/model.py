"""What reading another program's file gives: tasks to make and remarks by line, or a refusal of the whole file."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

QUOTED_MOST = 60


class Refused(Exception):
    """The whole file stays out: the physical line (from 1, None for the file itself) and one sentence."""

    def __init__(self, line: int | None, sentence: str) -> None:
        """Say where and why."""
        super().__init__(sentence if line is None else f"line {line}: {sentence}")
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class ReadTask:
    """A task to make; `key` is the same whenever the same row is read again, and no other row's of the file."""

    line: int
    key: str
    title: str
    description: str
    priority: int
    due_date: date | None
    due_at: datetime | None
    due_zone: str | None


@dataclass(frozen=True, slots=True)
class Remark:
    """What became of a line, or a part of it, that is not in a task just as it stood there."""

    line: int
    kind: Literal["changed", "left out"]
    sentence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole file, in the order of its lines."""

    tasks: list[ReadTask]
    remarks: list[Remark]


def quoted(text: str) -> str:
    """The text between quotes, on one line, shortened, harmless to a terminal."""
    line = " ".join(text.split())
    short = line if len(line) <= QUOTED_MOST else line[: QUOTED_MOST - 1] + "…"
    return '"' + "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in short) + '"'
