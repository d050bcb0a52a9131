"""What changes a space leaves its history: whatever took numbers is told by them, with its form."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from taskflow.features.sync.model import KINDS
from taskflow.foundation.backend import Backend
from taskflow.foundation.operation import REGISTRY, Args
from taskflow.foundation.refusal import Refusal
from tests.account import Person, new_person
from tests.features.spaces.team import number_of
from tests.strategies import STRATEGIES, asked

# Spaces lie below activity in the line: who is in a space, and what it is called, is told by its members.
UNTOLD = {
    "accept_invitation",
    "change_role",
    "create_invitation",
    "create_space",
    "hand_over_space",
    "remove_member",
    "rename_member",
    "revoke_invitation",
    "update_me",
    "update_space",
}
TOLD = sorted(name for name, entry in REGISTRY.items() if entry.numbered and name not in UNTOLD)
FIRST_MADE = """
SELECT count(*) FROM activity a WHERE a.space_id = $1 AND a.first_seq = $2 AND a.seq = $3 AND a.operation = $4
"""

histories = some.lists(asked(*TOLD), max_size=6)


async def done(person: Person, history: Sequence[Args]) -> None:
    """Do what may be done of it."""
    for args in history:
        with suppress(Refusal):
            await person.answered(args)


@pytest.mark.parametrize("name", TOLD)
@settings(max_examples=10, deadline=None)
@given(before=histories, data=some.data())
async def test_what_takes_numbers_is_a_create_or_is_told_by_one_row_of_activity(
    name: str, backend: Backend, before: list[Args], data: some.DataObject
) -> None:
    person = await new_person(backend)
    await done(person, before)
    began = await number_of(person)

    await done(person, [data.draw(STRATEGIES[name])])

    ended = await number_of(person)
    if ended > began:
        async with told(backend, person) as ask:
            made = await ask(CREATED, person.id, ended)
            rows = await ask(FIRST_MADE, person.id, began + 1, ended, name)
        assert rows + (made and not rows) == 1


CREATED = " UNION ALL ".join(
    f"SELECT count(*) FROM {kind} k WHERE k.space_id = $1 AND k.created_seq = $2"  # noqa: S608 - names of the code
    for kind in KINDS
    if kind not in {"members", "space"}
)


@asynccontextmanager
async def told(backend: Backend, person: Person) -> AsyncIterator[Any]:
    """Ask for counts inside of the person's space."""
    async with backend.database.transaction(person.access.space_id) as transaction:

        async def ask(sql: str, *args: object) -> int:
            return sum(row[0] for row in await transaction.connection.fetch(sql, *args))

        yield ask
