import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from taskflow.features.imports import text_lines
from taskflow.features.imports.model import Reading, Refused
from taskflow.features.imports.report import render
from taskflow.features.imports.todoist import read

FORMS = Path(__file__).parent / "todoist"
HEADER = "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,DATE,DATE_LANG,TIMEZONE"


def reading(path: Path, content: str | bytes) -> Reading:
    file = path / "project.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(file, lambda _done, _whole: None)


def refusal(path: Path, content: str | bytes) -> str:
    with pytest.raises(Refused) as refused:
        reading(path, content)
    return str(refused.value)


def remarks(of: Reading) -> list[str]:
    return [f"{remark.line} {remark.kind}: {remark.sentence}" for remark in of.remarks]


def test_an_older_export_gives_its_tasks_and_names_by_line_what_stays_out() -> None:
    older = FORMS / "older.csv"

    found = read(older, lambda _done, _whole: None)

    assert [(task.line, task.title, task.priority) for task in found.tasks] == [
        (2, "@errands buy paint for the fence", 3),
        (7, "measure the fence", 0),
        (9, 'actually, what happens to a “comma"?', 0),
        (11, "😎🍉↗︎ this is über-nice", 2),
    ]
    assert found.tasks[0].description == "Due (as written in Todoist): in 5 days"
    assert [line.partition(":")[0] for line in remarks(found)] == [
        "1 left out",  # the authors
        "2 changed",  # in 5 days
        "2 left out",  # the label
        "3 left out",
        "4 left out",
        "5 left out",
        "7 left out",  # a sub-task
        "11 left out",  # an assignee
    ]
    assert remarks(found)[3] == "3 left out: note left out: comments have no place yet"


def test_a_newer_export_gives_descriptions_and_dates_and_names_its_new_columns() -> None:
    newer = FORMS / "newer.csv"

    found = read(newer, lambda _done, _whole: None)

    windows, plumber, lease = found.tasks
    assert windows.description.splitlines()[:3] == ["With linseed oil,", "", "- inside"]
    assert windows.description.endswith("Due (as written in Todoist): every year")
    assert (plumber.due_at, plumber.due_zone) == (datetime(2026, 12, 1, 13, 30, tzinfo=UTC), "Europe/Berlin")
    assert (lease.due_date, lease.due_at) == (date(2027, 1, 31), None)
    text = "\n".join(remarks(found))
    for named in (
        '2 left out: "view_style=board"',
        "4 left out: label @house, @spring",
        '4 left out: repetition "every year"',
        '10 left out: section "Kitchen"',
        '11 left out: duration "30 minute"',
        '12 left out: deadline "2027-02-28"',
    ):
        assert named in text


def test_line_numbers_are_those_an_editor_shows_whatever_stands_in_quotes(tmp_path: Path) -> None:
    for end in ("\n", "\r\n", "\r"):
        file = end.join([HEADER, f'task,one,"a{end}{end}b",4,1,,,', "", "task,two,,4,1,,,", "note,mine,,,,,,"])

        found = reading(tmp_path, file)

        assert [task.line for task in found.tasks] == [2, 6]
        assert found.tasks[0].description == "a\n\nb"
        assert [remark.line for remark in found.remarks] == [7]


def test_columns_are_found_by_name_in_any_order_and_unknown_ones_are_named(tmp_path: Path) -> None:
    found = reading(tmp_path, "mood,Content,Type\nsunny,Buy milk,task\n,Buy eggs,TASK\n")

    assert [(task.title, task.priority) for task in found.tasks] == [("Buy milk", 0), ("Buy eggs", 0)]
    assert remarks(found) == ['2 left out: column "MOOD" left out ("sunny"): it has no place here']


def test_a_sub_task_is_named_with_the_line_of_its_parent(tmp_path: Path) -> None:
    rows = ["task,a,,,1", "task,b,,,2", "task,c,,,2", "task,d,,,3", "section,e", "task,f,,,2"]

    found = reading(tmp_path, "\n".join([HEADER, *rows]))

    said = [line for line in remarks(found) if "sub-task" in line]
    assert [line.partition(" left out as one")[0] for line in said] == [
        "3 left out: sub-task of line 2",
        "4 left out: sub-task of line 2",
        "5 left out: sub-task of line 4",
        "7 left out: sub-task",
    ]


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64])
def test_a_file_reads_the_same_in_pieces_of_any_size(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = FORMS / "newer.csv"
    whole = read(newer, lambda _done, _whole: None)
    monkeypatch.setattr(text_lines, "CHUNK", chunk)

    in_pieces = read(newer, lambda _done, _whole: None)

    assert in_pieces == whole


def test_a_title_that_is_too_long_is_shortened_and_stands_whole_in_the_description(tmp_path: Path) -> None:
    title = "milk and " * 60 + "bread"

    found = reading(tmp_path, f"{HEADER}\ntask,{title},with care,4,1,,,\n")

    assert len(found.tasks[0].title) == 500
    assert found.tasks[0].description == f"{title}\n\nwith care"
    assert remarks(found) == [
        "2 changed: title shortened to 500 characters: all 545 of them stand in the description",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "it is empty"),
        ("\n \n,,\n", "it is empty"),
        ("hello\nworld\n", "line 1: the header has no column TYPE and no CONTENT"),
        ("TYPE;CONTENT\ntask;a\n", "line 1: the header has no column TYPE and no CONTENT: its cells are separated by"),
        ("TYPE,CONTENT,TYPE\n", 'line 1: the column "TYPE" stands twice in the header'),
        (f"{HEADER}\n".encode("utf-16"), "line 1: it is written in UTF-16"),
        (b"PK\x03\x04rest", "it is a zip file"),
        (f"{HEADER}\ntask,a\ntask,caf\xe9\n".encode("latin-1"), "line 3: byte 9 is not UTF-8"),
        (f"{HEADER}\ntask,a\x00b\n", "line 2: byte 7 is a NUL"),
        (f"{HEADER}\ntask,".encode() + b"\xed\xa0\x80", "line 2: byte 6 is not UTF-8"),
        (f'{HEADER}\ntask,a\ntask,"a\nb\nc', "line 3: a quote that opens here never closes"),
        (f'{HEADER}\ntask,"a\n""b\n","b\nc,\n', "line 4: a quote that opens here never closes"),
        (f'{HEADER}\ntask,"a\ntask,b\ntask,"c",d\n', "line 2: a quoted cell that begins here goes on after a quote on"),
        (f'{HEADER}\ntask,"a "b" c"\n', "line 2: a quoted cell that begins here goes on after a quote:"),
        (f'{HEADER}\ntask,"{"a" * 200_000}"\n', "line 2: a cell that begins here is too long"),
        (f"{HEADER}\ntask,{'a' * 2_000_000}\n", "line 2: it is longer than 1 MiB"),
        (
            f"{HEADER}\ntask,{','.join([chr(34) + 'a' * 70 + chr(10) + chr(34)] * 20_000)}\n",
            "line 2: the row that begins",
        ),
        (f"{HEADER}\nproject,a\n", 'line 2: TYPE is "project", not task, section, note or meta'),
        (f"{HEADER}\n,a\n", 'line 2: TYPE is ""'),
        (f"{HEADER}\ntask,a,,5\n", 'line 2: PRIORITY is "5", not 1, 2, 3 or 4'),
        (f"{HEADER}\ntask,a,,4,first\n", 'line 2: INDENT is "first", not a number from 1'),
        (f"{HEADER}\n\ntask,  ,,4,1\n", "line 3: the task has no title (CONTENT is empty)"),
        (
            f"{HEADER}\ntask,a,{'é' * 8_193},4,1\n",
            "line 2: the description and what is kept in it are longer than 16,384 bytes",
        ),
        (f"{HEADER}\ntask,a,b,4,1,,,,c\n", "line 2: it has 9 cells, the header 8"),
    ],
)
def test_a_file_that_can_not_be_taken_is_refused_with_its_line(tmp_path: Path, content: str | bytes, said: str) -> None:
    assert refusal(tmp_path, content).startswith(said)


def test_a_file_that_is_missing_a_folder_or_huge_is_refused_at_once(tmp_path: Path) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(1 << 30)

    for path, said in (
        (huge, "larger than 64 MiB"),
        (tmp_path, "can't be read"),
        (tmp_path / "no.csv", "No such file"),
    ):
        with pytest.raises(Refused, match=said):
            read(path, lambda _done, _whole: None)


def test_a_file_of_too_many_lines_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_lines, "LINES_MOST", 3)

    said = refusal(tmp_path, f"{HEADER}\ntask,a\ntask,b\ntask,c\n")

    assert said == "line 4: a file of more than 3 lines is too long: import it in parts"


def test_a_wrong_cell_can_not_write_to_the_terminal(tmp_path: Path) -> None:
    said = refusal(tmp_path, f"{HEADER}\n\x1b[2Jtask\u202e,a\n")

    assert said.isprintable()


def test_equal_rows_are_told_apart_and_another_day_s_relative_words_are_the_same_task(tmp_path: Path) -> None:
    first = reading(
        tmp_path, f"{HEADER}\ntask,milk,,4,1,in 5 days\ntask,milk,,4,1,in 5 days\ntask,milk,,4,1,every day\n"
    )
    later = reading(
        tmp_path, f"{HEADER}\ntask,milk,,4,1,every day\ntask,milk,,4,1,tomorrow\ntask,milk,,4,1,in 4 days\n"
    )

    assert len({task.key for task in first.tasks}) == 3
    assert {task.key for task in first.tasks} == {task.key for task in later.tasks}


def test_progress_ends_at_the_whole(tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADER.split(","), *(["task", f"task {n}"] for n in range(50_000))])
    seen: list[tuple[int, int]] = []

    found = read(file, lambda done, whole: seen.append((done, whole)))

    size = file.stat().st_size
    assert len(found.tasks) == 50_000
    assert len(seen) > 1
    assert seen[-1] == (size, size)


def test_the_report_counts_and_names_lines(tmp_path: Path) -> None:
    found = reading(tmp_path, f"{HEADER}\ntask,a\n\ntask,b @c\nnote,d\ntask,e,,4,1,today\ntask,f\n")
    a, b, e, f = (task.key for task in found.tasks)

    report = render(found, made={a, b, f}, already={e})

    unread = "they name no certain day, for the file does not say on which day it was exported"
    assert report.splitlines() == [
        "3 tasks made: lines 2-4, 7",
        "1 task here already: line 6",
        "1 changed:",
        f'  line 6: due date "today" kept as words in the description: {unread}',
        "2 left out:",
        "  line 4: label @c left out: its words stay in the title; labels have no place yet",
        "  line 5: note left out: comments have no place yet",
    ]


def test_the_report_of_a_second_import_makes_nothing(tmp_path: Path) -> None:
    found = reading(tmp_path, f"{HEADER}\ntask,a\ntask,b\n")

    report = render(found, made=set(), already={task.key for task in found.tasks})

    assert report.splitlines() == ["0 tasks made", "2 tasks here already: lines 2-3"]
