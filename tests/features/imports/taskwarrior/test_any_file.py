"""Properties of reading Taskwarrior's JSON: every line is accounted for, and whatever is broken is refused."""

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as some

from taskflow.features.imports.in_zone import in_zone
from taskflow.features.imports.reading import Reading, Refused
from taskflow.features.imports.report import render
from taskflow.features.imports.taskwarrior.file import read
from taskflow.features.imports.taskwarrior.record import STATUSES
from taskflow.features.tasks.recurrence import read_rule

REAL = Path(__file__).with_name("export-2.6.2.json")
UUIDS = [str(UUID(int=n)) for n in range(4)]
TEXTS = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
MOMENTS = some.datetimes().map(lambda at: f"{at.year:04}{at:%m%dT%H%M%SZ}")
RECUR = some.sampled_from(["weekly", "monthly", "2days", "PT1H", "P1Y", "weekdays"])
OPTIONAL: dict[str, some.SearchStrategy[Any]] = {
    "due": MOMENTS, "wait": MOMENTS, "scheduled": MOMENTS, "until": MOMENTS, "end": MOMENTS, "start": MOMENTS,
    "entry": MOMENTS, "project": TEXTS, "priority": some.sampled_from("HML") | TEXTS, "recur": RECUR,
    "parent": some.sampled_from(UUIDS), "mask": some.text("+-XW", max_size=5), "tags": some.lists(TEXTS, max_size=3),
    "annotations": some.lists(some.fixed_dictionaries({"description": TEXTS}, optional={"entry": MOMENTS}), max_size=2),
    "depends": some.lists(some.sampled_from(UUIDS), max_size=2),
    "an own one": some.none() | some.floats(allow_nan=False) | TEXTS,
}  # fmt: skip
TASKS = some.lists(
    some.fixed_dictionaries(
        {
            "uuid": some.uuids().map(str) | some.sampled_from(UUIDS),
            "description": TEXTS.filter(str.strip),
            "status": some.sampled_from(STATUSES),
        },
        optional=OPTIONAL,
    ),
    max_size=8,
    unique_by=lambda task: task["uuid"],
)


def reading(content: bytes) -> Reading:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "export.json"
        file.write_bytes(content)
        return in_zone(read(file, lambda _done, _whole: None), "Europe/Berlin")


def refusal(content: bytes) -> Refused | None:
    try:
        reading(content)
    except Refused as refused:
        return refused
    return None


@given(tasks=TASKS, ends=some.sampled_from(["\n", "\r\n"]))
def test_every_task_is_made_or_named_whatever_it_holds(tasks: list[dict[str, Any]], ends: str) -> None:
    lines = [json.dumps(task, ensure_ascii=False) for task in tasks]

    with suppress(Refused):  # a time at the calendar's very limits
        found = reading(ends.join(lines).encode() or b"[]")

        named = {task.line for task in found.tasks} | {remark.line for remark in found.remarks}
        assert named - {0} == set(range(1, len(tasks) + 1))
        open_ones = [task for task in tasks if task["status"] in ("pending", "waiting", "completed")]
        assert {task["uuid"] for task in open_ones} <= {task.key.removeprefix("taskwarrior:") for task in found.tasks}
        for task in found.tasks:
            assert task.recurrence is None or read_rule(task.recurrence).freq
        assert render(found, made=set(), already=set())


@settings(max_examples=300)
@given(data=some.data())
def test_a_real_file_broken_anywhere_is_read_or_refused_with_a_line(data: some.DataObject) -> None:
    content = bytearray(REAL.read_bytes())
    for _ in range(data.draw(some.integers(1, 4))):
        at = data.draw(some.integers(0, len(content)))
        gone = data.draw(some.integers(0, 20))
        content[at : at + gone] = data.draw(
            some.sampled_from([b'"', b",", b"{", b"}", b"[", b"]", b":", b"\\", b"\n", b"\xff", b"\0", b"1", b"null"])
        )

    refused = refusal(bytes(content))

    assert refused is None or str(refused).isprintable()
    assert refused is None or refused.line is None or 1 <= refused.line <= content.count(b"\n") + 1


@given(some.binary(max_size=200) | TEXTS.map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(Refused):
        reading(content)
