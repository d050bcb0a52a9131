"""Whatever is killed: what was answered is there, what was not may be asked for again, and the server mends itself."""

import http.client
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.writing import TASKS, Writers
from tests.served import LONG_S, Served, kill, serving

pytestmark = pytest.mark.slow

rounds = pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.long)])


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """A server of two workers."""
    with serving(workers=2) as made:
        yield made


@pytest.fixture
def writers(server: Served) -> Writers:
    """Somebody new, who will make tasks."""
    server.ready()
    return Writers(server, server.register()["access_token"])


@rounds
def test_a_power_cut_loses_nothing_that_was_answered(server: Served, writers: Writers, rounds: int) -> None:
    for _ in range(rounds):
        with writers:
            server.kill()
        server.start()
        writers.assert_nothing_lost_or_doubled()


def end(writers: Writers) -> None:
    """The server answers again by itself, no request met a fault of ours, and nothing is lost."""
    statuses = {answer.status for answer in writers.failed.values() if answer}
    assert statuses <= {503}, [answer for answer in writers.failed.values() if answer and answer.status != 503]
    assert all("retry-after" in answer.headers for answer in writers.failed.values() if answer)
    writers.assert_nothing_lost_or_doubled()


@rounds
@pytest.mark.parametrize("victim", ["postgres -D", "postgres: walwriter", "postgres: taskflow_server taskflow"])
def test_a_database_that_is_killed_is_started_again(server: Served, writers: Writers, victim: str, rounds: int) -> None:
    for _ in range(rounds):
        with writers:
            kill(server.processes(victim)[:1])
            writers.wait_for(20)
        end(writers)


@rounds
def test_a_redis_that_is_killed_costs_no_request(server: Served, writers: Writers, rounds: int) -> None:
    for _ in range(rounds):
        with writers:
            kill(server.processes("valkey-server"))
            writers.wait_for(20)
        assert writers.failed == {}
        writers.assert_nothing_lost_or_doubled()


@rounds
def test_a_worker_that_is_killed_is_replaced(server: Served, writers: Writers, rounds: int) -> None:
    for _ in range(rounds):
        before = server.workers()
        with writers:
            kill(before[:1])
            writers.wait_for(20)
        end(writers)
        until = time.monotonic() + LONG_S
        while len(server.workers()) < 2:
            assert time.monotonic() < until
        assert before[0] not in server.workers()


def sockets(pid: int) -> int:
    """How many sockets a process has open."""
    links = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(str(link.readlink()))
        except OSError:
            continue
    return sum(link.startswith("socket:") for link in links)


def connected_to_each(server: Served, token: str) -> list[http.client.HTTPConnection]:
    """Connections that stay open, at least one of them to each worker, all let in with the token."""
    before = {pid: sockets(pid) for pid in server.workers()}
    lines: list[http.client.HTTPConnection] = []
    while any(sockets(pid) <= count for pid, count in before.items()):
        assert len(lines) < 500
        lines.append(http.client.HTTPConnection("localhost", server.port, timeout=LONG_S))
        assert status(lines[-1], token) == 200
    return lines


def status(line: http.client.HTTPConnection, token: str) -> int:
    line.request("GET", TASKS, headers={"authorization": f"Bearer {token}"})
    answer = line.getresponse()
    answer.read()
    return answer.status


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to see which worker has a connection")
def test_who_signs_out_at_one_worker_is_out_at_the_other_at_once(server: Served) -> None:
    server.ready()
    token = server.register()["access_token"]
    lines = connected_to_each(server, token)

    lines[0].request("POST", "/api/v1/auth/logout", headers={"authorization": f"Bearer {token}"})
    ended = lines[0].getresponse()
    ended.read()

    assert ended.status == 204
    assert {status(line, token) for line in lines} == {401}
    for line in lines:
        line.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_clean_stop_leaves_no_process_and_keeps_the_data(
    server: Served, writers: Writers, how: signal.Signals
) -> None:
    writers.create("Pay rent")

    ended = server.stop(how)

    assert (ended, server.processes()) == (0, [])
    server.start()
    assert writers.titles() == ["Pay rent"]
