"""A task's row of a Todoist CSV as a task of ours."""

import hashlib
from collections import Counter
from collections.abc import Iterator

from taskflow.features.imports.csv_file import Row
from taskflow.features.imports.dates import Due, due
from taskflow.features.imports.model import ReadTask, Refused, Remark, quoted
from taskflow.features.tasks.model import DESCRIPTION_BYTES

TITLE_MOST = 500
# Todoist's 1 is the most urgent, and ours is 3. Its own import takes an empty cell for 1; here nothing said is none.
PRIORITIES = {"1": 3, "2": 2, "3": 1, "4": 0, "": 0}


def read_task(row: Row, seen: Counter[bytes]) -> tuple[ReadTask, list[Remark]]:
    """One task and what was changed in it; `seen` counts the contents of the rows above. Raises Refused."""
    content = row["CONTENT"].strip()
    priority = _priority(row)
    when = due(row["DATE"], row["DATE_LANG"], row["TIMEZONE"])
    task = ReadTask(
        line=row.line,
        key=_key(seen, content, row["DESCRIPTION"], str(priority), _identity(row, when)),
        title=_title(row, content),
        description=_description(row, content, when),
        priority=priority,
        due_date=when.on,
        due_at=when.at,
        due_zone=when.zone,
    )
    return task, list(_remarks(row, content, when))


def _priority(row: Row) -> int:
    cell = row["PRIORITY"].strip()
    if cell not in PRIORITIES:
        raise Refused(row.line, f"PRIORITY is {quoted(cell)}, not 1, 2, 3 or 4")
    return PRIORITIES[cell]


def _identity(row: Row, when: Due) -> str:
    """The due date as a part of the key, but for words like "in 5 days", which tomorrow's export writes as others."""
    if when.repeats or (when.missing and when.on):
        return " ".join(row["DATE"].split())
    if when.missing:
        return "words"
    return f"{when.on or when.at or ''} {when.zone or ''}"


def _key(seen: Counter[bytes], *parts: str) -> str:
    """The content's hash and which of the equal rows it is: other rows above or below change neither."""
    # A NUL parts them, for the file holds none. 16 bytes, as in the UUID to be made of it.
    content = hashlib.blake2b("\0".join(parts).encode(), digest_size=16).digest()
    seen[content] += 1
    return f"todoist:{content.hex()}:{seen[content]}"


def _title(row: Row, content: str) -> str:
    if not content:
        raise Refused(row.line, "the task has no title (CONTENT is empty)")
    return content if len(content) <= TITLE_MOST else content[: TITLE_MOST - 1] + "…"


def _description(row: Row, content: str, when: Due) -> str:
    parts = [
        content if len(content) > TITLE_MOST else "",
        row["DESCRIPTION"],
        f"Due (as written in Todoist): {' '.join(row['DATE'].split())}" if when.missing else "",
    ]
    description = "\n\n".join(part for part in parts if part and not part.isspace())
    if len(description.encode()) > DESCRIPTION_BYTES:
        raise Refused(row.line, f"the description and what is kept in it are longer than {DESCRIPTION_BYTES:,} bytes")
    return description


def _remarks(row: Row, content: str, when: Due) -> Iterator[Remark]:
    if len(content) > TITLE_MOST:
        sentence = f"title shortened to {TITLE_MOST} characters: all {len(content)} of them stand in the description"
        yield Remark(row.line, "changed", sentence)
    if when.repeats:
        sentence = f"repetition {quoted(row['DATE'])} left out: its words stand in the description; {when.missing}"
        yield Remark(row.line, "left out", sentence)
    elif when.missing:
        sentence = f"due date {quoted(row['DATE'])} kept as words in the description: {when.missing}"
        yield Remark(row.line, "changed", sentence)
