"""Many things at once, among what is there already."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from taskflow.features.imports.model import (
    CameComment,
    CameLabel,
    CameProject,
    CameSection,
    CameTask,
    ImportTasks,
)
from taskflow.features.labels.model import CreateLabel, UpdateLabel
from taskflow.features.tasks.model import CreateTask, UpdateTask
from taskflow.features.trash.model import DeleteLabel, DeleteProject
from taskflow.features.undo.model import Undo
from taskflow.foundation.ids import Id
from taskflow.foundation.refusal import Invalid
from tests.account import Person
from tests.features.exports.whole import everything


def new_id() -> Id:
    return Id(str(uuid4()))


def a_file() -> ImportTasks:
    """A project with a section, two labels, a task with a sub-task and a comment."""
    home, garden, shop, dig, rake = (new_id() for _ in range(5))
    return ImportTasks(
        labels=[CameLabel(id=shop, name="Shop"), CameLabel(id=new_id(), name="spare")],
        projects=[CameProject(id=home, name="Home")],
        sections=[CameSection(id=garden, project_id=home, name="Garden")],
        tasks=[
            CameTask(id=dig, title="dig", project_id=home, section_id=garden, label_ids=[shop]),
            CameTask(id=rake, title="buy a rake", project_id=home, section_id=garden, parent_id=dig, label_ids=[shop]),
        ],
        comments=[CameComment(id=new_id(), task_id=dig, body="deep")],
    )


def chain(levels: int) -> list[CameTask]:
    """A task below a task below a task."""
    tasks = [CameTask(id=new_id(), title="1")]
    for level in range(2, levels + 1):
        tasks.append(CameTask(id=new_id(), title=str(level), parent_id=tasks[-1].id))
    return tasks


def by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in rows}


async def test_all_that_belongs_together_is_made_together_each_with_a_number_of_its_own(person: Person) -> None:
    asked = a_file()

    done = await person.do(asked)

    there = await everything(person)
    dig, rake = (by_id(there["tasks"])[str(task.id)] for task in asked.tasks)
    assert len(done["made"]) == 7
    assert (dig["project_id"], dig["section_id"]) == (str(asked.projects[0].id), str(asked.sections[0].id))
    assert (rake["parent_id"], rake["label_ids"]) == (dig["id"], [str(asked.labels[0].id)])
    assert there["comments"][0]["author_id"] == str(person.id)
    numbers = [row["seq"] for rows in there.values() for row in rows]
    assert len({*numbers}) == 7


async def test_the_newest_first_and_the_order_by_hand_show_a_file_in_its_own_order(person: Person) -> None:
    asked = ImportTasks(tasks=[CameTask(id=new_id(), title=f"line {n}") for n in range(30)])

    await person.do(asked)

    tasks = (await everything(person))["tasks"]
    titles = [task.title for task in asked.tasks]
    assert [task["title"] for task in sorted(tasks, key=made_at, reverse=True)] == titles
    assert [task["title"] for task in sorted(tasks, key=lambda task: task["position"])] == titles


async def test_the_comments_of_a_file_are_read_in_its_own_order(person: Person) -> None:
    task = CameTask(id=new_id(), title="talked about")
    said = [f"line {n}" for n in range(30)]

    await person.do(
        ImportTasks(tasks=[task], comments=[CameComment(id=new_id(), task_id=task.id, body=b) for b in said])
    )

    comments = (await everything(person))["comments"]
    assert [comment["body"] for comment in sorted(comments, key=made_at)] == said


def made_at(thing: dict[str, Any]) -> datetime:
    """When a thing was made; as text a whole second comes after its fractions."""
    return datetime.fromisoformat(thing["created_at"])


async def test_times_are_those_that_are_asked_for(person: Person) -> None:
    then, done = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    times: dict[str, Any] = {"created_at": then, "updated_at": done}
    asked = ImportTasks(
        projects=[CameProject(id=new_id(), name="a", archived_at=then, **times)],
        tasks=[
            CameTask(id=new_id(), title="a", status="done", completed_at=done, **times),
            CameTask(id=new_id(), title="b", status="todo", completed_at=done),
            CameTask(id=new_id(), title="c", status="done"),
        ],
    )

    await person.do(asked)

    found = await everything(person)
    first, second, third = (by_id(found["tasks"])[str(task.id)] for task in asked.tasks)
    made = ("2020-01-01T00:00:00Z", "2020-12-31T23:00:00Z")
    assert (first["created_at"], first["updated_at"], first["completed_at"]) == (*made, made[1])
    assert (second["completed_at"], third["completed_at"]) == (None, third["updated_at"])
    project = found["projects"][0]
    assert (project["created_at"], project["updated_at"], project["archived_at"]) == (*made, made[0])


async def test_twice_is_once(person: Person) -> None:
    asked = a_file()
    await person.do(asked)
    before = await everything(person)

    answered = await person.answered(asked)

    assert msgspec.json.decode(answered.body) == {"made": [], "gone": [], "loose": []}
    assert await everything(person) == before


async def test_a_label_that_is_there_is_used_whatever_its_letters(person: Person) -> None:
    there = await person.do(CreateLabel(name="SHOP"))
    asked = a_file()

    await person.do(asked)

    found = await everything(person)
    assert sorted(label["name"] for label in found["labels"]) == ["SHOP", "spare"]
    assert all(task["label_ids"] == [there["id"]] for task in found["tasks"])


async def test_a_label_that_was_renamed_since_is_still_the_same(person: Person) -> None:
    asked = a_file()
    await person.do(asked)
    await person.do(UpdateLabel(id=asked.labels[0].id, name="Market"))
    later = msgspec.structs.replace(
        asked, tasks=[CameTask(id=new_id(), title="new", label_ids=[asked.labels[0].id])], comments=[]
    )

    await person.do(later)

    found = await everything(person)
    assert sorted(label["name"] for label in found["labels"]) == ["Market", "spare"]
    assert by_id(found["tasks"])[str(later.tasks[0].id)]["label_ids"] == [str(asked.labels[0].id)]


async def test_a_label_that_was_deleted_since_is_made_anew(person: Person) -> None:
    asked = a_file()
    await person.do(asked)
    await person.do(DeleteLabel(id=asked.labels[0].id))
    later = msgspec.structs.replace(
        asked, tasks=[CameTask(id=new_id(), title="new", label_ids=[asked.labels[0].id])], comments=[]
    )

    done = await person.do(later)

    found = await everything(person)
    (shop,) = (label["id"] for label in found["labels"] if label["name"] == "Shop")
    assert by_id(found["tasks"])[str(later.tasks[0].id)]["label_ids"] == [shop] != [str(asked.labels[0].id)]
    assert done["made"] == [str(asked.labels[0].id), str(later.tasks[0].id)]


async def test_labels_of_one_name_in_a_file_become_one(person: Person) -> None:
    first, second, task = new_id(), new_id(), new_id()
    names = [CameLabel(id=first, name="Shop"), CameLabel(id=second, name="sHOP")]

    await person.do(ImportTasks(labels=names, tasks=[CameTask(id=task, title="a", label_ids=[second, first])]))

    found = await everything(person)
    assert [label["name"] for label in found["labels"]] == ["Shop"]
    assert found["tasks"][0]["label_ids"] == [str(first)]


async def test_what_belonged_to_a_project_that_was_deleted_since_is_made_outside_of_it_or_named(person: Person) -> None:
    asked = a_file()
    await person.do(asked)
    await person.do(DeleteProject(id=asked.projects[0].id))
    home, garden = asked.projects[0].id, asked.sections[0].id
    later = msgspec.structs.replace(
        asked,
        sections=[*asked.sections, CameSection(id=new_id(), project_id=home, name="Cellar")],
        tasks=[*asked.tasks, CameTask(id=new_id(), title="new", project_id=home, section_id=garden)],
        comments=[*asked.comments, CameComment(id=new_id(), task_id=asked.tasks[0].id, body="more")],
    )

    done = await person.do(later)

    (task,) = (await everything(person))["tasks"]
    assert (task["title"], task["project_id"], task["section_id"]) == ("new", None, None)
    assert done["loose"] == [str(later.tasks[-1].id)]
    assert done["gone"] == [str(later.sections[-1].id), str(later.comments[-1].id)]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"tasks": [CameTask(id=new_id(), title="a", project_id=new_id())]}, "/tasks/0/project_id"),
        ({"tasks": [CameTask(id=new_id(), title="a", parent_id=new_id())]}, "/tasks/0/parent_id"),
        ({"tasks": [CameTask(id=new_id(), title="a", label_ids=[new_id()])]}, "/tasks/0/label_ids"),
        ({"comments": [CameComment(id=new_id(), task_id=new_id(), body="a")]}, "/comments/0/task_id"),
        ({"sections": [CameSection(id=new_id(), project_id=new_id(), name="a")]}, "/sections/0/project_id"),
        ({"tasks": [CameTask(id=new_id(), title="a", recurrence="FREQ=NEVER")]}, "/tasks/0/recurrence"),
        ({"tasks": [CameTask(id=new_id(), title="a", due_zone="Mars")]}, "/tasks/0/due_zone"),
        ({"tasks": [CameTask(id=new_id(), title="a", recurrence="FREQ=DAILY")]}, "/tasks/0/recurrence"),
        ({"tasks": chain(11)}, "/tasks/10/parent_id"),
    ],
)
async def test_what_points_to_nothing_of_the_file_is_refused_before_anything_is_made(
    person: Person, wrong: dict[str, Any], pointer: str
) -> None:
    asked = msgspec.structs.replace(a_file(), **{"comments": [], **wrong})

    with pytest.raises(Invalid) as refused:
        await person.do(asked)

    assert [fault.pointer for fault in refused.value.errors] == [pointer]
    assert all(rows == [] for rows in (await everything(person)).values())


async def test_a_sub_task_of_one_that_was_moved_since_is_made_where_that_is_now(person: Person) -> None:
    asked = a_file()
    await person.do(asked)
    dig, rake = asked.tasks
    await person.do(UpdateTask(id=dig.id, project_id=None))
    late = CameTask(id=new_id(), title="late", project_id=dig.project_id, section_id=dig.section_id, parent_id=dig.id)

    done = await person.do(msgspec.structs.replace(asked, tasks=[dig, rake, late]))

    tasks = by_id((await everything(person))["tasks"])
    assert [(task["parent_id"], task["project_id"]) for task in (tasks[str(late.id)], tasks[str(rake.id)])] == [
        (str(dig.id), None),
        (str(dig.id), None),
    ]
    assert done["loose"] == [str(late.id)]


async def test_no_task_gets_too_deep_by_what_was_moved_since(person: Person) -> None:
    there = chain(5)
    await person.do(ImportTasks(tasks=there))
    above = chain(6)
    await person.do(ImportTasks(tasks=above))
    await person.do(UpdateTask(id=there[0].id, parent_id=above[4].id))
    late = CameTask(id=new_id(), title="late", parent_id=there[4].id)

    done = await person.do(ImportTasks(tasks=[*there, late]))

    assert by_id((await everything(person))["tasks"])[str(late.id)]["parent_id"] is None
    assert done["loose"] == [str(late.id)]


async def test_an_import_is_undone_as_a_whole_but_for_what_was_changed_since(person: Person) -> None:
    asked = a_file()
    number = (await person.answered(asked)).number
    await person.do(UpdateTask(id=asked.tasks[1].id, title="buy two rakes"))

    await person.do(Undo(kind="space", id=Id(str(person.id)), seq=number))

    there = await everything(person)
    assert {task["title"] for task in there["tasks"]} == {"dig", "buy two rakes"}
    assert [label["name"] for label in there["labels"]] == ["Shop"]
    assert there["comments"] == []


async def test_an_import_that_nobody_touched_is_undone_without_a_trace(person: Person) -> None:
    asked = a_file()
    number = (await person.answered(asked)).number

    await person.do(Undo(kind="space", id=Id(str(person.id)), seq=number))

    assert all(rows == [] for rows in (await everything(person)).values())


async def test_an_id_of_another_space_is_free_here(person: Person) -> None:
    task_id = new_id()
    await person.do(CreateTask(id=task_id, title="mine"))

    done = await person.do(ImportTasks(projects=[CameProject(id=task_id, name="the same id, of another kind")]))

    assert done["made"] == [str(task_id)]
