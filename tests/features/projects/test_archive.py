"""What is archived is still there, and says since when."""

from typing import Any

import pytest

from taskflow.features.activity.queries import changes_of
from taskflow.features.projects.model import CreateProject, CreateSection, UpdateProject, UpdateSection
from taskflow.foundation.operation import Args
from tests.account import Person
from tests.drawn import IDS

both = pytest.mark.parametrize("update", [UpdateProject, UpdateSection])


async def new_both(person: Person) -> None:
    """A project and its section, of one id."""
    await person.do(CreateProject(id=IDS[0], name="Home"))
    await person.do(CreateSection(id=IDS[0], project_id=IDS[0], name="Errands"))


@both
async def test_what_is_archived_says_since_when_until_it_is_taken_up_again(person: Person, update: type[Args]) -> None:
    await new_both(person)

    archived = await changed(person, update, archived=True)
    renamed = await changed(person, update, name="Later", archived=True)
    taken_up = await changed(person, update, archived=False)

    assert archived["archived_at"] == archived["updated_at"]
    assert renamed["archived_at"] == archived["archived_at"]
    assert (taken_up["archived_at"], taken_up["name"]) == (None, "Later")


async def changed(person: Person, update: Any, **fields: object) -> Any:
    """The project or section after a change."""
    return await person.do(update(id=IDS[0], **fields))


@both
async def test_its_history_has_the_time_itself_so_that_undo_can_give_it_back(
    person: Person, update: type[Args]
) -> None:
    await new_both(person)
    archived = await changed(person, update, archived=True)
    await changed(person, update, archived=False)

    async with person.backend.database.transaction(person.id) as transaction:
        told = await changes_of(transaction, person.id, IDS[0])

    at = archived["archived_at"]
    assert told == [{"archived_at": (None, at)}, {"archived_at": (at, None)}]


async def test_an_archived_project_still_takes_sections(person: Person) -> None:
    await person.do(CreateProject(id=IDS[0], name="Home"))
    await person.do(UpdateProject(id=IDS[0], archived=True))

    made = await person.do(CreateSection(project_id=IDS[0], name="Errands"))

    assert made["archived_at"] is None
