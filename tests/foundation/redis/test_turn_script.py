"""One script call, whole: limits, sessions, numbers and leases."""

from collections.abc import Iterator

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskflow.foundation.limits import Rate
from taskflow.foundation.redis.ask import Ask, Reply
from taskflow.foundation.redis.known import Raise
from tests.foundation.redis.store import Store
from tests.foundation.redis.turn_script import TurnScript

START = 1_790_000_000_000_000
same_server = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# A key lives in real time as long as its bucket is not full: wide rates, so that none ends while a test runs.
RATES = [Rate(1, 60), Rate(3, 1000), Rate(100, 900), Rate(1000, 3600), Rate(7, 86_400)]
step = st.tuples(
    st.one_of(st.just(0), st.integers(0, 100_000_000), st.integers(0, 86_400_000_000)),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 6)), min_size=1, max_size=6),
)


@pytest.fixture
def script(client: redis.Redis) -> Iterator[TurnScript]:
    made = TurnScript(client)
    yield made
    made.close()


class Buckets:
    """GCRA as its papers have it, in whole microseconds."""

    def __init__(self, rate: Rate) -> None:
        self.rate, self.tat = rate, dict[str, int]()

    def ask(self, key: str, cost: int, now: int) -> tuple[bool, int, int, int]:
        tat, every, burst = max(self.tat.get(key, now), now), self.rate.every_us, self.rate.burst_us
        wait = tat + cost * every - burst - now
        if wait <= 0:
            self.tat[key] = tat = tat + cost * every
        room = burst - (tat - now)
        missing = -room % every
        if tat > now and missing == 0:
            missing = every
        return wait > 0, room // every, -(-missing // 1_000_000), max(0, -(-wait // 1_000_000))


def asked(rate: Rate, key: str, cost: int = 1) -> Ask:
    return Ask(f"limit:{{{key}}}", rate.every_us, rate.burst_us, cost)


@same_server
@given(rate=st.sampled_from(RATES), steps=st.lists(step, max_size=20))
def test_a_limit_counts_exactly_as_its_algorithm_does(
    client: redis.Redis, script: TurnScript, rate: Rate, steps: list[tuple[int, list[tuple[str, int]]]]
) -> None:
    client.flushdb()
    buckets, now = Buckets(rate), START

    for passed, asks in steps:
        now += passed
        got = script.call([asked(rate, key, cost) for key, cost in asks], now=now)

        counted = [(reply.limited, reply.left, reply.reset_s, reply.retry_after_s) for reply in got]
        assert counted == [buckets.ask(key, cost, now) for key, cost in asks]


@same_server
@given(rate=st.sampled_from(RATES), steps=st.lists(step, max_size=20))
def test_no_schedule_gets_more_than_the_burst_and_what_the_time_gives(
    client: redis.Redis, script: TurnScript, rate: Rate, steps: list[tuple[int, list[tuple[str, int]]]]
) -> None:
    client.flushdb()
    now, admitted = START, list[tuple[int, int]]()

    for passed, asks in steps:
        now += passed
        got = script.call([asked(rate, "one", cost) for _, cost in asks], now=now)
        admitted += [(now, cost) for (_, cost), reply in zip(asks, got, strict=True) if not reply.limited]

    for i, (since, _) in enumerate(admitted):
        for j in range(i, len(admitted)):
            taken = sum(cost for _, cost in admitted[i : j + 1])
            assert taken * rate.seconds * 1_000_000 <= rate.count * (rate.seconds * 1_000_000 + admitted[j][0] - since)


def test_who_waits_as_long_as_it_was_told_is_let_through(client: redis.Redis, script: TurnScript) -> None:
    rate = Rate(10, 70)
    script.call([asked(rate, "u", 8)], now=START)

    refused = script.call([asked(rate, "u", 5)], now=START)[0]
    too_early = script.call([asked(rate, "u", 5)], now=START + (refused.retry_after_s - 1) * 1_000_000)[0]
    in_time = script.call([asked(rate, "u", 5)], now=START + refused.retry_after_s * 1_000_000)[0]

    assert (refused.limited, refused.left, refused.retry_after_s) == (True, 2, 21)
    assert (too_early.limited, in_time.limited) == (True, False)
    assert client.keys() == ["limit:{u}"]


def test_two_requests_of_one_user_in_a_batch_are_both_counted(script: TurnScript) -> None:
    rate = Rate(2, 60)

    got = script.call([asked(rate, "u"), asked(rate, "v"), asked(rate, "u"), asked(rate, "u")], now=START)

    assert [reply.limited for reply in got] == [False, False, False, True]
    assert [reply.left for reply in got] == [1, 1, 0, 0]


def test_each_ask_of_a_batch_brings_its_own_rate(script: TurnScript) -> None:
    got = script.call([asked(Rate(5, 900), "a"), asked(Rate(1000, 3600), "b", 4), Ask()], now=START)

    assert [(reply.limited, reply.left) for reply in got] == [(False, 4), (False, 996), (False, 0)]


def test_the_servers_own_clock_lets_one_through_again_after_its_interval(script: TurnScript) -> None:
    ask = Ask("limit:{u}", 1000, 1000)
    script.call([ask])

    while script.call([ask])[0].limited:
        pass


def test_a_session_is_alive_missing_or_revoked(client: redis.Redis, script: TurnScript) -> None:
    client.set("session:{a}:1", "1")
    client.set("session:{a}:2", "revoked")

    got = script.call([Ask(session_key=f"session:{{a}}:{n}") for n in (1, 2, 3)] + [Ask()])

    assert [reply.session for reply in got] == ["alive", "revoked", "missing", "alive"]


@pytest.mark.parametrize("session", ["missing", "revoked"])
def test_an_ask_whose_session_is_not_alive_counts_nowhere_and_is_told_nothing(
    client: redis.Redis, script: TurnScript, session: str
) -> None:
    client.mset({"session:{u}:alive": "1", "session:{u}:revoked": "revoked", "known:{s}": 7})
    there = [f"session:{{u}}:{name}" for name in ("alive", session, session, "alive")]

    got = script.call([Ask("limit:{u}", 1_000_000, 2_000_000, 1, key, "known:{s}") for key in there], now=START)
    script.call([Ask(session_key=there[1], number_key="known:{t}")])

    assert [reply.session for reply in got] == ["alive", session, session, "alive"]
    assert [(reply.limited, reply.left) for reply in got] == [(False, 1), (False, 0), (False, 0), (False, 0)]
    assert [reply.number for reply in got] == [7, None, None, 7]
    assert client.exists("known:{t}:lease") == 0


def test_a_request_without_keys_writes_nothing(client: redis.Redis, script: TurnScript) -> None:
    reply = script.call([Ask()])[0]

    assert reply == Reply(limited=False, left=0, reset_s=0, retry_after_s=0, session="alive", number=None, lease="")
    assert client.dbsize() == 0


@pytest.mark.parametrize("number", [0, 1, 2**40, 2**53 - 1])
def test_a_number_comes_back_to_the_last_digit(client: redis.Redis, script: TurnScript, number: int) -> None:
    client.set("known:{s}", 0)
    script.call(raises=[Raise("known:{s}", number)])

    assert client.get("known:{s}") == str(number)
    assert script.call([Ask(number_key="known:{s}")])[0].number == number


def test_reading_a_number_does_not_prolong_it_and_raising_it_does(client: redis.Redis, script: TurnScript) -> None:
    client.set("known:{s}", 5, px=9_000)

    script.call([Ask(number_key="known:{s}")], [Raise("known:{s}", 5), Raise("known:{s}", 4)])
    after_reading = client.pttl("known:{s}")
    script.call(raises=[Raise("known:{s}", 6)])

    assert after_reading <= 9_000
    assert 9_000 < client.pttl("known:{s}") <= 30_000


def test_a_missing_number_has_one_reader_who_may_set_it_for_5_seconds(client: redis.Redis, script: TurnScript) -> None:
    ask = Ask(number_key="known:{s}")

    first, second = script.call([ask, ask], lease="first")
    third = script.call([ask], lease="third")[0]

    assert (first.lease, second.lease, third.lease) == ("first", "", "")
    assert 0 < client.pttl("known:{s}:lease") <= 5_000


def test_a_raise_wakes_the_channel_that_it_names(store: Store, script: TurnScript) -> None:
    with store.listening("space:{s}") as next_one:
        script.call(raises=[Raise("known:{s}", 7, "", "space:{s}"), Raise("known:{t}", 8)])

        assert next_one() == "7"


class Known:
    """The rules of a number and its lease."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.lease: str | None = None

    def ask(self, lease: str) -> tuple[int | None, str]:
        if self.number is None and self.lease is None:
            self.lease = lease
            return None, lease
        return self.number, ""

    def raised(self, number: int, lease: str) -> None:
        if self.number is not None:
            self.number = max(self.number, number)
        else:
            if lease and self.lease == lease:
                self.number = number
            self.lease = None


action = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from("xyz"), st.just(0)),
    st.tuples(st.just("raise"), st.sampled_from(["", "x", "y", "z"]), st.integers(0, 9)),
    st.tuples(st.just("expire"), st.sampled_from(["", ":lease"]), st.just(0)),
)


@same_server
@given(actions=st.lists(st.tuples(st.sampled_from("st"), action), max_size=30))
def test_numbers_grow_and_are_set_by_the_holder_of_the_lease_alone(
    client: redis.Redis, script: TurnScript, actions: list[tuple[str, tuple[str, str, int]]]
) -> None:
    client.flushdb()
    spaces = {"s": Known(), "t": Known()}

    for space, (what, name, number) in actions:
        known, key = spaces[space], f"known:{{{space}}}"
        if what == "ask":
            reply = script.call([Ask(number_key=key)], lease=name)[0]
            assert (reply.number, reply.lease) == known.ask(name)
        elif what == "raise":
            script.call(raises=[Raise(key, number, name)])
            known.raised(number, name)
        else:
            client.delete(key + name)
            known.number, known.lease = (known.number, None) if name else (None, known.lease)

        assert client.mget(key, f"{key}:lease") == [None if known.number is None else str(known.number), known.lease]


@same_server
@given(
    raises=st.lists(st.tuples(st.sampled_from("st"), st.integers(0, 9)), max_size=5),
    asks=st.lists(st.sampled_from("stuv"), max_size=8),
)
def test_a_mixed_call_raises_first_and_answers_each_in_its_place(
    client: redis.Redis, script: TurnScript, raises: list[tuple[str, int]], asks: list[str]
) -> None:
    client.flushdb()
    client.mset({"known:{s}": 3, "known:{t}": 4, "known:{u}": 5})
    client.mset({"session:{s}": "1", "session:{t}": "revoked", "session:{v}": "1"})

    got = script.call(
        [Ask(f"limit:{{{name}}}", 1, 1_000_000, 1, f"session:{{{name}}}", f"known:{{{name}}}") for name in asks],
        [Raise(f"known:{{{space}}}", number) for space, number in raises],
        now=START,
    )

    known = {"s": 3, "t": 4, "u": 5}
    for space, number in raises:
        known[space] = max(known[space], number)
    sessions = {"s": "alive", "t": "revoked", "u": "missing", "v": "alive"}
    assert [reply.number for reply in got] == [known.get(name) if name in "sv" else None for name in asks]
    assert [reply.session for reply in got] == [sessions[name] for name in asks]
    assert [bool(reply.lease) for reply in got] == [name == "v" and "v" not in asks[:n] for n, name in enumerate(asks)]
