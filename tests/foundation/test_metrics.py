import os
from collections.abc import Callable

import pytest

from taskflow.foundation.telemetry.cells import DeclaredTooLate
from taskflow.foundation.telemetry.metrics import Metrics


def test_a_histogram_counts_each_value_up_to_the_first_bound_that_holds_it() -> None:
    metrics = Metrics()
    seconds = metrics.histogram("t_seconds", "Seconds.", ("route",), buckets=(0.5, 1.0))

    for value in (0.25, 0.5, 0.75, 3.0):
        seconds.child(route="/a").observe(value)

    assert text(metrics) == [
        "# HELP t_seconds Seconds.",
        "# TYPE t_seconds histogram",
        't_seconds_bucket{route="/a",le="0.5"} 2',
        't_seconds_bucket{route="/a",le="1"} 3',
        't_seconds_bucket{route="/a",le="+Inf"} 4',
        't_seconds_sum{route="/a"} 4.5',
        't_seconds_count{route="/a"} 4',
    ]


def test_a_counter_is_shown_at_0_before_its_first_count_and_an_empty_histogram_is_not() -> None:
    metrics = Metrics()
    metrics.counter("t_total", "Count.", ("code",)).child(code="gone")
    metrics.histogram("t_seconds", "Seconds.").child()

    lines = text(metrics)

    assert 't_total{code="gone"} 0' in lines
    assert not [line for line in lines if line.startswith("t_seconds")]


def test_quotes_backslashes_and_new_lines_in_labels_and_help_keep_to_their_line() -> None:
    metrics = Metrics()
    metrics.counter("t_total", "One\nand \\two.", ("code",)).child(code='a"b\\c\nd').add()

    assert text(metrics) == [
        "# HELP t_total One\\nand \\\\two.",
        "# TYPE t_total counter",
        't_total{code="a\\"b\\\\c\\nd"} 1',
    ]


def test_a_gauge_is_read_at_the_scrape() -> None:
    metrics = Metrics()
    values = iter((1.5, 2.0))
    metrics.gauge("t_now", "Now.", lambda: next(values), {"version": "1"})

    assert text(metrics)[-1] == 't_now{version="1"} 1.5'
    assert text(metrics)[-1] == 't_now{version="1"} 2'


def test_the_scrape_sums_the_workers_and_the_parent_from_before_and_after_the_fork() -> None:
    metrics = Metrics()
    count = metrics.counter("t_total", "Count.").child()
    seconds = metrics.histogram("t_seconds", "Seconds.", buckets=(1.0,)).child()
    count.add(1)
    metrics.start(2)
    count.add(10)

    in_worker(metrics, 0, lambda: count.add(100))
    in_worker(metrics, 1, lambda: count.add(1000), lambda: seconds.observe(0.5))

    lines = text(metrics)
    assert "t_total 1111" in lines
    assert "t_seconds_sum 0.5" in lines
    assert "t_seconds_count 1" in lines


def test_a_worker_that_replaces_another_goes_on_with_its_counts_but_not_with_what_it_had_open() -> None:
    metrics = Metrics()
    count = metrics.counter("t_total", "Count.").child()
    opened = metrics.level("t_open", "Open.").child()
    metrics.start(1)
    in_worker(metrics, 0, lambda: count.add(5), lambda: opened.add(3))
    assert text(metrics)[2::3] == ["t_total 5", "t_open 3"]

    in_worker(metrics, 0, lambda: count.add(2), lambda: opened.add(1))

    assert text(metrics)[2::3] == ["t_total 7", "t_open 1"]


def test_workers_that_write_at_the_same_time_lose_no_count() -> None:
    metrics = Metrics()
    seconds = metrics.histogram("t_seconds", "Seconds.").child()
    metrics.start(4)

    workers = [fork(metrics, at, *[lambda: seconds.observe(0.001)] * 20_000) for at in range(4)]
    for worker in workers:
        ended(worker)

    assert "t_seconds_count 80000" in text(metrics)


def test_the_workers_alive_are_those_that_entered_and_did_not_leave() -> None:
    metrics = Metrics()
    assert metrics.rows.alive() == 1
    metrics.start(2)
    assert metrics.rows.alive() == 0

    in_worker(metrics, 0)
    in_worker(metrics, 1)
    assert metrics.rows.alive() == 2
    metrics.leave(0)

    assert metrics.rows.alive() == 1


def test_a_label_set_declared_after_the_start_is_refused_and_one_declared_before_is_found_again() -> None:
    metrics = Metrics()
    family = metrics.counter("t_total", "Count.", ("code",))
    known = family.child(code="known")
    metrics.start(1)

    assert family.child(code="known") is known
    with pytest.raises(DeclaredTooLate, match="before start"):
        family.child(code="new")


def test_a_worker_without_a_row_is_refused() -> None:
    metrics = Metrics()
    with pytest.raises(ValueError, match="no row for worker 0"):
        metrics.enter(0)
    metrics.start(2)

    for index in (-1, 2):
        with pytest.raises(ValueError, match="no row for worker"):
            metrics.enter(index)


def test_other_labels_a_name_twice_and_buckets_out_of_order_are_refused() -> None:
    metrics = Metrics()
    family = metrics.counter("t_total", "Count.", ("code",))

    with pytest.raises(ValueError, match=r"has the labels \(code\), not \(kind\)"):
        family.child(kind="x")
    with pytest.raises(ValueError, match="taken: t_total"):
        metrics.counter("t_total", "Count.")
    with pytest.raises(ValueError, match="not a name"):
        metrics.counter("t-total", "Count.")
    with pytest.raises(ValueError, match="do not ascend"):
        metrics.histogram("t_seconds", "Seconds.", buckets=(1.0, 0.5))


def text(metrics: Metrics) -> list[str]:
    return metrics.render().decode().splitlines()


def in_worker(metrics: Metrics, at: int, *work: Callable[[], None]) -> None:
    ended(fork(metrics, at, *work))


def fork(metrics: Metrics, at: int, *work: Callable[[], None]) -> int:
    worker = os.fork()
    if worker:
        return worker
    status = 1
    try:
        metrics.enter(at)
        for step in work:
            step()
        status = 0
    finally:
        os._exit(status)


def ended(worker: int) -> None:
    assert os.waitpid(worker, 0)[1] == 0
