"""A label's name is its own in its space, in small letters or in capitals: which are the same, the database says."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from taskflow.features.labels.errors import LabelNameTaken
from taskflow.features.labels.model import CreateLabel, UpdateLabel
from taskflow.features.spaces.model import Role
from taskflow.features.trash.model import DeleteLabel
from taskflow.foundation.backend import Backend
from taskflow.foundation.refusal import Refusal
from tests.account import Person, new_person
from tests.drawn import IDS
from tests.features.labels.arguments import NAMES, names
from tests.features.spaces.team import in_team, number_of


async def alike(person: Person, one: str, other: str) -> bool:
    """Whether two names are the same to the database."""
    async with person.backend.database.transaction(person.id) as transaction:
        same: bool = await transaction.connection.fetchval("SELECT lower($1::text) = lower($2::text)", one, other)
    return same


@settings(max_examples=60, deadline=None)
@given(
    pair=some.tuples(names, names)
    | some.sampled_from(NAMES).flatmap(
        lambda name: some.tuples(some.just(name), some.sampled_from([name.upper(), name.lower(), name.title()]))
    )
)
async def test_a_name_is_taken_where_the_database_says_that_it_is_the_same(
    backend: Backend, pair: tuple[str, str]
) -> None:
    person = await new_person(backend)
    first, second = pair
    await person.do(CreateLabel(name=first))
    third = await person.do(CreateLabel(name="third"))
    before = await number_of(person)

    outcomes = [
        await refusal(person, args) for args in (CreateLabel(name=second), UpdateLabel(id=third["id"], name=second))
    ]

    taken = await alike(person, first, second)
    assert outcomes[0] is (LabelNameTaken if taken or await alike(person, "third", second) else None)
    assert (outcomes[1] is LabelNameTaken) == (taken or outcomes[0] is None)
    if outcomes == [LabelNameTaken] * 2:
        assert await number_of(person) == before


async def refusal(person: Person, args: CreateLabel | UpdateLabel) -> type[Refusal] | None:
    """What an operation is refused with."""
    try:
        await person.do(args)
    except Refusal as refused:
        return type(refused)
    return None


async def test_a_label_may_be_written_in_other_letters(person: Person) -> None:
    made = await person.do(CreateLabel(name="work"))

    renamed = await person.do(UpdateLabel(id=made["id"], name="Work"))

    assert renamed["name"] == "Work"


async def test_a_name_that_was_given_up_is_free(person: Person) -> None:
    made = await person.do(CreateLabel(name="Work"))
    await person.do(UpdateLabel(id=made["id"], name="Home"))

    another = await person.do(CreateLabel(name="work"))

    assert another["id"] != made["id"]


async def test_the_name_of_a_deleted_label_is_free(person: Person) -> None:
    made = await person.do(CreateLabel(name="Work"))
    await person.do(DeleteLabel(id=made["id"]))

    another = await person.do(CreateLabel(name="work"))

    assert another["id"] != made["id"]


async def test_every_space_has_names_of_its_own(person: Person, backend: Backend) -> None:
    team = await in_team(person, Role.EDITOR, backend)
    await person.do(CreateLabel(name="Work"))

    shared = await team.do(CreateLabel(name="Work"))

    assert shared["space_id"] == str(team.access.space_id)


async def test_of_many_who_take_a_name_at_once_one_has_it(person: Person) -> None:
    asked = [CreateLabel(name=name) for name in ("work", "Work", "WORK", "wOrK") * 3]

    outcomes = await asyncio.gather(*(person.do(args) for args in asked), return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert [type(each) for each in refused] == [LabelNameTaken] * (len(asked) - 1)


async def test_a_name_that_another_label_took_since_does_not_change_what_a_repeat_is(person: Person) -> None:
    first = CreateLabel(id=IDS[0], name="Work")
    await person.do(first)
    now = await person.do(UpdateLabel(id=IDS[0], name="Home"))
    await person.do(CreateLabel(name="Work"))

    again = await person.do(first)

    assert again == now


@pytest.mark.parametrize("name", ["x" * 60, "👩‍👩‍👧‍👦" * 8, " x ", "x\n"])
async def test_a_name_is_kept_as_it_was_written(person: Person, name: str) -> None:
    made = await person.do(CreateLabel(name=name))

    assert made["name"] == name
