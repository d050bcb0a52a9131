"""Whatever others did since a change stays when it is taken back, and nothing is left hanging in the air."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from taskflow.features.spaces.model import Role
from taskflow.features.undo.model import Undo
from taskflow.foundation.backend import Backend
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import Refusal
from tests.account import Person, new_person
from tests.features.spaces.team import join, new_team
from tests.features.sync.test_fresh_fetch import done
from tests.features.trash.house import strays
from tests.features.undo.changing import SCENE, SINGULAR, State, changed, last_change, state, tries
from tests.features.undo.test_any_operation import UNDOABLE
from tests.strategies import asked

pytestmark = pytest.mark.slow

Key = tuple[UUID, str, UUID]
# A sub-task goes along with its parent; a label that comes back is added to what a task has.
ALONG = {"project_id", "section_id", "label_ids"}

histories = some.lists(asked(*UNDOABLE), max_size=6)


@some.composite
def attempts(draw: some.DrawFn) -> tuple[list[Args], list[Args]]:
    """What one does, and what another does since: at times the same kind of thing."""
    name = draw(some.sampled_from(UNDOABLE))
    since = draw(some.lists(tries(name, 2) | tries(draw(some.sampled_from(UNDOABLE)), 2), max_size=4))
    return draw(tries(name)), [args for each in since for args in each]


async def check(backend: Backend, before: Sequence[Args], tried: Sequence[Args], since: Sequence[Args]) -> None:
    """One does something, another does more, and the first takes theirs back."""
    owner = await new_team(await new_person(backend))
    guest = await join(owner, await new_person(backend), Role.EDITOR)
    await done(owner, [*SCENE, *before])
    start = await state(owner)
    if not await changed(owner, tried):
        return
    undo = await last_change(owner)
    between = await state(owner)
    await done(guest, since)
    theirs = await state(owner)

    answer = await taken_back(owner, undo)

    end = await state(owner)
    assert await strays(owner) == []
    if answer is None:
        assert end == theirs
        return
    for key, form in theirs.items():
        if key in end and key in between:
            assert_kept(between[key], form, end[key])
    assert not (between.keys() - theirs.keys()) & end.keys(), "what they deleted stays deleted"
    assert named(answer, conflicts(undo, start, between, theirs)) <= {*answer["kept"]}


async def taken_back(person: Person, undo: Undo) -> Any:
    """What undo answers; None where it is refused."""
    with suppress(Refusal):
        return await person.do(undo)
    return None


def assert_kept(between: dict[str, Any], theirs: dict[str, Any], end: dict[str, Any]) -> None:
    """What another changed in a thing is so still."""
    for field, value in theirs.items():
        if value != between[field] and field not in ALONG:
            assert end[field] == value, field
    if theirs.get("label_ids") != between.get("label_ids"):
        assert {*theirs["label_ids"]} <= {*end["label_ids"]}
    if theirs.get("parent_id") is None and theirs.get("project_id") != between.get("project_id"):
        assert end["project_id"] == theirs["project_id"]


def conflicts(undo: Undo, start: State, between: State, theirs: State) -> set[str]:
    """The fields of the thing that were changed by one and then by another, who did not change them back."""
    found = [key for key in start if SINGULAR.get(key[1]) == undo.kind and str(key[2]) == str(undo.id)]
    if not found or found[0] not in between or found[0] not in theirs:
        return set()
    old, new, now = (each[found[0]] for each in (start, between, theirs))
    return {field for field in new if len({repr(each[field]) for each in (old, new, now)}) == 3}


def named(answer: Any, fields: set[str]) -> set[str]:
    """The fields that the answer has to name: none where the thing is gone."""
    return fields if answer["thing"] else set()


@settings(max_examples=100, deadline=None)
@given(before=histories, attempt=attempts())
async def test_what_others_did_since_a_change_stays_when_it_is_taken_back(
    backend: Backend, before: list[Args], attempt: tuple[list[Args], list[Args]]
) -> None:
    await check(backend, before, *attempt)


@pytest.mark.long
@settings(max_examples=3_000, deadline=None)
@given(before=histories, attempt=attempts())
async def test_what_others_did_stays_in_long_histories(
    backend: Backend, before: list[Args], attempt: tuple[list[Args], list[Args]]
) -> None:
    await check(backend, before, *attempt)
