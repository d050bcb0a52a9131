"""What a change made goes again with it: all of an import, the next one of a series; what others touched stays."""

from datetime import date
from typing import Any

import pytest

from taskflow.features.comments.model import CreateComment
from taskflow.features.imports.model import CameComment, CameLabel, CameProject, CameSection, CameTask, ImportTasks
from taskflow.features.labels.model import CreateLabel
from taskflow.features.spaces.model import Role
from taskflow.features.tasks.model import CreateTask, UpdateTask
from taskflow.features.undo.errors import ChangeNotFound
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id, new_id
from tests.account import Person, new_person
from tests.features.spaces.team import join, new_team, number_of
from tests.features.trash.house import living, strays
from tests.features.undo.changing import last_change, last_undone, state, undone
from tests.things import task

LABEL, HOUSE, PACKING, PACK, BOXES, COMMENT = IDS = [Id(str(new_id())) for _ in range(6)]
FILE = ImportTasks(
    labels=[CameLabel(id=LABEL, name="heavy")],
    projects=[CameProject(id=HOUSE, name="Move house")],
    sections=[CameSection(id=PACKING, project_id=HOUSE, name="Packing")],
    tasks=[
        CameTask(id=PACK, title="Pack", project_id=HOUSE, section_id=PACKING, label_ids=[LABEL]),
        CameTask(id=BOXES, title="Boxes", project_id=HOUSE, section_id=PACKING, parent_id=PACK),
    ],
    comments=[CameComment(id=COMMENT, task_id=BOXES, body="How many?")],
)
CAME = {"heavy", "Move house", "Packing", "Pack", "Boxes", "How many?"}


async def test_an_import_is_taken_back_whole_and_done_again(person: Person) -> None:
    await task(person, "Call")
    before = await state(person)
    await person.do(FILE)
    after = await state(person)

    for expected in (before, after, before, after):
        answer = await last_undone(person)

        assert (answer["kept"], answer["thing"]) == ([], None)
        assert await state(person) == expected


async def test_an_import_is_taken_back_by_its_own_number_alone(person: Person) -> None:
    await person.do(FILE)

    with pytest.raises(ChangeNotFound):
        await undone(person, {"id": LABEL, "seq": await number_of(person) - len(CAME) + 1}, "label")

    assert await living(person) == CAME


@pytest.mark.parametrize(
    ("act", "staying"),
    [
        (UpdateTask(id=PACK, title="Pack all"), {"Pack all", "Packing", "Move house", "heavy"}),
        (UpdateTask(id=BOXES, title="Crates"), {"Crates", "Pack", "Packing", "Move house", "heavy"}),
        (CreateComment(task_id=PACK, body="When?"), {"When?", "Pack", "Packing", "Move house", "heavy"}),
        (CreateTask(title="Tape", parent_id=BOXES), {"Tape", "Boxes", "Pack", "Packing", "Move house", "heavy"}),
        (CreateTask(title="Sell", project_id=HOUSE), {"Sell", "Move house"}),
        (CreateTask(title="Sell", project_id=HOUSE, section_id=PACKING), {"Sell", "Packing", "Move house"}),
        (CreateTask(title="Sell", label_ids=[LABEL]), {"Sell", "heavy"}),
    ],
    ids=["a task", "a sub-task", "a comment", "below", "in the project", "in the section", "with the label"],
)
async def test_what_others_touched_since_stays_with_all_that_it_hangs_on(
    person: Person, act: Any, staying: set[str]
) -> None:
    await person.do(FILE)
    undo = await last_change(person)
    await person.do(act)

    answer = await person.do(undo)

    assert answer["kept"] == ["made"]
    assert await living(person) == staying
    assert await strays(person) == []


async def test_what_of_an_import_has_lost_its_name_does_not_come_back(person: Person) -> None:
    await person.do(FILE)
    await last_undone(person)
    undo = await last_change(person)
    await person.do(CreateLabel(name="Heavy"))

    answer = await person.do(undo)

    assert answer["kept"] == ["label_ids"]
    assert await living(person) == CAME - {"heavy"} | {"Heavy"}
    assert await strays(person) == []


async def recurring(person: Person) -> Id:
    """A task that comes every month."""
    return await task(person, "Pay rent", due_date=date(2026, 12, 1), recurrence="FREQ=MONTHLY")


async def done(person: Person, task_id: Id) -> Any:
    return await person.do(UpdateTask(id=task_id, status="done", today=date(2026, 11, 25)))


async def tasks(person: Person) -> list[tuple[str, str]]:
    """The status and the date of each task."""
    return sorted(
        (thing["status"], str(thing["due_date"]))
        for (_, kind, _), thing in (await state(person)).items()
        if kind == "tasks"
    )


async def test_the_next_one_of_a_series_goes_when_the_one_before_is_not_done_after_all(person: Person) -> None:
    task_id = await recurring(person)
    before = await state(person)
    await done(person, task_id)
    after = await state(person)

    for expected in (before, after, before, after):
        assert (await last_undone(person))["kept"] == []
        assert await state(person) == expected


@pytest.mark.parametrize("touching", ["edited", "commented"])
async def test_the_next_one_of_a_series_stays_where_it_was_touched(person: Person, touching: str) -> None:
    task_id = await recurring(person)
    completed = await done(person, task_id)
    found = await state(person)
    following = next(Id(str(key)) for _, kind, key in found if kind == "tasks" and str(key) != str(task_id))
    await person.do(
        UpdateTask(id=following, priority=3) if touching == "edited" else CreateComment(task_id=following, body="?")
    )

    answer = await undone(person, completed)

    assert answer["kept"] == ["made"]
    assert await tasks(person) == [("todo", "2026-12-01"), ("todo", "2027-01-01")]


async def test_what_one_made_in_a_team_is_taken_back_by_oneself_alone(backend: Backend, person: Person) -> None:
    owner = await new_team(person)
    guest = await join(owner, await new_person(backend), Role.EDITOR)
    await guest.do(FILE)
    undo = await last_change(owner)

    with pytest.raises(ChangeNotFound):
        await owner.do(undo)
    await guest.do(undo)

    assert await living(owner) == set()
