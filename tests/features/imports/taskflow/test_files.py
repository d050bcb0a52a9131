"""TaskFlow's own export, read back: what is wrong in one is told with its line."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from taskflow.features.imports.reading import Reading, Refused
from taskflow.features.imports.taskflow.file import read

ME, KIM, SPACE = (str(UUID(int=n)) for n in (1, 2, 3))
IDS = [str(UUID(int=n)) for n in range(10, 30)]
MADE = {"created_at": "2026-11-25T12:00:00Z", "updated_at": "2026-11-25T12:00:00Z", "space_id": SPACE, "seq": 1}
EMPTY = dict.fromkeys(
    (
        "due_date", "due_at", "due_zone", "recurrence", "recurs_from", "series_id", "project_id", "section_id",
        "parent_id", "assignee_id", "completed_at",
    )
)  # fmt: skip


def task(nth: int, **fields: Any) -> dict[str, Any]:
    form = {"id": IDS[nth], "title": f"task {nth}", "description": "", "status": "todo", "priority": 0}
    return form | EMPTY | MADE | {"label_ids": [], "position": "V", "created_by": ME} | fields


def comment(nth: int, **fields: Any) -> dict[str, Any]:
    form = {"id": IDS[nth], "task_id": IDS[0], "author_id": ME, "body": "good", "mention_ids": []}
    return form | MADE | fields


def section(nth: int, **fields: Any) -> dict[str, Any]:
    form = {"id": IDS[nth], "project_id": IDS[1], "name": "Garden", "position": "V", "archived_at": None}
    return form | MADE | {"created_by": ME} | fields


def a_document(**things: list[dict[str, Any]]) -> dict[str, Any]:
    members = [{"id": ME, "role": "owner", "name": "Ada"}, {"id": KIM, "role": "former", "name": "Kim"}]
    return {
        "format": "taskflow",
        "version": 1,
        "exported_at": "2026-11-25T12:00:00Z",
        "account": {"id": ME, "name": "Ada"},
        "spaces": [{"id": SPACE, "kind": "personal", "name": "", "members": members, **things}],
    }


def reading(folder: Path, content: Any) -> Reading:
    """Read a document, written with a line for every member."""
    file = folder / "export.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content, indent=1).encode())
    return read(file, lambda _done, _whole: None)


def test_sub_tasks_come_behind_their_parents_wherever_they_stand(tmp_path: Path) -> None:
    tasks = [task(0, parent_id=IDS[2]), task(1), task(2, parent_id=IDS[1])]

    found = reading(tmp_path, a_document(tasks=tasks))

    assert [one.title for one in found.tasks] == ["task 1", "task 2", "task 0"]
    assert [one.line for one in found.tasks] == [52, 77, 27]


def test_what_others_said_begins_with_their_name_and_what_is_theirs_to_do_is_named(tmp_path: Path) -> None:
    tasks = [task(0, assignee_id=KIM), task(1, assignee_id=ME)]

    found = reading(tmp_path, a_document(tasks=tasks, comments=[comment(2), comment(3, author_id=KIM)]))

    assert [one.assigned for one in found.tasks] == [False, True]
    assert [one.body for one in found.comments] == ["good", "**Kim:** good"]
    assert [remark.sentence for remark in found.remarks] == [
        'assignee "Kim" left out: the space is yours alone',
        'it begins with the name of its author, "Kim": all that is imported is yours',
    ]


def test_what_points_out_of_the_file_is_named(tmp_path: Path) -> None:
    tasks = [task(0, project_id=IDS[9], label_ids=[IDS[8]])]
    lost = comment(3, task_id=IDS[9])

    found = reading(tmp_path, a_document(tasks=tasks, sections=[section(2)], comments=[lost]))

    assert (found.tasks[0].project, found.tasks[0].labels, found.sections, found.comments) == (None, (), [], [])
    assert [remark.sentence for remark in found.remarks] == [
        f"left out: its project {IDS[1]} is not in the file",
        f"its place among the labels left out: {IDS[8]} is not in the file",
        f"its place among the projects left out: {IDS[9]} is not in the file",
        f"left out: its task {IDS[9]} is not in the file",
    ]


def test_a_sub_task_that_is_elsewhere_than_its_parent_goes_there(tmp_path: Path) -> None:
    project = {"id": IDS[1], "name": "Home", "color": "stone", "position": "V", "archived_at": None, "created_by": ME}
    tasks = [task(2, project_id=IDS[1]), task(3, parent_id=IDS[2])]

    found = reading(tmp_path, a_document(projects=[project | MADE], tasks=tasks))

    assert found.tasks[1].project == found.tasks[0].project == found.projects[0].key
    assert [remark.sentence for remark in found.remarks] == [
        "it goes to the project and section of the task that it is a part of",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"[]", "it is no export of TaskFlow: Expected `object`, got `array`"),
        (b"{", "it is no JSON: Input data was truncated"),
        (b"{}", "it is no export of TaskFlow: Object missing required field `format`"),
        (json.dumps(a_document(tasks=[])).encode().replace(b"[]}", b"[" * 100_000), "it is nested too deep"),
        ("{}".encode("utf-16"), "line 1: it is written in UTF-16"),
        (b'{"a": "\xff"}', "line 1: it is not UTF-8"),
        (b'{"version": NaN}', "it is no JSON: "),
        (a_document(new=[]) | {"version": 2}, "it is of version 2 of the format, and this release reads 1"),
        (a_document() | {"version": 10**400}, "it is no export of TaskFlow: "),
        (a_document() | {"format": "other"}, "it is no export of TaskFlow: Invalid enum value 'other'"),
        (a_document(things=[]), "it is no export of TaskFlow: Object contains unknown field `things`"),
        (a_document(tasks=[task(0, title=" ")]), "line 27: title: is blank"),
        (a_document(tasks=[task(0, title="x" * 501)]), "line 27: title: has more than 500 characters"),
        (a_document(tasks=[task(0, title="a\0")]), "line 27: a NUL character stands in a text"),
        (a_document(tasks=[task(0, id="X")]), "line 27: id: is not a UUID"),
        (a_document(tasks=[task(0, mood="sunny")]), "line 27: mood: is no field that this takes"),
        (a_document(tasks=[task(0, priority=9)]), "line 27: priority: is more than 3"),
        (a_document(tasks=[task(0, label_ids=["home"])]), "line 27: label_ids/0: is not a UUID"),
        (a_document(tasks=[task(0, created_at="yesterday")]), "line 27: created_at: is no moment like"),
        (a_document(tasks=[task(0), task(0)]), f"line 52: the id {IDS[0]} stands twice among the tasks"),
        (a_document(tasks=[task(0, parent_id=IDS[0])]), "line 27: it is a sub-task of one of its own sub-tasks"),
        (
            a_document(tasks=[task(0, parent_id=IDS[1]), task(1, parent_id=IDS[0])]),
            "line 27: it is a sub-task of one of its own sub-tasks",
        ),
        (
            a_document(tasks=[task(n, parent_id=IDS[n + 1]) for n in range(12)]),
            "line 27: it lies below more than 10 levels of tasks",
        ),
    ],
)
def test_a_file_that_can_not_be_taken_is_refused_with_its_line(tmp_path: Path, content: Any, said: str) -> None:
    with pytest.raises(Refused) as refused:
        reading(tmp_path, content)

    assert str(refused.value).startswith(said)
    assert str(refused.value).isprintable()
