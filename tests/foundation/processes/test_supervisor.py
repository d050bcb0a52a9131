"""The parent: its workers live as long as it does, and it says in one line why it does not start."""

import os
import re
import signal
import socket
import time

import pytest

from taskflow.foundation.embedded.data_folder import Unusable
from taskflow.foundation.serving.listening import listen
from tests.foundation.processes.conftest import Start, own_name
from tests.foundation.processes.running import eventually, get


@pytest.fixture
def user() -> str:
    """Who is the parent makes no difference here."""
    return own_name()


def test_a_worker_that_dies_is_replaced(start: Start) -> None:
    server = start("--bare", "--worker", "sleep", "--workers", "2")
    server.ready()
    dead, other = server.workers()

    os.kill(dead, signal.SIGKILL)

    eventually(lambda: dead not in server.workers() and len(server.workers()) == 2)
    assert other in server.workers()
    status, complaint = server.end()
    assert status == 0
    assert re.fullmatch(
        rf"taskflow: worker \d, process {dead}, ended \(SIGKILL\): another takes its place\.\n", complaint
    )


def test_a_worker_that_never_starts_ends_it_all(start: Start) -> None:
    server = start("--worker", "die")

    status, complaint = server.ended()

    assert status == 1
    assert complaint.splitlines()[-1] == "taskflow: worker 0 could not start, 5 times in a row (status 3)."
    assert server.processes() == []


def test_a_worker_that_says_why_it_cannot_start_is_started_once(start: Start) -> None:
    server = start("--worker", "refuse")

    assert server.ended() == (1, "taskflow: the database is behind: run `taskflow migrate`.\n")

    assert server.processes() == []


def test_an_application_that_says_why_it_cannot_start_is_heard(start: Start) -> None:
    server = start("--bare", "--worker", "serve-refusing")

    assert server.ended() == (1, "taskflow: the key file cannot be read.\n")


def test_workers_end_when_their_parent_was_killed(start: Start) -> None:
    server = start("--bare", "--worker", "sleep", "--workers", "2")
    server.ready()
    assert len(server.workers()) == 2

    os.kill(server.process.pid, signal.SIGKILL)

    eventually(lambda: server.workers() == [])


def test_a_next_one_takes_the_port_when_the_parent_was_killed(start: Start) -> None:
    first = start("--bare", "--worker", "serve", "--workers", "2")
    port = first.ready()
    with socket.create_connection(("127.0.0.1", port)):
        os.kill(first.process.pid, signal.SIGKILL)

        second = start("--bare", "--worker", "serve", "--port", str(port))

        assert second.ready() == port
        assert get(port, "/readyz")[0] == 200


def test_ctrl_c_at_a_terminal_reaches_all_and_harms_none(start: Start) -> None:
    server = start("--worker", "serve", "--workers", "2")
    port = server.ready()
    for worker in server.workers():
        os.kill(worker, signal.SIGINT)
    assert get(port, "/readyz")[0] == 200

    os.killpg(server.process.pid, signal.SIGINT)

    assert server.ended() == (0, "closed\nclosed\n")
    assert server.processes() == []


def test_a_second_ctrl_c_ends_a_worker_that_hangs(start: Start) -> None:
    server = start("--bare", "--worker", "sleep-deaf")
    server.ready()

    server.process.send_signal(signal.SIGINT)
    time.sleep(1)  # two at once are one: a program in between may pass it on as well
    server.process.send_signal(signal.SIGINT)

    assert server.ended() == (1, "")
    assert server.processes() == []


def test_the_end_of_its_terminal_is_its_end(start: Start) -> None:
    server = start("--worker", "serve")
    server.ready()

    assert server.end(signal.SIGHUP) == (0, "closed\n")

    assert server.processes() == []


def test_a_port_in_use_is_told_in_one_line_before_anything_is_started(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = start("--port", str(port))

        assert server.ended() == (
            1,
            f"cannot listen on 127.0.0.1 port {port}: the port is in use; TASKFLOW_PORT names another.\n",
        )
    assert not (server.folder / "postgres").exists()


def test_localhost_is_both_of_its_addresses(start: Start) -> None:
    port = start("--bare", "--worker", "serve").ready()

    for address in ("127.0.0.1", "::1") if has_ipv6() else ("127.0.0.1",):
        with socket.create_connection((address, port)) as line:
            line.sendall(b"GET /readyz HTTP/1.1\r\n\r\n")
            assert line.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("address", ["taskflow.invalid", "192.0.2.1"])
def test_an_address_that_is_none_of_this_machine_is_told_in_one_line(address: str) -> None:
    with pytest.raises(Unusable, match=rf"^cannot listen on {re.escape(address)}.*such address\.$"):
        listen(address, 0)


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True
