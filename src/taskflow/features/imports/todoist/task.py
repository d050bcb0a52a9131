"""A task's row of a Todoist CSV as a task of ours."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from taskflow.features.imports.files.csv_file import Row
from taskflow.features.imports.reading import ReadTask, Refused, Remark, quoted
from taskflow.features.imports.shortened import TITLE_MOST, few, label_key, title_remarks, titled
from taskflow.features.imports.todoist.due import TodoistDue, due
from taskflow.features.imports.todoist.leftover import kept_words
from taskflow.features.tasks.model import DESCRIPTION_BYTES

# Todoist's 1 is the most urgent, and ours is 3. Its own import takes an empty cell for 1; here nothing said is none.
PRIORITIES = {"1": 3, "2": 2, "3": 1, "4": 0, "": 0}
# A label's name has none of these signs, so "@shop, then home" is a part of the title.
LABEL = re.compile(r"(?<!\S)@(?P<name>[^\s@\"\\()|&!,]{1,60})(?!\S)")


@dataclass(frozen=True, slots=True)
class Belongs:
    """Where a row stands: its file in a zip, and the keys of project, section and parent."""

    file: str
    project: str
    section: str | None
    parent: str | None


def read_task(row: Row, belongs: Belongs, seen: Counter[str], at: datetime) -> tuple[ReadTask, list[str], list[Remark]]:
    """One task, the names of its labels, and what was changed in it; `seen` counts equal rows. Raises Refused."""
    content = row["CONTENT"].strip()
    if not content:
        raise Refused(row.line, "the task has no title (CONTENT is empty)")
    priority = _priority(row)
    when = due(row["DATE"], row["DATE_LANG"], row["TIMEZONE"], at)
    text, found = _labels(content)
    labels, sentences = few(found)
    words = [*_unread(row, when), *kept_words(row)]
    task = ReadTask(
        line=row.line,
        key=_key(seen, belongs.project, content, row["DESCRIPTION"], str(priority), _identity(row, when)),
        file=belongs.file,
        title=titled(text),
        description=_description(row, text, [said for said, _ in words]),
        priority=priority,
        due_date=when.on,
        due_at=when.at,
        due_zone=when.zone,
        recurrence=when.rule,
        recurs_from=when.recurs_from,
        recurs_until=when.until,
        project=belongs.project,
        section=belongs.section,
        parent=belongs.parent,
        labels=tuple(dict.fromkeys(map(label_key, labels))),
    )
    sentences += [*title_remarks(text), *_begun(row, when), *(sentence for _, sentence in words)]
    return task, labels, [Remark(row.line, "changed", sentence, belongs.file) for sentence in sentences]


def _priority(row: Row) -> int:
    cell = row["PRIORITY"].strip()
    if cell not in PRIORITIES:
        raise Refused(row.line, f"PRIORITY is {quoted(cell)}, not 1, 2, 3 or 4")
    return PRIORITIES[cell]


def _labels(content: str) -> tuple[str, list[str]]:
    """The title without its labels, and their names; one of labels alone keeps them as its words."""
    labels = [*{label_key(found["name"]): found["name"] for found in reversed([*LABEL.finditer(content)])}.values()][
        ::-1
    ]
    title = re.sub(rf"\s*{LABEL.pattern}", "", content).strip() if labels else content
    return title or content, labels


def _identity(row: Row, when: TodoistDue) -> str:
    """The due date as a part of the key, but for words like "in 5 days", which tomorrow's export writes as others."""
    if when.repeats or (when.missing and when.on):
        return " ".join(row["DATE"].split())
    if when.missing:
        return "words"
    return f"{when.on or when.at or ''} {when.zone or ''}"


def _key(seen: Counter[str], *parts: str) -> str:
    """The content's hash and which of the equal rows it is: other rows above or below change neither."""
    # A NUL parts them, for the file holds none. 16 bytes, as in the UUID to be made of it.
    content = hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
    seen[content] += 1
    return f"todoist:{content}:{seen[content]}"


def _unread(row: Row, when: TodoistDue) -> Iterator[tuple[str, str]]:
    """A due date that is not read, or not wholly: what stands in the description, and what is said of it."""
    if when.missing:
        noun = "repetition" if when.repeats and not when.rule else "due date"
        words = " ".join(row["DATE"].split())
        sentence = f"{noun} {quoted(words)} kept as words in the description: {when.missing}"
        yield f"Due (as written in Todoist): {words}", sentence


def _begun(row: Row, when: TodoistDue) -> Iterator[str]:
    if when.begun:
        yield f"repetition {quoted(row['DATE'])} begins on {when.begun}, for the file names no day to begin with"


def _description(row: Row, text: str, words: list[str]) -> str:
    parts = [text if len(text) > TITLE_MOST else "", row["DESCRIPTION"], *words]
    description = "\n\n".join(part for part in parts if part and not part.isspace())
    if len(description.encode()) > DESCRIPTION_BYTES:
        raise Refused(row.line, f"the description and what is kept in it are longer than {DESCRIPTION_BYTES:,} bytes")
    return description
