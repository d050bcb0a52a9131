"""Any operations in one transaction leave each row with a number of its own, the last of which is the space's."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from taskflow.features.sync.changes import page_after
from taskflow.features.sync.taken import NOT_COMMANDS
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import new_id
from taskflow.foundation.operation import REGISTRY
from tests.account import new_person
from tests.features.sync.commanding import command, create, send
from tests.strategies import STRATEGIES

TAKEN = sorted(name for name, entry in REGISTRY.items() if entry.numbered and name not in NOT_COMMANDS)
IDS = [str(new_id()) for _ in range(4)]


def commands() -> some.SearchStrategy[tuple[str, dict[str, Any]]]:
    """A command of any kind, about one of a few things as a rule."""
    return some.one_of([asked(name) for name in TAKEN])


def asked(name: str) -> some.SearchStrategy[tuple[str, dict[str, Any]]]:
    """A command of one kind."""

    def about(made: Any, thing_id: str | None) -> tuple[str, dict[str, Any]]:
        args = msgspec.to_builtins(made)
        return name, args if thing_id is None or "id" not in args else args | {"id": thing_id}

    return some.builds(about, STRATEGIES[name], some.none() | some.sampled_from(IDS))


@pytest.mark.slow
@given(drawn=some.lists(commands(), min_size=1, max_size=30))
@settings(max_examples=25, deadline=None)
async def test_every_row_has_its_own_number_and_the_last_is_the_spaces(
    backend: Backend, drawn: list[tuple[str, dict[str, Any]]]
) -> None:
    ada = await new_person(backend)

    results = await send(ada, *(create(each) for each in IDS), *(command(name, args) for name, args in drawn))

    page = await page_after(backend.database, ada.access, 0)
    numbers = [change.seq for change in page.changes]
    assert len(set(numbers)) == len(numbers)
    if not any(name in {"create_space", "share_project"} for name, _ in drawn):  # an entry's number shows in no page
        assert max(numbers) == page.seq
    assert all(result["problem"]["status"] < 500 for result in results if not result["ok"])


def test_what_may_hold_several_spaces_says_so() -> None:
    several = {name for name, entry in REGISTRY.items() if entry.several}

    assert several == {
        "accept_invitation",
        "change_role",
        "create_space",
        "hand_over_space",
        "move_task",
        "remove_member",
        "share_project",
        "undo",
    }
