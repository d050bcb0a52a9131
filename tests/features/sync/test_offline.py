"""Devices that were offline: whatever was done on them, in any order of arrival, all end as the server is."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from taskflow.app import Application
from taskflow.foundation.backend import Backend
from tests.features.sync.house import house
from tests.features.sync.steps import Step, owners, steps
from tests.features.sync.tally import Tally

HISTORIES, PARTS = 10_000, 4  # in parts, for as many processes
counted = [HealthCheck.function_scoped_fixture]  # a tally is of all histories of a test
quick = settings(max_examples=40, deadline=None, suppress_health_check=counted)
full = settings(max_examples=HISTORIES // PARTS, deadline=None, suppress_health_check=counted)


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Iterator[Tally]:
    """What happened in the histories of a test; of a whole part of the campaign, that was enough."""
    made = Tally()
    yield made
    for name, count in made.told():
        record_property(name, count)
    if made.counts["histories"] >= HISTORIES // PARTS:
        made.assert_eventful()


async def check(
    application: Application, backend: Backend, owners: Sequence[int], history: Sequence[Step], tally: Tally
) -> None:
    """Live a history through, and compare every device with the server."""
    async with house(application, backend, max(owners) + 1, furnished=True) as there:
        for owner in owners:
            await there.device(owner).sync()

        for step in history:
            await step.step(there, there.devices[step.device % len(owners)])

        await there.settle()
        tally.count(there, history)


@quick
@given(owners=owners, history=some.lists(steps, min_size=12, max_size=24))
async def test_all_devices_end_as_the_server_is(
    application: Application, backend: Backend, owners: list[int], history: list[Step], tally: Tally
) -> None:
    await check(application, backend, owners, history, tally)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@full
@given(owners=owners, history=some.lists(steps, min_size=8, max_size=30))
async def test_all_devices_end_as_the_server_is_after_ten_thousand_histories(
    part: int,  # noqa: ARG001 - each draws its own
    application: Application,
    backend: Backend,
    owners: list[int],
    history: list[Step],
    tally: Tally,
) -> None:
    await check(application, backend, owners, history, tally)
