import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from taskflow.features.imports.files import text_lines
from taskflow.features.imports.reading import Reading, Refused
from taskflow.features.imports.report import render
from taskflow.features.imports.todoist.file import read

FORMS = Path(__file__).parent
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
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


def test_an_older_export_gives_its_tasks_comments_and_labels_and_names_by_line_what_is_otherwise() -> None:
    older = FORMS / "older.csv"

    found = read(older, lambda _done, _whole: None)

    fence, measure, comma, nice = found.tasks
    assert [(task.line, task.title, task.priority) for task in found.tasks] == [
        (2, "buy paint for the fence", 3),
        (7, "measure the fence", 0),
        (9, 'actually, what happens to a “comma"?', 0),
        (11, "😎🍉↗︎ this is über-nice", 2),
    ]
    assert fence.description == "Due (as written in Todoist): in 5 days"
    assert (measure.parent, comma.parent) == (fence.key, None)
    assert [found.labels[label].name for label in fence.labels] == ["errands"]
    assert [(note.line, note.task == fence.key, note.body) for note in found.comments] == [
        (3, True, "first comment"),
        (4, True, "second comment"),
        (5, True, "fence.png"),
    ]
    assert [(project.name, project.key) for project in found.projects] == [("older", nice.project)]
    assert [line.partition(":")[0] for line in remarks(found)] == [
        "1 left out",  # the authors
        "2 changed",  # in 5 days
        "5 changed",  # a file
        "11 changed",  # an assignee
    ]


def test_a_newer_export_gives_sections_and_dates_and_names_its_new_columns() -> None:
    newer = FORMS / "newer.csv"

    found = read(newer, lambda _done, _whole: None, NOW)

    windows, plumber, lease = found.tasks
    (kitchen,) = found.sections
    assert (kitchen.line, kitchen.name, kitchen.project) == (10, "Kitchen", found.projects[0].key)
    assert [task.section for task in found.tasks] == [None, kitchen.key, kitchen.key]
    assert windows.description.splitlines() == ["With linseed oil,", "", "- inside", "- outside"]
    assert (windows.title, windows.recurrence, windows.due_date) == ("Oil the windows", "FREQ=YEARLY", NOW.date())
    assert (plumber.due_at, plumber.due_zone) == (datetime(2026, 12, 1, 13, 30, tzinfo=UTC), "Europe/Berlin")
    assert (lease.due_date, lease.due_at) == (date(2027, 1, 31), None)
    assert lease.description.endswith("Deadline (as written in Todoist): 2027-02-28")
    assert [note.created_at for note in found.comments] == [datetime(2018, 6, 8, 7, 2, 5, tzinfo=UTC)]
    text = "\n".join(remarks(found))
    for named in (
        '2 left out: "view_style=board"',
        '4 changed: repetition "every year" begins on 2026-11-25',
        '11 changed: duration "30 minute"',
        '12 changed: deadline "2027-02-28"',
    ):
        assert named in text


def test_line_numbers_are_those_an_editor_shows_whatever_stands_in_quotes(tmp_path: Path) -> None:
    for end in ("\n", "\r\n", "\r"):
        file = end.join([HEADER, f'task,one,"a{end}{end}b",4,1,,,', "", "task,two,,4,1,,,", "meta,mine,,,,,,"])

        found = reading(tmp_path, file)

        assert [task.line for task in found.tasks] == [2, 6]
        assert found.tasks[0].description == "a\n\nb"
        assert [remark.line for remark in found.remarks] == [7]


def test_columns_are_found_by_name_in_any_order_and_unknown_ones_are_named(tmp_path: Path) -> None:
    found = reading(tmp_path, "mood,Content,Type\nsunny,Buy milk,task\n,Buy eggs,TASK\n")

    assert [(task.title, task.priority) for task in found.tasks] == [("Buy milk", 0), ("Buy eggs", 0)]
    assert remarks(found) == ['2 left out: column "MOOD" left out ("sunny"): it has no place here']


def test_a_sub_task_belongs_to_the_nearest_task_above_that_is_further_out(tmp_path: Path) -> None:
    rows = ["task,a,,,1", "task,b,,,2", ",,,,", "task,c,,,2", "task,d,,,5", "section,e", "task,f,,,2"]

    found = reading(tmp_path, "\n".join([HEADER, *rows]))

    titles = {task.key: task.title for task in found.tasks}
    assert [(task.title, titles.get(task.parent or "")) for task in found.tasks] == [
        ("a", None),
        ("b", "a"),
        ("c", "a"),
        ("d", "c"),
        ("f", None),
    ]
    assert remarks(found) == [
        "6 changed: a sub-task of level 5 stands on level 3, for none of level 4 is above it",
        "8 changed: a sub-task without a task above it is a task of its own",
    ]


def test_sub_tasks_below_ten_levels_stand_on_the_last_of_them(tmp_path: Path) -> None:
    rows = [f"task,t{level},,,{level}" for level in range(1, 13)]

    found = reading(tmp_path, "\n".join([HEADER, *rows]))

    titles = {task.key: task.title for task in found.tasks}
    assert [titles[task.parent or ""] for task in found.tasks[8:]] == ["t8", "t9", "t9", "t9"]
    assert remarks(found)[0] == "12 changed: a sub-task below 10 levels stands on the last of them"
    assert len(remarks(found)) == 2


@pytest.mark.parametrize(
    ("content", "title", "labels"),
    [
        ("buy milk @shop @Home", "buy milk", ["shop", "Home"]),
        ("@shop buy @home milk", "buy milk", ["shop", "home"]),
        ("@shop @Shop", "@shop @Shop", ["shop"]),
        ("mail ada@example.com", "mail ada@example.com", []),
        ('"ask @bob, then @home"', "ask @bob, then", ["home"]),
        ("milk  and  honey @食", "milk  and  honey", ["食"]),
        ("@ 5pm", "@ 5pm", []),
    ],
)
def test_labels_leave_the_title(tmp_path: Path, content: str, title: str, labels: list[str]) -> None:
    found = reading(tmp_path, f"{HEADER}\ntask,{content}\n")

    (task,) = found.tasks
    assert (task.title, [found.labels[label].name for label in task.labels]) == (title, labels)


def test_more_labels_than_a_task_can_have_are_named(tmp_path: Path) -> None:
    labels = " ".join(f"@l{n}" for n in range(52))

    found = reading(tmp_path, f"{HEADER}\ntask,a {labels}\n")

    assert (found.tasks[0].title, len(found.tasks[0].labels), len(found.labels)) == ("a", 50, 50)
    assert remarks(found) == ['2 changed: 2 labels left out ("l50, l51"): a task has 50 at most']


def test_a_file_in_a_note_is_kept_as_its_name_and_address(tmp_path: Path) -> None:
    file = (
        '{""file_type"":""image\\/png"",""file_name"":""a [b].png"",""file_url"":""https:\\/\\/files.example\\/a.png""}'
    )
    rows = [f'note,"see this [[file {file}]] and that"', 'note,"[[file {broken]]"', 'note,"[[1, 2]]"', 'note," "']

    found = reading(tmp_path, "\n".join([HEADER, "task,a", *rows]))

    assert [note.body for note in found.comments] == [
        "see this\n\n[a \\[b\\].png](https://files.example/a.png)\n\nand that",
        "[[file {broken]]",
        "[[1, 2]]",
    ]
    assert remarks(found) == [
        '3 changed: file "a [b].png" kept as its name and address: the file itself is not in the export',
        "6 left out: note without words left out",
    ]


def test_the_parts_of_a_note_are_read_one_after_the_other(tmp_path: Path) -> None:
    long = "a" * 40_000

    found = reading(tmp_path, f"{HEADER}\ntask,a\nnote,{long},,,,2018-06-08T07:02:05Z,,\n")

    times = [comment.created_at for comment in found.comments if comment.created_at]
    assert len(times) == 3
    assert times == sorted({*times})


def test_a_note_that_is_too_long_is_parted_and_one_without_a_task_is_named(tmp_path: Path) -> None:
    long = "é" * 20_000

    found = reading(tmp_path, f"{HEADER}\nnote,early\ntask,a\nnote,{long}\nsection,b\nnote,late\n")

    assert "".join(note.body for note in found.comments) == long
    assert len({note.key for note in found.comments}) == 3
    assert remarks(found) == [
        '2 left out: note "early" left out: it belongs to no task, and only tasks have comments',
        "4 changed: note parted into 3 comments of at most 16,384 bytes",
        '6 left out: note "late" left out: it belongs to no task, and only tasks have comments',
    ]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Home.csv", "Home"),
        ("Home [2203306141].csv", "Home"),
        ("Home [6Jf8VQXxpwv56VQ7].csv", "Home"),
        ("Plan [draft].csv", "Plan [draft]"),
        ("Home (1).csv", "Home"),
        ("Home [2203306141] (2).csv", "Home"),
        ("(1).csv", "(1)"),
        (f"{'é' * 121}.csv", f"{'é' * 119}…"),
    ],
)
def test_a_project_is_named_as_its_file_is(tmp_path: Path, file: str, name: str) -> None:
    path = tmp_path / file
    path.write_text(f"{HEADER}\ntask,a\n")

    found = read(path, lambda _done, _whole: None)

    assert [project.name for project in found.projects] == [name]


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
        (b"PK\x03\x04rest", "the zip file is broken"),
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
    found = reading(tmp_path, f"{HEADER}\ntask,a\n\ntask,b @c\nnote,d\ntask,e,,4,1,today\ntask,f\nmeta,g\n")
    a, b, e, f = (task.key for task in found.tasks)
    others = {found.projects[0].key, *found.labels, found.comments[0].key}

    report = render(found, made={a, b, f} | others, already={e})

    unread = "they name no certain day, for the file does not say on which day it was exported"
    assert report.splitlines() == [
        '1 project made: "project"',
        '1 label made: "c"',
        "3 tasks made: lines 2-4, 7",
        "1 comment made: line 5",
        "1 task here already: line 6",
        "1 changed:",
        f'  line 6: due date "today" kept as words in the description: {unread}',
        "1 left out:",
        '  line 8: "g" left out: how a project is shown is not kept in it',
    ]


def test_the_report_of_a_second_import_makes_nothing(tmp_path: Path) -> None:
    found = reading(tmp_path, f"{HEADER}\ntask,a\ntask,b\n")

    report = render(found, made=set(), already={task.key for task in found.tasks})

    assert report.splitlines() == ["0 tasks made", "2 tasks here already: lines 2-3"]
