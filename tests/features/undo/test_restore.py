"""What was deleted comes back: a whole cascade at once, and only where there is a place for it."""

import pytest

from taskflow.features.comments.model import CreateComment
from taskflow.features.labels.errors import LabelNameTaken
from taskflow.features.labels.model import CreateLabel
from taskflow.features.spaces.model import Role
from taskflow.features.tasks.model import DEPTH_MOST, LABELS_MOST, CreateTask, DeleteTask, UpdateTask
from taskflow.features.trash.model import DeleteComment, DeleteLabel, DeleteProject, DeleteSection
from taskflow.features.undo.errors import PlaceDeleted
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from tests.account import Person, new_person
from tests.features.spaces.team import join, new_team, number_of, remove
from tests.features.trash.house import branch, living, rows, said_of, strays
from tests.features.undo.changing import last_change, last_undone, state, undone
from tests.things import comment, label, project, section, task


async def test_a_cascade_comes_back_whole_each_row_under_a_number_of_its_own(person: Person) -> None:
    house = await project(person)
    await branch(person, "Pack", section_id=await section(person, house), project_id=house)
    there = await living(person)
    await person.do(DeleteProject(id=house))
    assert await living(person) == set()
    before = await number_of(person)

    answer = await last_undone(person)

    assert await living(person) == there
    found = await rows(person)
    assert [row["seq"] for row in found] == [*range(before + 1, before + 1 + len(found))]
    assert answer["seq"] == answer["thing"]["seq"] == found[-1]["seq"], "what was named comes last"


async def test_what_was_deleted_before_stays_deleted(person: Person) -> None:
    house = await project(person)
    await person.do(DeleteTask(id=await task(person, "Call", project_id=house)))
    await task(person, "Pack", project_id=house)
    await person.do(DeleteProject(id=house))

    await last_undone(person)

    assert await living(person) == {"Move house", "Pack"}


async def test_a_deletion_that_is_taken_back_already_is_a_change_of_nothing(person: Person) -> None:
    await person.do(DeleteTask(id=await task(person, "Pack")))
    undo = await last_change(person)
    first = await person.do(undo)

    again = await person.do(undo)

    assert again == first
    assert await number_of(person) == first["seq"]


async def test_what_was_deleted_anew_is_not_brought_back_by_the_first_deletion(person: Person) -> None:
    packing = await task(person, "Pack")
    await person.do(DeleteTask(id=packing))
    undo = await last_change(person)
    await person.do(undo)
    await person.do(DeleteTask(id=packing))

    answer = await person.do(undo)

    assert (answer["kept"], answer["thing"]) == (["deleted"], None)
    assert await living(person) == set()


async def test_a_task_comes_back_without_what_is_gone_by_then(backend: Backend, person: Person) -> None:
    owner = await new_team(person)
    guest = await join(owner, await new_person(backend), Role.EDITOR)
    house, heavy, light = await project(owner), await label(owner), await label(owner, "light")
    packing = await task(
        owner,
        "Pack",
        project_id=house,
        section_id=await section(owner, house),
        label_ids=[heavy, light],
        assignee_id=Id(str(guest.id)),
    )
    await task(owner, "Boxes", parent_id=packing)
    await owner.do(DeleteTask(id=packing))
    undo = await last_change(owner)
    await owner.do(DeleteProject(id=house))
    await owner.do(DeleteLabel(id=heavy))
    await remove(owner, guest)

    answer = await owner.do(undo)

    assert answer["kept"] == ["assignee_id", "label_ids", "project_id", "section_id"]
    assert {answer["thing"][field] for field in ("assignee_id", "project_id", "section_id")} == {None}
    assert answer["thing"]["label_ids"] == [str(light)]
    assert await strays(owner) == []
    assert await living(owner) == {"Pack", "Boxes", "light"}


async def test_a_sub_task_comes_back_without_a_parent_that_is_gone(person: Person) -> None:
    above = await task(person, "Pack")
    await person.do(DeleteTask(id=await task(person, "Boxes", parent_id=above)))
    undo = await last_change(person)
    await person.do(DeleteTask(id=above))

    answer = await person.do(undo)

    assert (answer["kept"], answer["thing"]["parent_id"]) == (["parent_id"], None)


async def test_a_sub_task_comes_back_to_where_its_parent_is_by_then(person: Person) -> None:
    house, garden = await project(person), await project(person, "Garden")
    above = await task(person, "Pack", project_id=house)
    below = await task(person, "Boxes", parent_id=above)
    deeper = await task(person, "Tape", parent_id=below)
    await person.do(DeleteTask(id=below))
    undo = await last_change(person)
    await person.do(UpdateTask(id=above, project_id=garden))

    answer = await person.do(undo)

    assert (answer["kept"], answer["thing"]["project_id"]) == (["project_id"], str(garden))
    assert (await person.do(UpdateTask(id=deeper)))["project_id"] == str(garden)


async def test_a_sub_task_comes_back_without_a_parent_that_is_too_deep_by_then(person: Person) -> None:
    line = [await task(person, "1")]
    for depth in range(2, DEPTH_MOST + 1):
        line.append(await task(person, str(depth), parent_id=line[-1]))
    above = await task(person, "Pack")
    await person.do(DeleteTask(id=await task(person, "Boxes", parent_id=above)))
    undo = await last_change(person)
    await person.do(UpdateTask(id=above, parent_id=line[-2]))

    answer = await person.do(undo)

    assert (answer["kept"], answer["thing"]["parent_id"]) == (["parent_id"], None)


async def test_a_section_does_not_come_back_without_its_project(person: Person) -> None:
    house = await project(person)
    packing = await section(person, house)
    await task(person, "Pack", project_id=house, section_id=packing)
    await person.do(DeleteSection(id=packing))
    undo = await last_change(person)
    await person.do(DeleteProject(id=house))
    before, numbered = await rows(person), await number_of(person)

    with pytest.raises(PlaceDeleted):
        await person.do(undo)

    assert (await rows(person), await number_of(person)) == (before, numbered)


async def test_a_comment_does_not_come_back_without_its_task(person: Person) -> None:
    packing = await task(person, "Pack")
    await person.do(DeleteComment(id=await comment(person, packing, "Boxes?")))
    undo = await last_change(person)
    await person.do(DeleteTask(id=packing))

    with pytest.raises(PlaceDeleted):
        await person.do(undo)

    assert await living(person) == set()


async def test_a_label_comes_back_onto_the_tasks_that_carried_it(person: Person) -> None:
    heavy, light = await label(person), await label(person, "light")
    tasks = [await task(person, "Pack", label_ids=[heavy]), await task(person, "Call"), await task(person, "Pay")]
    await person.do(UpdateTask(id=tasks[2], add_label_ids=[heavy, light]))
    before = await state(person)
    await person.do(DeleteLabel(id=heavy))

    answer = await last_undone(person)

    assert answer["kept"] == []
    assert await state(person) == before


async def test_a_label_leaves_tasks_alone_that_got_others_since(person: Person) -> None:
    heavy, light = await label(person), await label(person, "light")
    packing, paying = await task(person, "Pack", label_ids=[heavy]), await task(person, "Pay", label_ids=[heavy])
    await person.do(DeleteLabel(id=heavy))
    undo = await last_change(person)
    await person.do(UpdateTask(id=packing, label_ids=[light]))
    await person.do(DeleteTask(id=paying))

    answer = await person.do(undo)

    assert answer["kept"] == ["task_ids"], "one of them is gone"
    assert (await person.do(UpdateTask(id=packing)))["label_ids"] == sorted(map(str, (heavy, light)))
    assert await strays(person) == []


async def test_a_label_does_not_come_back_onto_a_task_that_is_full(person: Person) -> None:
    heavy = await label(person, "heavy")
    others = [await label(person, f"label {nth}") for nth in range(LABELS_MOST)]
    packing = await task(person, "Pack", label_ids=[heavy, *others[1:]])
    await person.do(DeleteLabel(id=heavy))
    undo = await last_change(person)
    await person.do(UpdateTask(id=packing, add_label_ids=others[:1]))

    answer = await person.do(undo)

    assert (answer["kept"], answer["thing"]["name"]) == (["task_ids"], "heavy")
    assert len((await person.do(UpdateTask(id=packing)))["label_ids"]) == LABELS_MOST


async def test_a_label_whose_name_another_has_by_now_does_not_come_back(person: Person) -> None:
    heavy = await label(person, "heavy")
    packing = await task(person, "Pack", label_ids=[heavy])
    await person.do(DeleteLabel(id=heavy))
    undo = await last_change(person)
    await person.do(CreateLabel(name="HEAVY"))
    numbered = await number_of(person)

    with pytest.raises(LabelNameTaken):
        await person.do(undo)

    assert await number_of(person) == numbered
    assert (await person.do(UpdateTask(id=packing)))["label_ids"] == []


async def test_a_create_is_taken_back_with_what_hangs_on_it(person: Person) -> None:
    create = CreateTask(title="Pack")
    made = await person.do(create)
    await task(person, "Boxes", parent_id=Id(made["id"]))
    await person.do(CreateComment(task_id=Id(made["id"]), body="When?"))

    answer = await undone(person, made)

    assert (answer["thing"], answer["kept"]) == (None, [])
    assert await living(person) == set()
    await undone(person, {"id": made["id"], "seq": answer["seq"]})
    assert await living(person) == {"Pack", "Boxes", "When?"}
    assert (await person.do(create))["id"] == made["id"], "the same create is the same task"


async def test_a_create_that_is_deleted_already_is_taken_back_by_a_change_of_nothing(person: Person) -> None:
    made = await person.do(CreateTask(title="Pack"))
    await person.do(DeleteTask(id=Id(made["id"])))
    numbered = await number_of(person)

    answer = await undone(person, made)

    assert (answer["thing"], answer["kept"]) == (None, [])
    assert await number_of(person) == numbered


async def test_what_comes_back_and_goes_again_does_so_as_often_as_one_likes(person: Person) -> None:
    house = await project(person)
    await branch(person, "Pack", project_id=house)
    await person.do(DeleteProject(id=house))

    for _ in range(3):
        await last_undone(person)
        assert await living(person) == {"Move house"} | said_of("Pack")
        await last_undone(person)
        assert await living(person) == set()
