"""What Taskwarrior's `task export` writes: an array of tasks, or one a line."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from taskflow.features.imports.files.json_file import json_objects
from taskflow.features.imports.files.text_lines import Progress, file_chunks
from taskflow.features.imports.reading import Reading, Refused, Remark, quoted
from taskflow.features.imports.taskwarrior.record import Record, read_record
from taskflow.features.imports.taskwarrior.series import Series
from taskflow.features.imports.taskwarrior.template import lost
from taskflow.features.imports.taskwarrior.things import Things
from taskflow.foundation.clock import now

# In every task of an export, and named once.
RECKONED = "id, urgency and modified of every task left out: they are reckoned, or kept, anew here"


def read(path: Path, progress: Progress, at: datetime | None = None) -> Reading:
    """All tasks of the file and a remark for all that is not in them; raises Refused."""
    records = list(_records(path, progress))
    series = Series(records)
    things = Things(Reading(), {record.uuid: record.title for record in records}, series, at or now())
    if records:
        things.reading.remarks.append(Remark(0, "left out", RECKONED))
    for record in records:
        if record.status == "deleted":
            things.leave_out(record, f"{quoted(record.title)} left out: it is deleted in Taskwarrior")
        elif record.status == "recurring":
            _template(record, series, things)
        else:
            things.make(record)
    return things.reading


def _records(path: Path, progress: Progress) -> Iterator[Record]:
    lines: dict[str, int] = {}
    for line, found in json_objects(file_chunks(path, progress)):
        record = read_record(line, found)
        if lines.setdefault(record.uuid, line) != line:
            raise Refused(line, f"the uuid {record.uuid} stands on line {lines[record.uuid]} already")
        yield record


def _template(record: Record, series: Series, things: Things) -> None:
    """What recurs is made once: as its newest open instance, or as itself where it has none."""
    carrier = series.carrier(record.uuid)
    if carrier is not None:
        things.leave_out(
            record, f"{quoted(record.title)} left out as a task: its repetition goes on in line {carrier.line}"
        )
        for sentence in lost(record, carrier):
            things.leave_out(record, sentence)
        return
    due = series.next_due(record)
    if due is not None and record.until is not None and due > record.until:
        things.leave_out(record, f"{quoted(record.title)} left out: its repetition has ended")
        return
    things.make(replace(record, due=due))
