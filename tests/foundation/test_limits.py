"""Rates as they are written, what the headers say, and the limit of a process without Redis."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskflow.foundation.limits import LocalLimit, Rate, rate_limit_headers


@pytest.mark.parametrize(
    ("text", "count", "seconds"),
    [("100/15m", 100, 900), ("1000/1h", 1000, 3600), ("5/15m", 5, 900), ("1/1s", 1, 1), ("7/2d", 7, 172_800)],
)
def test_a_rate_is_read_as_it_is_written(text: str, count: int, seconds: int) -> None:
    rate = Rate.parse(text)

    assert rate == Rate(count, seconds)
    assert (rate.every_us * count, rate.burst_us) == (rate.burst_us, count * -(-seconds * 1_000_000 // count))


@pytest.mark.parametrize(
    "text", ["", "100", "100/15", "0/1m", "5/0m", "-5/1m", "5/1w", "5/1m ", "٣/1m", "9/1M", "9000000/1s"]
)
def test_a_rate_written_otherwise_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"\Aa rate [^\n]+\Z"):
        Rate.parse(text)


def test_the_headers_name_the_policy_and_what_is_left_of_it() -> None:
    assert rate_limit_headers("user", Rate(1000, 3600), 998, 12) == [
        (b"ratelimit-policy", b'"user";q=1000;w=3600'),
        (b"ratelimit", b'"user";r=998;t=12'),
    ]


@given(
    rate=st.builds(Rate, st.integers(1, 50), st.integers(1, 5000)),
    processes=st.integers(1, 4),
    steps=st.lists(st.tuples(st.integers(0, 400_000_000), st.integers(0, 3), st.integers(1, 4)), max_size=60),
)
@settings(deadline=None)
def test_so_many_processes_together_let_no_more_through_than_one_would(
    rate: Rate, processes: int, steps: list[tuple[int, int, int]]
) -> None:
    now, admitted = 0, list[tuple[int, int]]()
    limits = [LocalLimit(processes, lambda: now) for _ in range(processes)]

    for passed, which, cost in steps:
        now += passed
        if not limits[which % processes].take("u", rate, cost).limited:
            admitted.append((now, cost))

    burst = max(rate.count, processes)
    for i, (since, _) in enumerate(admitted):
        for j in range(i, len(admitted)):
            taken = sum(cost for _, cost in admitted[i : j + 1])
            assert taken * rate.seconds * 1_000_000 <= (
                burst * rate.seconds * 1_000_000 + rate.count * (admitted[j][0] - since)
            )


def test_who_waits_as_long_as_the_process_said_is_let_through() -> None:
    now = 0
    limit = LocalLimit(1, lambda: now)
    limit.take("u", Rate(10, 70), 8)

    refused = limit.take("u", Rate(10, 70), 5)
    now += (refused.retry_after_s - 1) * 1_000_000
    too_early = limit.take("u", Rate(10, 70), 5)
    now += 1_000_000
    in_time = limit.take("u", Rate(10, 70), 5)

    assert refused == (True, 2, 7, 21)
    assert (too_early.limited, in_time.limited) == (True, False)


def test_a_process_with_its_memory_full_refuses_those_it_has_no_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taskflow.foundation.limits.KEYS", 10)
    now = 1_000_000
    limit = LocalLimit(1, lambda: now)

    limited = [limit.take(str(client), Rate(5, 900)).limited for client in range(20)]
    known_one = limit.take("3", Rate(5, 900))
    now += 900_000_000

    assert limited == [False] * 10 + [True] * 10
    assert (known_one.limited, known_one.left) == (False, 3)
    assert not limit.take("20", Rate(5, 900)).limited
