"""Whatever can be done and has an inverse: undo right after it gives the state before it, and again the one after."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec.structs import replace

from taskflow.features.sharing.model import MoveTask
from taskflow.foundation.backend import Backend
from taskflow.foundation.operation import REGISTRY, Args
from tests.account import new_person
from tests.features.spaces.team import new_team
from tests.features.sync.device import Device, fresh
from tests.features.sync.test_fresh_fetch import done
from tests.features.trash.house import strays
from tests.features.undo.changing import SCENE, changed, last_change, state, towards, tries
from tests.strategies import asked

pytestmark = pytest.mark.slow

UNDOABLE = sorted(name for name, operation in REGISTRY.items() if operation.inverse)
quick = settings(max_examples=20, deadline=None)
full = settings(max_examples=500, deadline=None)
histories = some.lists(asked(*UNDOABLE), max_size=8)
elsewhere = some.lists(asked("create_label", "create_task"), max_size=3)


async def check(backend: Backend, before: Sequence[Args], elsewhere: Sequence[Args], tried: Sequence[Args]) -> None:
    """Do one thing after the other; each is taken back, done again, and so once more; a device takes the changes."""
    person = await new_person(backend)
    team = await new_team(person)
    await done(person, [*SCENE, *before])
    await done(team, elsewhere)
    start, along = await state(person, team), Device(backend, person.access, page_rows=2)
    for args in tried:
        if not await changed(person, [towards(args, team)]):
            continue
        end = await state(person, team)
        undo = await last_change(person)
        for expected in (start, end, start, end):
            undone = await person.do(undo)

            # A label that a move made is made anew when it moves again.
            moved_again = expected is end and isinstance(args, MoveTask)
            assert undone["kept"] in ([[], ["label_ids"]] if moved_again else [[]])
            assert await state(person, team) == expected or moved_again
            await along.catch_up()
            assert along.rows == (await fresh(along)).rows
            undo = replace(undo, seq=undone["seq"])
        start = await state(person, team)
    assert [*await strays(person), *await strays(team)] == []


@pytest.mark.parametrize("name", UNDOABLE)
@quick
@given(before=histories, data=some.data())
async def test_undo_right_after_an_operation_gives_the_state_before_it(
    name: str, backend: Backend, before: list[Args], data: some.DataObject
) -> None:
    await check(backend, before, data.draw(elsewhere), data.draw(tries(name)))


@pytest.mark.long
@pytest.mark.parametrize("name", UNDOABLE)
@full
@given(before=some.lists(asked(*UNDOABLE), max_size=20), data=some.data())
async def test_undo_gives_the_state_before_in_long_histories(
    name: str, backend: Backend, before: list[Args], data: some.DataObject
) -> None:
    await check(backend, before, data.draw(elsewhere), data.draw(tries(name)))
