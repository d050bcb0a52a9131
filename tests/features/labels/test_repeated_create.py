"""A label whose making comes again, for its answer was lost: the same one is made once, another one is refused."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec.structs import replace

from taskflow.features.labels.errors import LabelExists, LabelNameTaken, LabelNotFound
from taskflow.features.labels.model import CreateLabel, UpdateLabel
from taskflow.features.trash.model import DeleteLabel
from taskflow.foundation.backend import Backend
from tests.account import Person, new_person
from tests.drawn import IDS
from tests.features.labels.arguments import STRATEGIES
from tests.features.spaces.team import number_of


@settings(max_examples=25, deadline=None)
@given(create=STRATEGIES["create_label"], since=some.lists(STRATEGIES["update_label"], max_size=4))
async def test_the_same_create_is_the_same_label_whatever_became_of_it_since(
    backend: Backend, create: CreateLabel, since: list[UpdateLabel]
) -> None:
    person = await new_person(backend)
    now: Any = await person.do(create)
    for change in since:
        now = await person.do(replace(change, id=create.id))
    before = await number_of(person)

    again = await person.do(create)

    assert again == now
    assert await number_of(person) == before


@pytest.mark.parametrize("other", [{"name": "Home"}, {"color": "red"}, {"position": "V"}])
async def test_another_create_with_its_id_is_refused(person: Person, other: dict[str, Any]) -> None:
    first = CreateLabel(id=IDS[0], name="Work")
    await person.do(first)

    with pytest.raises(LabelExists):
        await person.do(replace(first, **other))


async def test_the_id_of_a_deleted_label_is_not_free(person: Person) -> None:
    first = CreateLabel(id=IDS[0], name="Work")
    await person.do(first)
    await person.do(DeleteLabel(id=IDS[0]))

    with pytest.raises(LabelExists):
        await person.do(first)
    with pytest.raises(LabelNotFound):
        await person.do(UpdateLabel(id=IDS[0], name="Home"))


async def test_an_id_that_is_taken_is_said_before_a_name_that_is(person: Person) -> None:
    await person.do(CreateLabel(id=IDS[0], name="Work"))
    await person.do(CreateLabel(id=IDS[1], name="Home"))

    with pytest.raises(LabelExists):
        await person.do(CreateLabel(id=IDS[0], name="home"))
    with pytest.raises(LabelNameTaken):
        await person.do(CreateLabel(id=IDS[2], name="home"))


async def test_a_change_of_nothing_takes_no_number(person: Person) -> None:
    made = await person.do(CreateLabel(id=IDS[0], name="Work", color="red"))

    same = await person.answered(UpdateLabel(id=IDS[0], name="Work", color="red"))

    assert same.number == made["seq"]
