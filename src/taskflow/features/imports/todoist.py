"""Todoist's CSV of one project, as its export and its backups write it."""

from collections import Counter
from pathlib import Path

from taskflow.features.imports.csv_file import Row, open_table
from taskflow.features.imports.model import Reading, Refused, quoted
from taskflow.features.imports.text_lines import Progress
from taskflow.features.imports.todoist_rest import Rest
from taskflow.features.imports.todoist_task import read_task

NEEDED = ("TYPE", "CONTENT")
NOT_TASKS = frozenset({"section", "note", "meta"})


def read(path: Path, progress: Progress) -> Reading:
    """All tasks of the file and a remark for all that is not in them; raises Refused."""
    table = open_table(path, progress, NEEDED)
    rest = Rest(table)
    reading = Reading([], [])
    seen: Counter[bytes] = Counter()
    for row in table.rows:
        if not row.blank:
            _read_row(row, rest, reading, seen)
    reading.remarks[:0] = rest.of_columns()
    return reading


def _read_row(row: Row, rest: Rest, reading: Reading, seen: Counter[bytes]) -> None:
    kind = _kind(row)
    if kind in NOT_TASKS:
        reading.remarks.extend(rest.of_row(row, kind))
        return
    task, remarks = read_task(row, seen)
    reading.tasks.append(task)
    reading.remarks.extend((*remarks, *rest.of_task(row)))


def _kind(row: Row) -> str:
    kind = row["TYPE"].strip().lower()
    if kind == "task" or kind in NOT_TASKS:
        return kind
    raise Refused(row.line, f"TYPE is {quoted(row['TYPE'])}, not task, section, note or meta")
