"""Properties of reading Todoist's CSV: whatever is written reads back, and whatever is broken is refused."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskflow.features.imports.reading import Reading, Refused
from taskflow.features.imports.report import render
from taskflow.features.imports.todoist.file import read

FORMS = sorted(Path(__file__).parent.glob("*.csv"))
PRIORITIES = {"1": 3, "2": 2, "3": 1, "4": 0}
TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=60)
TITLES = TEXT.filter(lambda text: text.strip() and "@" not in text)  # labels leave the title


@dataclass(frozen=True)
class Written:
    """A task as Todoist holds it."""

    title: str
    description: str
    priority: str
    date: str


TASKS = st.lists(
    st.builds(Written, TITLES, TEXT, st.sampled_from("1234"), st.sampled_from(["", "2026-12-01"])), max_size=8
)
OTHERS = st.lists(
    st.builds(lambda kind, text: {"TYPE": kind, "CONTENT": text}, st.sampled_from(["note", "section", "meta"]), TEXT)
    | st.just({}),
    max_size=4,
)


@dataclass(frozen=True)
class Dialect:
    """How the same rows may be written."""

    columns: list[str]
    end: str
    mark: str
    always_quoted: bool
    last_end: bool


COLUMNS = ["TYPE", "CONTENT", "DESCRIPTION", "PRIORITY", "DATE", "AUTHOR", "MOOD", ""]
DIALECTS = st.builds(
    Dialect,
    st.permutations(COLUMNS),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\ufeff"]),
    st.booleans(),
    st.booleans(),
)


def written(rows: list[dict[str, str]], dialect: Dialect) -> bytes:
    lines = [dialect.columns, *([row.get(name, "") for name in dialect.columns] for row in rows)]
    text = dialect.end.join(",".join(cell_of(text, dialect) for text in line) for line in lines)
    return (dialect.mark + text + (dialect.end if dialect.last_end else "")).encode()


def cell_of(text: str, dialect: Dialect) -> str:
    # Not csv.writer, which until Python 3.13 leaves a CR without quotes where lines end with LF.
    if dialect.always_quoted or any(sign in text for sign in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def row_of(task: Written) -> dict[str, str]:
    return {
        "TYPE": "task",
        "CONTENT": task.title,
        "DESCRIPTION": task.description,
        "PRIORITY": task.priority,
        "DATE": task.date,
    }


def reading(content: bytes) -> Reading:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "project.csv"
        file.write_bytes(content)
        return read(file, lambda _done, _whole: None)


def one_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def mixed(data: st.DataObject, tasks: list[dict[str, str]], others: list[dict[str, str]]) -> list[dict[str, str]]:
    rows = list(tasks)
    for other in others:
        rows.insert(data.draw(st.integers(0, len(rows))), other)
    return rows


@given(tasks=TASKS, others=OTHERS, dialect=DIALECTS, data=st.data())
def test_any_list_of_tasks_reads_back_however_it_is_written(
    tasks: list[Written],
    others: list[dict[str, str]],
    dialect: Dialect,
    data: st.DataObject,
) -> None:
    rows = mixed(data, [row_of(task) for task in tasks], others)

    found = reading(written(rows, dialect))

    assert [(t.title, t.description, t.priority, str(t.due_date or "")) for t in found.tasks] == [
        (
            one_end(t.title.strip()),
            one_end(t.description) if t.description.strip() else "",
            PRIORITIES[t.priority],
            t.date,
        )
        for t in tasks
    ]
    assert len({task.key for task in found.tasks}) == len(tasks)


@given(tasks=TASKS, others=OTHERS, dialect=DIALECTS, data=st.data())
def test_every_line_is_in_a_task_in_a_remark_blank_or_of_the_row_above(
    tasks: list[Written],
    others: list[dict[str, str]],
    dialect: Dialect,
    data: st.DataObject,
) -> None:
    rows = mixed(data, [row_of(task) for task in tasks], others)
    content = written(rows, dialect)

    found = reading(content)

    read_lines = {thing.line for thing in (*found.tasks, *found.sections, *found.comments)}
    named = read_lines | {remark.line for remark in found.remarks}
    assert {line for line, row in starts(content) if any(cell.strip() for cell in row)} - {1} == named - {1}


def starts(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The line on which each row starts, counted by another way than the product's: its text's own line ends."""
    text = content.decode("utf-8-sig")
    reader = csv.reader(io.StringIO(text, newline=""))
    line = 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1


@given(tasks=TASKS.filter(bool), more=TASKS, dialect=DIALECTS, data=st.data())
def test_a_later_export_with_more_rows_holds_the_same_keys(
    tasks: list[Written],
    more: list[Written],
    dialect: Dialect,
    data: st.DataObject,
) -> None:
    first = [row_of(task) for task in tasks]
    later = mixed(data, first, [row_of(task) for task in more])

    before, after = reading(written(first, dialect)), reading(written(later, dialect))

    assert {task.key for task in before.tasks} <= {task.key for task in after.tasks}
    assert len({task.key for task in after.tasks}) == len(later)


@given(st.binary(max_size=400) | TEXT.map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(Refused):
        reading(content)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@settings(max_examples=300)
@given(data=st.data())
def test_a_real_file_broken_anywhere_is_read_or_refused_with_a_line(form: Path, data: st.DataObject) -> None:
    whole = form.read_bytes()
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        gone = data.draw(st.integers(0, 20))
        content[at : at + gone] = data.draw(
            st.sampled_from([b'"', b",", b"\r", b"\n", b"", b"\xff", b"\0", b'""', b"task"])
        )

    found, refused = outcome(bytes(content))

    if found:
        assert render(found, made={task.key for task in found.tasks}, already=set())
    if refused:
        assert str(refused).isprintable()
        assert refused.line is None or 1 <= refused.line <= len(bytes(content).splitlines())


def outcome(content: bytes) -> tuple[Reading | None, Refused | None]:
    try:
        return reading(content), None
    except Refused as refused:
        return None, refused
