"""Asks and raises of many, gathered; a Redis that forgets, hangs, dies and comes back."""

import asyncio
import logging
import random
import signal

import pytest
import redis
from redis.asyncio import Redis

from taskflow.foundation.redis.ask import Ask, Reply
from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.redis.line import TIMEOUT_S
from taskflow.foundation.redis.turn import Turn
from tests.foundation.redis.store import Store
from tests.settled import found


@pytest.fixture(autouse=True)
def _empty(client: redis.Redis) -> None:
    """Each test begins with nothing known."""


async def test_all_that_one_turn_of_the_loop_asks_is_one_call(store: Store, client: redis.Redis, turn: Turn) -> None:
    client.set("known:{7}", 70)
    await turn.ask(Ask())
    before = store.calls()

    asks = [turn.ask(Ask(number_key=f"known:{{{n}}}")) for n in range(400)]
    raises = [turn.raise_number(f"known:{{{n}}}", 71, None) for n in range(20)]
    *got, _ = await asyncio.gather(*asks, asyncio.gather(*raises))

    assert store.calls() - before == 1
    assert [reply.number for reply in got if isinstance(reply, Reply)] == [71 if n == 7 else None for n in range(400)]


async def test_more_than_500_asks_go_in_several_calls(store: Store, turn: Turn) -> None:
    await turn.ask(Ask())
    before = store.calls()

    got = await asyncio.gather(*(turn.ask(Ask(f"limit:{{{n % 300}}}", 1_000, 10_000_000)) for n in range(1_200)))

    assert store.calls() - before == 3
    assert len(got) == 1_200


async def test_a_script_that_redis_forgot_is_sent_again(client: redis.Redis, turn: Turn) -> None:
    await turn.ask(Ask())

    client.script_flush()
    got = await asyncio.gather(*(turn.ask(Ask("limit:{u}", 60_000_000, 600_000_000)) for _ in range(3)))
    await turn.raise_number("known:{s}", 3, None)

    assert [reply.left for reply in got] == [9, 8, 7]


async def test_one_who_is_cancelled_does_not_take_the_others_along(turn: Turn) -> None:
    asks = [asyncio.create_task(turn.ask(Ask("limit:{u}", 60_000_000, 600_000_000))) for _ in range(3)]
    await asyncio.sleep(0)
    asks[1].cancel()

    got = await asyncio.gather(*asks, return_exceptions=True)

    assert [isinstance(reply, asyncio.CancelledError) for reply in got] == [False, True, False]


async def test_one_whose_callback_fails_does_not_take_the_others_along(
    turn: Turn, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(reply: object) -> None:
        raise ZeroDivisionError(reply)

    with caplog.at_level(logging.CRITICAL, "taskflow"):
        turn.submit(Ask(), fails)
        reply = await turn.ask(Ask("limit:{u}", 60_000_000, 600_000_000))

    assert reply.left == 9


async def test_a_session_that_was_revoked_is_not_brought_back_by_a_late_fill(client: redis.Redis, turn: Turn) -> None:
    remembered = await turn.remember_session("session:{a}:1", 60_000)
    again = await turn.remember_session("session:{a}:1", 60_000)
    await turn.revoke_session("session:{a}:1")
    late = await turn.remember_session("session:{a}:1", 60_000)

    assert (remembered, again, late) == ("alive", "alive", "revoked")
    assert (await turn.ask(Ask(session_key="session:{a}:1"))).session == "revoked"
    assert 60_000 < client.pttl("session:{a}:1") <= 900_000


async def test_a_server_that_was_restarted_between_two_asks_is_not_noticed(running: Store, turn: Turn) -> None:
    await turn.ask(Ask())

    running.kill()
    running.start()

    got = await asyncio.gather(*(turn.ask(Ask("limit:{u}", 60_000_000, 600_000_000)) for _ in range(5)))
    assert {reply.limited for reply in got} == {False}


async def test_a_dead_server_is_said_at_once_and_found_again_by_itself(running: Store, turn: Turn) -> None:
    await turn.ask(Ask())
    running.kill()

    asks = [turn.ask(Ask()) for _ in range(600)]
    outcomes = await asyncio.gather(*asks, turn.raise_number("k", 1, ""), return_exceptions=True)
    with pytest.raises(RedisDown):
        await turn.remember_session("session:{a}:1", 1_000)
    running.start()
    await found(turn)

    assert {type(outcome) for outcome in outcomes} == {RedisDown}


async def test_a_server_that_hangs_is_given_up_and_found_again_by_itself(running: Store, turn: Turn) -> None:
    await turn.ask(Ask())
    await asyncio.sleep(TIMEOUT_S + 0.1)  # until nothing of the first ask is left
    running.send(signal.SIGSTOP)

    with pytest.raises(RedisDown, match="no answer within 2 s"):
        await asyncio.wait_for(turn.ask(Ask()), 30)
    running.send(signal.SIGCONT)

    await found(turn)


async def test_nobody_waits_while_it_is_found_out_whether_redis_is_back(running: Store, turn: Turn) -> None:
    await turn.ask(Ask())
    running.send(signal.SIGSTOP)
    with pytest.raises(RedisDown):
        await turn.ask(Ask())

    line = turn._script._line
    while not line._opening:
        with pytest.raises(RedisDown):
            await turn.ask(Ask())
    looking = line._opening
    for asked in (turn.ask(Ask()), turn.remember_session("session:{a}:1", 1_000), turn.revoke_session("session:{a}:1")):
        with pytest.raises(RedisDown):
            await asked

    assert not looking.done()
    running.send(signal.SIGCONT)
    await found(turn)


async def test_what_redis_refuses_of_a_single_command_is_told_as_redis_down(turn: Turn) -> None:
    with pytest.raises(RedisDown, match="unknown command"):
        await turn.command("NONSENSE")


async def test_what_redis_refuses_is_told_as_redis_down(client: redis.Redis, turn: Turn) -> None:
    await turn.ask(Ask())
    client.config_set("maxmemory", 1)
    client.config_set("maxmemory-policy", "noeviction")

    try:
        with pytest.raises(RedisDown, match="OOM"):
            await turn.ask(Ask("limit:{u}", 1_000, 1_000))
    finally:
        client.config_set("maxmemory", 0)

    assert not (await turn.ask(Ask("limit:{u}", 1_000, 1_000))).limited


async def test_a_server_that_is_no_primary_any_more_is_left_and_looked_for_anew(
    client: redis.Redis, turn: Turn
) -> None:
    await turn.ask(Ask())
    before = client.info("stats")["total_connections_received"]
    client.replicaof("localhost", "1")

    try:
        with pytest.raises(RedisDown, match="READONLY"):
            await turn.ask(Ask("limit:{u}", 1_000, 1_000))
    finally:
        client.replicaof("NO", "ONE")
    await found(turn)

    assert client.info("stats")["total_connections_received"] > before


async def test_nobody_is_left_without_a_word_while_the_server_dies_and_comes_back(running: Store, turn: Turn) -> None:
    chance, told = random.Random(7), {"answered": 0, "down": 0}
    over = asyncio.Event()

    async def asker(name: int) -> None:
        while not over.is_set():
            try:
                await turn.ask(Ask(f"limit:{{{name}}}", 1, 1_000_000, 1, "", f"known:{{{name}}}"))
                await turn.raise_number(f"known:{{{name}}}", name, None)
                told["answered"] += 1
            except RedisDown:
                told["down"] += 1
            await asyncio.sleep(chance.random() / 100)

    askers = [asyncio.create_task(asker(name)) for name in range(30)]
    for _ in range(4):
        running.kill()
        await asyncio.sleep(0.05)
        running.start()
        await found(turn)
        await asyncio.sleep(0.05)
    over.set()
    await asyncio.wait_for(asyncio.gather(*askers), 30)

    assert all(told.values())


async def test_whoever_waits_when_all_is_closed_is_told_so(store: Store, pool: Redis) -> None:
    turn = Turn(pool)
    await turn.ask(Ask())
    waiting = asyncio.create_task(turn.ask(Ask()))
    await asyncio.sleep(0)

    store.send(signal.SIGSTOP)
    await turn.close()
    store.send(signal.SIGCONT)

    with pytest.raises(RedisDown):
        await waiting
    with pytest.raises(RedisDown):
        await turn.ask(Ask())
    await turn.publish("known:{s}", 1)
