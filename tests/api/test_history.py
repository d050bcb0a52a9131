"""Nobody goes back in time: clients at two processes, whose Redis is flushed and whose writers die at any moment."""

from uuid import UUID

import pytest

from tests.api.history import History, Read, judge, recorded, titles
from tests.api.two import Process
from tests.client import Client
from tests.foundation.redis.store import Store


def seeds(few: int, many: int) -> pytest.MarkDecorator:
    """The first few one by one, the rest as one campaign."""
    rest = pytest.param(range(few, many), marks=pytest.mark.long, id=f"{few} to {many - 1}")
    return pytest.mark.parametrize("seeds", [*(pytest.param([seed], id=str(seed)) for seed in range(few)), rest])


async def check(processes: list[Process], seed: int, redis: Store | None = None) -> None:
    """Record a history of somebody new, and judge it."""
    ada = await Client(processes[0].http).registered()
    history = await recorded(seed, processes, ada, redis)
    judge(history, await titles(processes[0].backend, UUID(ada.id)))
    assert history.reads, f"seed {seed}: nothing was answered"


@seeds(12, 1_000)
async def test_every_client_sees_its_own_writes_and_never_goes_back(processes: list[Process], seeds: list[int]) -> None:
    for seed in seeds:
        await check(processes, seed)


@seeds(1, 40)
async def test_the_same_holds_while_redis_is_killed_and_started_again(
    processes: list[Process], store: Store, seeds: list[int]
) -> None:
    for seed in seeds:
        await check(processes, seed, store)


@pytest.mark.parametrize(
    ("reads", "sentence"),
    [
        ([Read(0, 5, "title 1", 0), Read(0, 4, "title 0", 0)], "goes back"),
        ([Read(0, 4, "title 0", 5)], "stale"),
        ([Read(0, 5, "title 0", 0)], "another state"),
        ([Read(0, 4, "title 1", 0)], "another state"),
    ],
)
def test_the_judge_finds_what_must_not_be(reads: list[Read], sentence: str) -> None:
    history = History(0, [], None, reads=reads)  # type: ignore[arg-type] # judged, not run

    with pytest.raises(AssertionError, match=sentence):
        judge(history, {5: "title 1"})
