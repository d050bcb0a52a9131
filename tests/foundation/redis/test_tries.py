"""Five tries in any fifteen minutes, exactly: by address, and by account and network."""

import asyncio
from collections.abc import AsyncIterator
from importlib.resources import files

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from taskflow.foundation.limits import Rate
from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.redis.tries import Claim, LocalTries, Tries, keys_of
from tests.foundation.redis.store import Store

AUTH = Rate.parse("5/15m")
SOURCE = files("taskflow.foundation.redis").joinpath("tries.lua").read_text(encoding="utf-8")
START = 1_790_000_000_000_000
same_server = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Passes by nothing, a moment, the window to the microsecond, or about as much.
passing = st.one_of(
    st.just(0), st.just(900_000_000), st.integers(0, 400_000_000), st.integers(899_999_990, 900_000_010)
)
schedule = st.lists(
    st.tuples(passing, st.sampled_from("ab"), st.sampled_from(["", "mary", "john"]), st.booleans()), max_size=30
)


@pytest.fixture
async def tries(client: redis.Redis, pool: Redis) -> AsyncIterator[Tries]:
    assert client.dbsize() == 0
    made = Tries(pool)
    yield made
    await made.close()


class Log:
    """Every try that counts, in the plainest form."""

    def __init__(self, rate: Rate) -> None:
        self.window, self.rate, self.tries = rate.seconds * 1_000_000, rate, dict[str, list[int]]()

    def claim(self, keys: tuple[str, ...], now: int) -> tuple[bool, int, int]:
        counting = [[at for at in self.tries.setdefault(key, []) if now - at < self.window] for key in keys]
        full = [log[-self.rate.count] + self.window - now for log in counting if len(log) >= self.rate.count]
        if full:
            return False, 0, -(-max(full) // 1_000_000)
        for key in keys:
            self.tries[key].append(now)
        return True, self.rate.count - 1 - max(len(log) for log in counting), 0

    def forgive(self, keys: tuple[str, ...], at: int) -> None:
        for key in keys:
            self.tries[key].remove(at)

    def most_in_a_window(self) -> int:
        logs = [sorted(log) for log in self.tries.values()]
        return max((sum(0 <= at - since < self.window for at in log) for log in logs for since in log), default=0)


@same_server
@given(steps=schedule)
def test_the_log_in_redis_counts_exactly(client: redis.Redis, steps: list[tuple[int, str, str, bool]]) -> None:
    client.flushdb()
    log, now, script = Log(AUTH), START, client.register_script(SOURCE)

    for n, (passed, address, account, knew_it) in enumerate(steps):
        now += passed
        keys = keys_of(address, account, "net")
        allowed, left, wait = script(keys=keys, args=[AUTH.count, log.window, f"try {n}", now])
        assert (bool(allowed), left, wait) == log.claim(keys, now)
        if allowed and knew_it:
            log.forgive(keys, now)
            for key in keys:
                client.zrem(key, f"try {n}")

    assert log.most_in_a_window() <= AUTH.count


@same_server
@given(steps=schedule)
def test_the_log_of_a_process_counts_exactly(steps: list[tuple[int, str, str, bool]]) -> None:
    now = START
    log, local = Log(AUTH), LocalTries(1, lambda: now)

    for passed, address, account, knew_it in steps:
        now += passed
        keys = keys_of(address, account, "net")
        claim = local.claim(address, account, "net", AUTH)
        assert (claim.allowed, claim.left, claim.retry_after_s) == log.claim(keys, now)
        if claim.allowed and knew_it:
            log.forgive(keys, now)
            local.forgive(claim)

    assert log.most_in_a_window() <= AUTH.count


async def test_of_many_parallel_guesses_five_are_allowed(tries: Tries) -> None:
    claims = await asyncio.gather(*(tries.claim("203.0.113.9", "mary", "203.0.113.0/24", AUTH) for _ in range(50)))

    assert sum(claim.allowed for claim in claims) == 5
    assert sorted(claim.left for claim in claims if claim.allowed) == [0, 1, 2, 3, 4]
    assert all(0 < claim.retry_after_s <= 900 for claim in claims if not claim.allowed)


async def test_who_knew_the_password_is_not_counted(tries: Tries) -> None:
    for _ in range(20):
        claim = await tries.claim("203.0.113.9", "mary", "203.0.113.0/24", AUTH)
        assert claim.allowed
        await tries.forgive(claim)


async def test_a_refused_try_is_counted_in_neither_log(tries: Tries) -> None:
    for _ in range(5):
        await tries.claim("203.0.113.9", "mary", "203.0.113.0/24", AUTH)

    refused = await tries.claim("203.0.113.9", "john", "203.0.113.0/24", AUTH)
    of_john = await tries.claim("203.0.113.8", "john", "203.0.113.0/24", AUTH)

    assert (refused.allowed, of_john.left) == (False, 4)


async def test_a_victim_is_not_locked_out_by_who_guesses_from_elsewhere(tries: Tries) -> None:
    for n in range(9):
        await tries.claim(f"203.0.113.{n}", "mary", "203.0.113.0/24", AUTH)

    assert (await tries.claim("198.51.100.7", "mary", "198.51.100.0/24", AUTH)).allowed


def test_a_rate_that_was_lowered_is_waited_for_until_it_holds(client: redis.Redis) -> None:
    script, name = client.register_script(SOURCE), iter("abcdefgh")
    for second in range(5):
        script(keys=["log"], args=[5, 900_000_000, next(name), START + second * 1_000_000])

    allowed, _, wait = script(keys=["log"], args=[3, 900_000_000, next(name), START + 10_000_000])
    then, _, _ = script(keys=["log"], args=[3, 900_000_000, next(name), START + 10_000_000 + wait * 1_000_000])

    assert (allowed, wait, then) == (0, 892, 1)


async def test_a_registration_counts_by_address_alone(tries: Tries, client: redis.Redis) -> None:
    await tries.claim("203.0.113.9", "", "203.0.113.0/24", AUTH)

    assert client.keys() == ["tries:{203.0.113.9}"]
    assert 0 < client.pttl("tries:{203.0.113.9}") <= 900_000


async def test_without_redis_no_try_is_allowed_and_forgiving_waits_for_none(store: Store, tries: Tries) -> None:
    claim = await tries.claim("203.0.113.9", "mary", "203.0.113.0/24", AUTH)
    store.kill()

    try:
        with pytest.raises(RedisDown):
            await tries.claim("203.0.113.9", "mary", "203.0.113.0/24", AUTH)
        await tries.forgive(claim)
    finally:
        store.start()


def test_so_many_processes_together_allow_no_more_than_one_would() -> None:
    claims = [LocalTries(3, lambda: START) for _ in range(3)]

    allowed = sum(local.claim("a", "mary", "net", AUTH).allowed for local in claims for _ in range(9))

    assert allowed <= AUTH.count


def test_a_process_with_its_memory_full_refuses_those_it_has_no_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taskflow.foundation.redis.tries.KEYS", 10)
    now = START
    local = LocalTries(1, lambda: now)

    def claim(address: int) -> Claim:
        return local.claim(str(address), "", "", AUTH)

    allowed = [claim(address).allowed for address in range(20)]
    now += 900_000_000

    assert allowed == [True] * 10 + [False] * 10
    assert claim(20).allowed
