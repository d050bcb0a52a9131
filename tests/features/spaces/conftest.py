"""A team of somebody's."""

import pytest

from tests.account import Person
from tests.features.spaces.team import new_team


@pytest.fixture
async def owner(person: Person) -> Person:
    """Who has made a space for a team, and stands in it."""
    return await new_team(person)
