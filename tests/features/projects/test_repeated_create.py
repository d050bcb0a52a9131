"""A project or a section whose making comes again: the same one is made once, another one is refused."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec.structs import replace

from taskflow.features.projects.errors import ProjectExists, SectionExists
from taskflow.features.projects.model import (
    CreateProject,
    CreateSection,
    UpdateProject,
    UpdateSection,
)
from taskflow.features.trash.model import DeleteProject
from taskflow.foundation.backend import Backend
from taskflow.foundation.refusal import Invalid
from tests.account import Person, new_person
from tests.drawn import IDS
from tests.features.projects.arguments import STRATEGIES
from tests.features.spaces.team import number_of

HOME = CreateProject(id=IDS[0], name="Home")
ERRANDS = CreateSection(id=IDS[0], project_id=IDS[0], name="Errands")


@settings(max_examples=25, deadline=None)
@given(create=STRATEGIES["create_project"], since=some.lists(STRATEGIES["update_project"], max_size=4))
async def test_the_same_create_is_the_same_project_whatever_became_of_it_since(
    backend: Backend, create: CreateProject, since: list[UpdateProject]
) -> None:
    person = await new_person(backend)
    now: Any = await person.do(create)
    for change in since:
        now = await person.do(replace(change, id=create.id))
    before = await number_of(person)

    again = await person.do(create)

    assert again == now
    assert await number_of(person) == before


@settings(max_examples=25, deadline=None)
@given(create=STRATEGIES["create_section"], since=some.lists(STRATEGIES["update_section"], max_size=4))
async def test_the_same_create_is_the_same_section_whatever_became_of_it_since(
    backend: Backend, create: CreateSection, since: list[UpdateSection]
) -> None:
    person = await new_person(backend)
    await person.do(CreateProject(id=create.project_id, name="Home"))
    now: Any = await person.do(create)
    for change in since:
        now = await person.do(replace(change, id=create.id))
    before = await number_of(person)

    again = await person.do(create)

    assert again == now
    assert await number_of(person) == before


@pytest.mark.parametrize("other", [{"name": "Work"}, {"color": "red"}, {"position": "V"}])
async def test_another_create_with_a_project_s_id_is_refused(person: Person, other: dict[str, Any]) -> None:
    await person.do(HOME)

    with pytest.raises(ProjectExists):
        await person.do(replace(HOME, **other))


@pytest.mark.parametrize("other", [{"name": "Work"}, {"project_id": IDS[1]}, {"position": "V"}])
async def test_another_create_with_a_section_s_id_is_refused(person: Person, other: dict[str, Any]) -> None:
    for project_id in IDS[:2]:
        await person.do(CreateProject(id=project_id, name="Home"))
    await person.do(ERRANDS)

    with pytest.raises(SectionExists):
        await person.do(replace(ERRANDS, **other))


async def test_an_id_that_is_taken_is_said_before_a_project_that_is_missing(person: Person) -> None:
    await person.do(HOME)
    await person.do(ERRANDS)

    with pytest.raises(SectionExists):
        await person.do(replace(ERRANDS, project_id=IDS[1]))
    with pytest.raises(Invalid):
        await person.do(replace(ERRANDS, id=IDS[1], project_id=IDS[1]))


async def test_ids_of_deleted_projects_and_sections_are_not_free(person: Person) -> None:
    await person.do(HOME)
    await person.do(ERRANDS)
    await person.do(DeleteProject(id=IDS[0]))

    with pytest.raises(ProjectExists):
        await person.do(HOME)
    with pytest.raises(SectionExists):
        await person.do(ERRANDS)


async def test_a_deleted_project_takes_no_sections(person: Person) -> None:
    await person.do(HOME)
    await person.do(DeleteProject(id=IDS[0]))

    with pytest.raises(Invalid) as refused:
        await person.do(ERRANDS)

    assert [fault.pointer for fault in refused.value.errors] == ["/project_id"]


async def test_a_change_of_nothing_takes_no_number(person: Person) -> None:
    await person.do(HOME)
    made = await person.do(ERRANDS)

    for same in (
        UpdateProject(id=IDS[0], name="Home", color="stone", archived=False),
        UpdateSection(id=IDS[0], name="Errands", archived=False),
        UpdateProject(id=IDS[0]),
    ):
        assert (await person.answered(same)).number == made["seq"]
