"""Own writes are seen, and nobody goes back in time, whatever the order of the steps."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator

import pytest
import redis
from redis.asyncio import Redis as Pool

from taskflow.foundation.redis.ask import Ask
from taskflow.foundation.redis.known import after_read, usable
from taskflow.foundation.redis.turn import Turn
from tests.foundation.redis.interleavings import KEY, Broken, Check, Client, Redis, Rules, Steps, World
from tests.foundation.redis.turn_script import SOURCE

# One kind of server is enough: test_turn_script.py has both do the same.
pytestmark = pytest.mark.parametrize("store", ["valkey-server"], indirect=True, scope="session")

NEW, NOTHING, ABANDONED = Redis(0, None), Redis(None, None), Redis(None, "of one who died")
HOLDER = "if lease ~= '' and redis.call('GET', key .. ':lease') == lease then"


def clients(writers: int, readers: int) -> tuple[Client, ...]:
    return (Client("write"),) * writers + (Client("look"),) * readers


def without(rule: str, instead: str) -> Rules:
    """The script with one of its rules replaced."""
    assert SOURCE.count(rule) == 1
    return Rules(source=SOURCE.replace(rule, instead))


@pytest.fixture
def steps(client: redis.Redis) -> Iterator[Steps]:
    made = Steps(client, SOURCE)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("begin", "writers", "readers", "flushes"),
    [
        (NEW, 2, 1, 1),
        *((begin, 1, 2, 1) for begin in (NEW, NOTHING, ABANDONED)),
        *((begin, 1, 1, 2) for begin in (NEW, NOTHING, ABANDONED)),
        pytest.param(NOTHING, 2, 1, 1, marks=pytest.mark.long),
        pytest.param(ABANDONED, 2, 1, 1, marks=pytest.mark.long),
    ],
)
def test_own_writes_are_seen_and_nobody_goes_back_in_time(
    steps: Steps, begin: Redis, writers: int, readers: int, flushes: int
) -> None:
    world = World(begin, clients(writers, readers), flushes=flushes)

    assert Check(steps, Rules()).all_from(world) > 100


@pytest.mark.parametrize("begin", [NEW, NOTHING])
def test_the_same_holds_with_a_replica_that_lags(steps: Steps, begin: Redis) -> None:
    world = World(begin, clients(1, 1), flushes=2)

    assert Check(steps, Rules(), replicas=True).all_from(world) > 1_000


@pytest.mark.long
@pytest.mark.parametrize(
    ("begin", "writers", "readers", "states"),
    [(NEW, 2, 1, 392_646), (NOTHING, 2, 1, 633_988), (NEW, 1, 2, 73_977), (NOTHING, 1, 2, 135_718)],
)
def test_the_same_holds_for_more_clients_with_a_replica_that_lags(
    steps: Steps, begin: Redis, writers: int, readers: int, states: int
) -> None:
    world = World(begin, clients(writers, readers))

    # All of them: fewer would mean that some interleaving is tried no more.
    assert Check(steps, Rules(), replicas=True).all_from(world) == states


def test_clients_that_send_their_number_are_safe_from_a_failover_that_lost_the_last_one(steps: Steps) -> None:
    world = World(NEW, clients(2, 1), flushes=0, failovers=1)

    assert Check(steps, Rules(), token=True).all_from(world) > 100
    with pytest.raises(Broken):
        Check(steps, Rules()).all_from(world)


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(Rules(publishes=False), id="the publish after the commit is left out"),
        pytest.param(Rules(after_read=lambda *_: None), id="what was read is not made known"),
        pytest.param(Rules(may_answer=lambda *_: True), id="a replica is not checked"),
        pytest.param(Rules(asks_first=False), id="the primary is not asked for a missing number"),
        pytest.param(Rules(lease_names=lambda _: "same"), id="one lease is given to all"),
        pytest.param(without(HOLDER, "if true then"), id="whoever comes sets a missing number"),
        pytest.param(without(HOLDER, HOLDER.replace("lease ~= '' and", "lease == '' or")), id="a writer sets it"),
        pytest.param(without("    redis.call('DEL', key .. ':lease')\n", ""), id="a lease is not taken away"),
        pytest.param(without("if known < tonumber(number) then", "do"), id="a known number may fall"),
    ],
)
def test_the_check_fails_where_one_rule_is_broken(client: redis.Redis, rules: Rules) -> None:
    steps = Steps(client, rules.source)
    world = World(NEW, clients(2, 1))

    with pytest.raises(Broken):
        Check(steps, rules, replicas=True).all_from(world)
    steps.close()


class Space:
    """A primary that commits at once, and a shelf."""

    def __init__(self) -> None:
        self.number = 0
        self.shelf = set[int]()


async def read(turn: Turn, space: Space, chance: random.Random) -> int:
    """Read as the shelf does, with a pause of any length between two steps."""
    reply = await turn.ask(Ask(number_key=KEY))
    await pause(chance)
    known = reply.number if usable(reply.number, 0) else None
    number = space.number if known is None else known
    await pause(chance)
    got = number if number in space.shelf and chance.random() < 0.5 else space.number
    await pause(chance)
    if number_raised := after_read(KEY, known, got, reply.lease):
        await turn.raise_number(number_raised.key, number_raised.number, number_raised.lease)
    space.shelf.add(got)
    return got


async def pause(chance: random.Random) -> None:
    for _ in range(chance.choice((0, 0, 1, 3, 20))):
        await asyncio.sleep(0)


async def live(turn: Turn, space: Space, chance: random.Random, *, writes: bool) -> None:
    """Write and read, and check what is seen."""
    newest = 0
    for _ in range(30):
        if writes and chance.random() < 0.5:
            space.number = own = space.number + 1
            await pause(chance)
            if chance.random() < 0.2:
                continue  # it died before it published, and had no answer
            await turn.publish(KEY, own)
            newest = max(newest, own)
        got = await read(turn, space, chance)
        assert got >= newest
        newest = got


@pytest.fixture
async def other(pool: Pool) -> AsyncIterator[Turn]:
    """The turn of another process."""
    made = Turn(pool)
    yield made
    await made.close()


@pytest.mark.parametrize("seed", range(5))
async def test_many_clients_of_two_processes_see_their_own_writes_while_redis_forgets(
    client: redis.Redis, turn: Turn, other: Turn, seed: int
) -> None:
    chance, space = random.Random(seed), Space()

    async def forget() -> None:
        while True:
            await asyncio.sleep(chance.random() / 200)
            client.delete(*chance.choice(([KEY], [KEY, f"{KEY}:lease"])))

    forgetting = asyncio.create_task(forget())
    await asyncio.gather(*(live(chance.choice((turn, other)), space, chance, writes=n < 10) for n in range(20)))
    forgetting.cancel()

    assert space.number > 50
