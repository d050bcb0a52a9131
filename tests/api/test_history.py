"""Nobody goes back in time: clients at two processes, whose Redis is flushed and whose writers die at any moment."""

from uuid import UUID

import pytest

from tests.api.history import History, Read, judge, recorded, titles
from tests.api.two import Process
from tests.client import Client
from tests.foundation.redis.store import Store


@pytest.mark.parametrize("seed", [*range(12), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(12, 500))])
async def test_every_client_sees_its_own_writes_and_never_goes_back(
    processes: list[Process], both: list[Client], seed: int
) -> None:
    history = await recorded(seed, processes, both[0])

    judge(history, await titles(processes[0].backend, UUID(both[0].id)))

    assert len(history.reads) > 50


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 40))])
async def test_the_same_holds_while_redis_is_killed_and_started_again(
    processes: list[Process], both: list[Client], store: Store, seed: int
) -> None:
    history = await recorded(seed, processes, both[0], store)

    judge(history, await titles(processes[0].backend, UUID(both[0].id)))


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
    history = History(None, [], None, reads=reads)  # type: ignore[arg-type] # judged, not run

    with pytest.raises(AssertionError, match=sentence):
        judge(history, {5: "title 1"})
