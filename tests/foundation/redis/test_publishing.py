"""Numbers of writers that Redis did not take at once."""

import asyncio

import pytest
import redis

from taskflow.foundation.redis.ask import Ask
from taskflow.foundation.redis.turn import Turn
from tests.foundation.redis.store import Store


async def test_a_published_number_is_known_when_publish_returns(store: Store, client: redis.Redis, turn: Turn) -> None:
    client.set("known:{s}", 1)
    client.set("known:{t}:lease", "somebody")

    with store.listening("space:{s}") as next_one:
        await asyncio.gather(turn.publish("known:{s}", 2, "space:{s}"), turn.publish("known:{t}", 3))

        assert next_one() == "2"
    assert client.mget("known:{s}", "known:{t}", "known:{t}:lease") == ["2", None, None]


async def test_numbers_that_could_not_be_published_are_published_together_later(running: Store, turn: Turn) -> None:
    await turn.ask(Ask())
    running.kill()

    await asyncio.gather(*(turn.publish(f"known:{{{n}}}", n + 1, "late") for n in range(100)))
    await asyncio.gather(turn.publish("known:{0}", 900, "late"), turn.publish("known:{0}", 800, "late"))
    # The loop stands still until somebody listens.
    running.start()
    with running.listening("late") as next_one:
        told = [await asyncio.to_thread(next_one) for _ in range(100)]

        assert sorted(int(number or 0) for number in told) == [*range(2, 101), 900]
        # One that finds out, forgotten and sent again, and one for all the others.
        assert running.calls() <= 4


async def test_a_number_is_not_published_when_nobody_can_hold_an_older_one_any_more(
    running: Store, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("taskflow.foundation.redis.publishing.KEEP_S", 0.0)
    running.kill()

    await turn.publish("known:{s}", 7)
    while turn._publishing._trying:
        await asyncio.wait((turn._publishing._trying,))

    assert not turn._publishing._late


async def test_of_too_many_numbers_to_publish_later_the_oldest_are_dropped(
    running: Store, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("taskflow.foundation.redis.publishing.KEYS", 10)
    running.kill()

    await asyncio.gather(*(turn.publish(str(n), n) for n in range(20)))

    assert list(turn._publishing._late) == [str(n) for n in range(10, 20)]
