"""What is deleted takes along what hangs on it, and nothing else."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from taskflow.features.comments.model import CreateComment
from taskflow.features.projects.errors import ProjectNotFound
from taskflow.features.spaces.errors import PreconditionFailed
from taskflow.features.tasks.model import DeleteTask
from taskflow.features.trash.model import DeleteComment, DeleteLabel, DeleteProject, DeleteSection
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import REGISTRY, Args
from taskflow.foundation.refusal import Refusal
from tests.account import Person, new_person
from tests.features.spaces.team import number_of
from tests.features.trash.house import branch, history, living, rows, said_of, strays
from tests.strategies import asked
from tests.things import comment, label, project, section, task

NUMBERED = sorted(name for name, entry in REGISTRY.items() if entry.numbered)


async def test_a_task_takes_its_sub_tasks_at_any_depth_and_all_comments_along(person: Person) -> None:
    gone = await branch(person, "Pack")
    await branch(person, "Paint")

    await person.do(DeleteTask(id=gone[0]))

    assert await living(person) == said_of("Paint")


async def test_a_sub_task_leaves_what_is_above_it(person: Person) -> None:
    tasks = await branch(person, "Pack")

    await person.do(DeleteTask(id=tasks[1]))

    assert await living(person) == {"Pack", "On Pack"}


async def test_a_project_takes_its_sections_tasks_and_comments_along(person: Person) -> None:
    house, garden = await project(person, "House"), await project(person, "Garden")
    await branch(person, "Pack", project_id=house)
    await branch(person, "Wrap", project_id=house, section_id=await section(person, house))
    await branch(person, "Mow", project_id=garden)
    await branch(person, "Call")

    await person.do(DeleteProject(id=house))

    assert await living(person) == {"Garden"} | said_of("Mow") | said_of("Call")


async def test_a_section_takes_its_tasks_along_and_leaves_those_beside_it(person: Person) -> None:
    house = await project(person, "House")
    packing, painting = await section(person, house, "Packing"), await section(person, house, "Painting")
    await branch(person, "Wrap", project_id=house, section_id=packing)
    await branch(person, "Paint", project_id=house, section_id=painting)
    await branch(person, "Rent", project_id=house)

    await person.do(DeleteSection(id=packing))

    assert await living(person) == {"House", "Painting"} | said_of("Paint") | said_of("Rent")


async def test_every_row_that_goes_has_a_number_of_its_own_and_all_have_that_of_what_was_named(person: Person) -> None:
    house = await project(person, "House")
    packing = await section(person, house)
    await branch(person, "Wrap", project_id=house, section_id=packing)
    before = await number_of(person)

    await person.do(DeleteProject(id=house))

    gone = await rows(person)
    assert [row["seq"] for row in gone] == [*range(before + 1, before + 9)]
    assert {row["deleted_seq"] for row in gone} == {before + 8}
    assert gone[-1]["id"] == house
    (told,) = await history(person, house)
    assert (told["first_seq"], told["seq"], told["operation"]) == (before + 1, before + 8, "delete_project")


async def test_a_label_is_taken_off_its_tasks_which_the_history_names(person: Person) -> None:
    heavy, light = await label(person, "heavy"), await label(person, "light")
    piano, desk = [await task(person, title, label_ids=sorted([heavy, light])) for title in ("Piano", "Desk")]
    await task(person, "Pillow", label_ids=[light])
    before = await number_of(person)

    await person.do(DeleteLabel(id=heavy))

    assert await living(person) == {"light", "Piano", "Desk", "Pillow"}
    assert await strays(person) == []
    assert [row["said"] for row in await rows(person) if row["seq"] > before] == ["Piano", "Desk", "heavy"]
    (told,) = await history(person, heavy)
    assert json.loads(told["changes"]) == {
        "deleted": [False, True],
        "task_ids": [sorted([str(piano), str(desk)]), []],
    }


async def test_what_went_with_something_is_gone_by_itself_too(person: Person) -> None:
    house = await project(person)
    (pack, *_) = await branch(person, "Pack", project_id=house)
    await person.do(DeleteProject(id=house))
    before = await number_of(person)

    for args in (DeleteTask(id=pack), DeleteProject(id=house), CreateComment(task_id=pack, body="Still here?")):
        with pytest.raises(Refusal):
            await person.do(args)

    assert await number_of(person) == before


async def test_a_deletion_by_who_holds_an_older_state_is_refused_and_takes_nothing(person: Person) -> None:
    house = await project(person)
    packing = await section(person, house)
    (pack, *_) = await branch(person, "Pack", project_id=house, section_id=packing)
    said, heavy = await comment(person, pack, "Bubble wrap"), await label(person)
    before = await living(person)

    kinds: list[tuple[type[Args], Id]] = [
        (DeleteProject, house),
        (DeleteSection, packing),
        (DeleteTask, pack),
        (DeleteComment, said),
        (DeleteLabel, heavy),
    ]
    for kind, thing_id in kinds:
        with pytest.raises(PreconditionFailed):
            await person.do(kind(id=thing_id), if_match=frozenset({1}))

    assert await living(person) == before


async def test_who_holds_the_newest_state_of_what_is_named_may_delete_it_whatever_hangs_on_it(person: Person) -> None:
    house = await project(person)
    (newest,) = [row["seq"] for row in await rows(person)]
    await branch(person, "Pack", project_id=house)

    await person.do(DeleteProject(id=house), if_match=frozenset({newest}))

    assert await living(person) == set()


async def test_a_project_that_is_not_there_is_not_found(person: Person) -> None:
    with pytest.raises(ProjectNotFound):
        await person.do(DeleteProject(id=Id("00000000-0000-7000-8000-000000000000")))


@settings(max_examples=60, deadline=None)
@given(doing=some.lists(asked(*NUMBERED), max_size=20))
async def test_whatever_is_done_nothing_that_lives_hangs_on_something_deleted(
    backend: Backend, doing: list[Args]
) -> None:
    await check(backend, doing)


@pytest.mark.long
@settings(max_examples=2_000, deadline=None)
@given(doing=some.lists(asked(*NUMBERED), max_size=40))
async def test_in_long_histories_too_nothing_hangs_on_something_deleted(backend: Backend, doing: list[Args]) -> None:
    await check(backend, doing)


async def check(backend: Backend, doing: list[Args]) -> None:
    person = await new_person(backend)
    for args in doing:
        try:
            await person.answered(args)
        except Refusal:
            continue

    assert await strays(person) == []
