"""What of a task of Taskwarrior's has no field here: kept as words in its description."""

import json
from collections.abc import Iterator
from datetime import datetime

from taskflow.features.imports.reading import Refused, quoted
from taskflow.features.imports.shortened import TITLE_MOST
from taskflow.features.imports.taskwarrior.record import Record
from taskflow.features.tasks.model import DESCRIPTION_BYTES

PROGRAM = "Taskwarrior"
PRIORITIES = {"H": 3, "M": 2, "L": 1, "": 0}
KEPT = "kept as words in the description"


def words_of(record: Record, recurrence: str | None) -> Iterator[tuple[str, str]]:
    """What has no field here: the words for the description, and what is said of them."""
    if record.priority not in PRIORITIES:
        yield said("Priority", record.priority, "priority")
    if record.start and record.status != "recurring":
        yield said("Started", shown(record.start), "start")
    if record.wait:
        yield said("Waits until", shown(record.wait), "wait")
    if record.scheduled:
        yield said("Scheduled", shown(record.scheduled), "scheduled")
    if record.until and not recurrence:
        yield said("Until", shown(record.until), "until")
    for name, value in record.others.items():
        text = value if isinstance(value, str) else json.dumps(value)
        yield f"{name}: {' '.join(text.split())}", f"attribute {quoted(name)} ({quoted(text)}) {KEPT}"


def said(label: str, words: str, attribute: str) -> tuple[str, str]:
    """The words of an attribute, and what is said of it."""
    return f"{label} (as written in {PROGRAM}): {words}", f"{attribute} {quoted(words)} {KEPT}"


def shown(moment: datetime) -> str:
    """A moment in words."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def description_of(record: Record, words: list[str]) -> str:
    """A title that is too long, and the words; raises Refused."""
    description = "\n\n".join([*([record.title] if len(record.title) > TITLE_MOST else []), *words])
    if len(description.encode()) > DESCRIPTION_BYTES:
        raise Refused(record.line, f"what is kept in the description is longer than {DESCRIPTION_BYTES:,} bytes")
    return description
