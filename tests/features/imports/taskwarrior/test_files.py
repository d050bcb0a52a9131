"""What Taskwarrior exports, read: every task, and every attribute that is otherwise here."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from taskflow.features.imports.in_zone import in_zone
from taskflow.features.imports.reading import Reading, ReadTask, Refused
from taskflow.features.imports.taskwarrior.file import read
from taskflow.features.tasks.recurrence import read_rule

REAL = Path(__file__).with_name("export-2.6.2.json")
ENTRY = datetime(2026, 11, 24, 10, 11, 25, tzinfo=UTC)
DUE = "20261130T230000Z"  # midnight in Berlin


def reading(folder: Path, content: str | bytes) -> Reading:
    file = folder / "export.json"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(file, lambda _done, _whole: None)


def task(**attributes: Any) -> dict[str, Any]:
    """A task as `task export` writes it."""
    return {"description": "milk", "status": "pending", "entry": "20261124T101125Z", "uuid": str(uuid4())} | attributes


def of(folder: Path, *tasks: dict[str, Any]) -> Reading:
    return reading(folder, json.dumps(tasks))


def lines(folder: Path, *tasks: dict[str, Any]) -> Reading:
    """Read them, each on a line of its own."""
    return reading(folder, "\n".join(map(json.dumps, tasks)))


def only(found: Reading) -> ReadTask:
    (task,) = found.tasks
    return task


def remarks(of: Reading) -> list[str]:
    return [f"{remark.line} {remark.kind}: {remark.sentence}" for remark in of.remarks if remark.line]


def test_a_real_export_is_taken_and_every_line_of_it_accounted_for() -> None:
    found = in_zone(read(REAL, lambda _done, _whole: None), "UTC")

    by_line = {task.line: task for task in found.tasks}
    named = {task.line for task in found.tasks} | {remark.line for remark in found.remarks}
    assert named >= set(range(2, 14))
    assert [*by_line] == [3, 4, 5, 6, 7, 9, 10, 11, 13]
    assert (by_line[10].recurrence, by_line[10].due_at) == (
        "FREQ=MONTHLY;UNTIL=20271231T000000Z",
        datetime(2026, 12, 1, 9, tzinfo=UTC),
    )
    assert (by_line[11].recurrence, by_line[11].due_date) == ("FREQ=DAILY;INTERVAL=3", date(2026, 11, 27))
    assert (by_line[13].status, by_line[13].completed_at) == ("done", datetime(2026, 11, 24, 10, 11, 26, tzinfo=UTC))
    assert by_line[5].status == "in_progress"
    assert [(one.line, one.body, one.created_at) for one in found.comments] == [
        (4, "IBAN is in the safe", ENTRY),
        (4, "http://example.com/?a=1&b=2", ENTRY.replace(second=26)),
    ]
    assert [project.name for project in found.projects] == ["Home", "Kinder", "Work"]
    assert [section.name for section in found.sections] == ["TaskFlow", "Bills"]
    assert [label.name for label in found.labels.values()] == ["phone", "bank", "kita", "家族"]
    said = "\n".join(remarks(found))
    for line in (
        '2 left out: "Pay rent" left out as a task: its repetition goes on in line 10',
        '3 changed: wait "2026-11-25 00:00 UTC" kept as words in the description',
        '6 changed: attribute "estimate" ("PT2H") kept as words in the description',
        "6 changed: what it depends on kept as words in the description: 2 of the tasks",
        "9 changed: title shortened to 500 characters: all 833 of them stand in the description",
        '12 left out: "Deleted thing" left out: it is deleted in Taskwarrior',
    ):
        assert line in said


def test_an_array_and_one_object_a_line_read_the_same(tmp_path: Path) -> None:
    array = REAL.read_text().splitlines()
    lines = "\n".join(line.removesuffix(",") for line in array[1:-1])

    one, other = reading(tmp_path, "\n".join(array)), reading(tmp_path, lines)

    assert [task.key for task in one.tasks] == [task.key for task in other.tasks]
    assert [task.line - 1 for task in one.tasks] == [task.line for task in other.tasks]
    assert reading(tmp_path, "\ufeff" + ",\n".join(lines.splitlines())).tasks == other.tasks


def test_a_due_time_at_midnight_where_the_account_is_is_a_day(tmp_path: Path) -> None:
    found = of(tmp_path, task(due=DUE), task(due="20261201T080000Z"))

    day, moment = in_zone(found, "Europe/Berlin").tasks

    assert (day.due_date, day.due_at, day.due_zone) == (date(2026, 12, 1), None, None)
    assert (moment.due_date, moment.due_at, moment.due_zone) == (
        None,
        datetime(2026, 12, 1, 8, tzinfo=UTC),
        "Europe/Berlin",
    )


@pytest.mark.parametrize(
    ("project", "name", "section"),
    [
        ("Home", "Home", None),
        ("Home.Bills", "Home", "Bills"),
        ("Home.Bills.Rent", "Home", "Bills.Rent"),
        (".hidden", ".hidden", None),
        ("Home.", "Home.", None),
    ],
)
def test_a_project_below_another_is_a_section_of_it(
    tmp_path: Path, project: str, name: str, section: str | None
) -> None:
    found = of(tmp_path, task(project=project), task(project=project))

    assert [project.name for project in found.projects] == [name]
    assert [one.name for one in found.sections] == ([section] if section else [])
    assert {task.project for task in found.tasks} == {found.projects[0].key}


@pytest.mark.parametrize(
    ("recur", "rule"),
    [
        ("daily", "FREQ=DAILY"),
        ("weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("weekly", "FREQ=WEEKLY"),
        ("biweekly", "FREQ=WEEKLY;INTERVAL=2"),
        ("monthly", "FREQ=MONTHLY"),
        ("bimonthly", "FREQ=MONTHLY;INTERVAL=2"),
        ("quarterly", "FREQ=MONTHLY;INTERVAL=3"),
        ("semiannual", "FREQ=MONTHLY;INTERVAL=6"),
        ("annual", "FREQ=YEARLY"),
        ("biannual", "FREQ=YEARLY;INTERVAL=2"),
        ("2weeks", "FREQ=WEEKLY;INTERVAL=2"),
        ("3d", "FREQ=DAILY;INTERVAL=3"),
        ("6mo", "FREQ=MONTHLY;INTERVAL=6"),
        ("2q", "FREQ=MONTHLY;INTERVAL=6"),
        ("P1M", "FREQ=MONTHLY"),
        ("P2W", "FREQ=WEEKLY;INTERVAL=2"),
        ("day", "FREQ=DAILY"),
        ("PT1H", None),
        ("12hours", None),
        ("0days", None),
        ("999q", None),
        ("sometimes", None),
    ],
)
def test_a_recurrence_is_a_rule_where_one_says_the_same_and_else_words(
    tmp_path: Path, recur: str, rule: str | None
) -> None:
    found = of(tmp_path, task(due=DUE, recur=recur, parent=str(uuid4())))

    assert only(found).recurrence == rule
    if rule is None:
        assert only(found).description == f"Recurs (as written in Taskwarrior): {recur}"
        assert remarks(found) == [f'1 changed: recur "{recur}" kept as words in the description']
    else:
        assert read_rule(rule).text == rule


def test_of_a_series_the_last_open_instance_makes_the_next_and_the_template_is_no_task(tmp_path: Path) -> None:
    template = task(status="recurring", recur="weekly", due=DUE, mask="+--", description="Water the plants")
    instance = {"recur": "weekly", "parent": template["uuid"], "description": "Water the plants"}
    instances = [
        task(status="completed", due=DUE, end="20261201T090000Z", imask=0, **instance),
        task(due="20261214T230000Z", imask=2, **instance),
        task(due="20261207T230000Z", imask=1, **instance),
    ]

    found = reading(tmp_path, "\n".join(map(json.dumps, [template, *instances])))

    assert [(one.line, one.recurrence) for one in found.tasks] == [(2, None), (3, "FREQ=WEEKLY"), (4, None)]
    assert remarks(found) == [
        '1 left out: "Water the plants" left out as a task: its repetition goes on in line 3',
        "4 changed: one of a series: its repetition goes on in line 3",
    ]


def test_what_a_template_has_and_its_instance_lacks_is_named(tmp_path: Path) -> None:
    own: dict[str, Any] = {
        "tags": ["bank", "home"],
        "annotations": [{"entry": "20261124T101125Z", "description": text} for text in ("the IBAN", "ask first")],
        "estimate": "PT2H",
        "client": "Ada",
        "until": "20271231T000000Z",
        "project": "Home",
        "priority": "H",
        "wait": DUE,
        "scheduled": DUE,
        "depends": [str(uuid4())],
    }
    template = task(status="recurring", recur="weekly", due=DUE, mask="-", **own)
    series = {"recur": "weekly", "parent": template["uuid"], "due": DUE, "imask": 0}
    kept = {"tags": ["bank"], "annotations": own["annotations"][:1], "client": "Grace", "wait": "20261201T230000Z"}

    found = lines(tmp_path, template | {"description": "pay"}, task(**series, **kept))
    whole = lines(tmp_path, template, task(**series, **own))

    behind = "left out: the task in line 2, in which its repetition goes on, is without it"
    assert [remark.sentence for remark in found.remarks if remark.line == 1 and remark.kind == "left out"] == [
        '"pay" left out as a task: its repetition goes on in line 2',
        f'project "Home" {behind}',
        f'priority "H" {behind}',
        f'scheduled "2026-11-30 23:00 UTC" {behind}',
        f'until "2027-12-31 00:00 UTC" {behind}',
        f'tag "home" {behind}',
        f'annotation "ask first" {behind}',
        f'dependence on "{own["depends"][0]}" {behind}',
        f'attribute "estimate" ("PT2H") {behind}',
        f'attribute "client" ("Ada") {behind}',
    ]
    assert len([remark for remark in whole.remarks if remark.line == 1]) == 1


@pytest.mark.parametrize(
    ("recur", "mask", "due"),
    [
        ("weekly", None, date(2026, 12, 1)),
        ("weekly", "++", date(2026, 12, 15)),
        ("monthly", "++X", date(2027, 3, 1)),
        ("weekdays", "++++", date(2026, 12, 7)),
        ("yearly", "+" * 9_999, date(2026, 12, 1)),
    ],
)
def test_a_template_without_an_open_instance_is_the_task_that_would_come_next(
    tmp_path: Path, recur: str, mask: str | None, due: date
) -> None:
    template = task(status="recurring", recur=recur, due="20261201T000000Z", **({"mask": mask} if mask else {}))

    found = in_zone(of(tmp_path, template), "UTC")

    assert only(found).due_date == due
    assert only(found).recurrence is not None


def test_a_series_that_has_ended_is_left_out(tmp_path: Path) -> None:
    found = of(tmp_path, task(status="recurring", recur="weekly", due=DUE, mask="++", until="20261210T000000Z"))

    assert found.tasks == []
    assert remarks(found) == ['1 left out: "milk" left out: its repetition has ended']


def test_monthly_on_the_31st_is_the_last_day_of_a_shorter_month(tmp_path: Path) -> None:
    found = in_zone(of(tmp_path, task(due="20270131T000000Z", recur="monthly", until="20270601T000000Z")), "UTC")

    assert only(found).recurrence == "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;UNTIL=20270601"
    assert read_rule(only(found).recurrence or "").freq == "MONTHLY"


def test_what_has_no_place_is_kept_as_words_and_named(tmp_path: Path) -> None:
    other = task(description="fix the roof")
    found = of(
        tmp_path,
        other,
        task(
            priority="urgent",
            until=DUE,
            depends=f"{other['uuid']},{uuid4()}",
            estimate=2.5,
            nested={"a": [1]},
            tags="a,b",
            urgency=1.5,
        ),
    )

    task_ = found.tasks[1]
    assert task_.description.splitlines()[::2] == [
        "Priority (as written in Taskwarrior): urgent",
        "Until (as written in Taskwarrior): 2026-11-30 23:00 UTC",
        "estimate: 2.5",
        'nested: {"a": [1]}',
        task_.description.splitlines()[-1],
    ]
    assert task_.description.splitlines()[-1].startswith('Depends on: "fix the roof", ')
    assert [label.name for label in found.labels.values()] == ["a", "b"]
    assert len(remarks(found)) == 5


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("[]x", "line 1: something stands behind the end of the array"),
        ("hello", 'line 1: a task begins with a brace, not with "hello"'),
        ("[\n1]", 'line 2: a task begins with a brace, not with "1]"'),
        ('{"a"', "line 1: it is no JSON: expecting ':' delimiter"),
        ("[" + json.dumps(task()), "line 1: the array goes on with neither"),
        ("[" * 100_000, 'line 1: a task begins with a brace, not with "[['),
        ('{"a": ' + "[" * 100_000, "line 1: it is nested too deep"),
        ('{"a": 1' + "0" * 10_000 + "}", "line 1: a number of 10,001 digits stands in it"),
        ('{"a": NaN}', "line 1: NaN is no number of JSON"),
        ('{"a": 1, "a": 2}', 'line 1: the member "a" stands twice in one object'),
        ('{"a": "\\u0000"}', "line 1: a NUL character stands in a text"),
        ('{"a": ["\\ud800"]}', "line 1: half of a character (a lone surrogate) stands in a text"),
        ("{}", "line 1: it has no uuid: is this the file of a `task export`?"),
        ('\n{"a": "\0"}', "line 2: a NUL character stands in it"),
        ("[]".encode("utf-16"), "line 1: it is written in UTF-16"),
        (b'[\n{"a": "\xff"}]', "line 2: it is not UTF-8"),
        (task(uuid="x"), 'line 1: uuid is "x", not a UUID'),
        (task(uuid=5), 'line 1: uuid is "5", not a text'),
        (task(description=" "), "line 1: the task has no description"),
        (task(status="gone"), 'line 1: status is "gone", not one of'),
        (task(due="NaN"), 'line 1: due is "NaN", not a time like'),
        (task(due="20261332T000000Z"), 'line 1: due is "20261332T000000Z", not a time like'),
        (task(due="00010101T000000Z"), 'line 1: due is "00010101T000000Z", not a time like'),
        (task(due=5), 'line 1: due is "5", not a text'),
        (task(tags=[1]), "line 1: tags has something in it that is no text"),
        (task(tags={}), 'line 1: tags is "{}", not a list'),
        (task(annotations=["a"]), "line 1: an annotation is not of the form {entry, description}"),
        (task(annotations=[{"description": "a", "entry": "x"}]), 'line 1: entry of an annotation is "x"'),
        (task(description="x" * 20_000), "line 1: what is kept in the description is longer than 16,384 bytes"),
    ],
)  # fmt: skip
def test_a_file_that_can_not_be_taken_is_refused_with_its_line(
    tmp_path: Path, content: str | bytes | dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused) as refused:
        reading(tmp_path, json.dumps(content) if isinstance(content, dict) else content)

    assert str(refused.value).startswith(said)
    assert str(refused.value).isprintable()


def test_the_same_uuid_twice_is_refused(tmp_path: Path) -> None:
    one = json.dumps(task())

    with pytest.raises(Refused, match=r"line 2: the uuid .* stands on line 1 already"):
        reading(tmp_path, f"{one}\n{one}")


def test_a_due_time_beyond_the_calendar_of_the_account_is_refused(tmp_path: Path) -> None:
    found = of(tmp_path, task(due="99991231T235958Z"))

    with pytest.raises(Refused, match="line 1: due is outside of the calendar"):
        in_zone(found, "Pacific/Kiritimati")
