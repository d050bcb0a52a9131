"""The end of a worker that serves: what was begun is answered, what is idle is closed, what hangs is broken off."""

import http.client
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Event, Request, TextMessage

from tests.foundation.processes.conftest import Start, own_name
from tests.foundation.processes.running import connection, eventually, get

pytestmark = pytest.mark.slow

CROWD = 16
HEAD = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n"


@pytest.fixture
def user() -> str:
    """Who serves makes no difference here."""
    return own_name()


def test_it_is_not_ready_from_the_moment_of_the_signal_but_still_answers(start: Start) -> None:
    server = start("--bare", "--worker", "serve")
    port = server.ready()
    assert get(port, "/readyz")[0] == 200

    server.process.send_signal(signal.SIGTERM)

    eventually(lambda: get(port, "/readyz")[0] == 503)
    assert get(port, "/pid")[0] == 200
    assert server.ended() == (0, "closed\n")


@pytest.mark.parametrize("sent", [len(HEAD) + 3, len(HEAD), 20, 1])
def test_a_request_half_sent_before_the_signal_is_answered(start: Start, sent: int) -> None:
    server = start("--bare", "--worker", "serve")
    port = server.ready()
    text = HEAD + b"rent"
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(text[:sent])
        get(port, "/pid")  # by now the first piece was read

        server.process.send_signal(signal.SIGTERM)
        eventually(lambda: refuses(port))
        line.sendall(text[sent:])

        answer = http.client.HTTPResponse(line)
        answer.begin()
        assert (answer.status, answer.read(), answer.getheader("connection")) == (200, b"rent", "close")
    assert server.ended() == (0, "closed\n")


def test_a_connection_made_just_before_its_doors_close_is_answered(start: Start) -> None:
    server = start("--bare", "--worker", "serve")
    port = server.ready()
    server.process.send_signal(signal.SIGTERM)
    lines: list[socket.socket] = []

    def connect() -> bool:
        try:
            lines.append(socket.create_connection(("127.0.0.1", port)))
        except ConnectionRefusedError:
            return True
        return False

    eventually(connect)
    last = lines[-1]
    last.sendall(HEAD + b"rent")

    assert last.recv(1000).startswith(b"HTTP/1.1 200")
    for line in lines:
        line.close()
    assert server.ended() == (0, "closed\n")


def test_no_connection_is_lost_when_the_doors_close_on_a_crowd(start: Start) -> None:
    server = start("--bare", "--worker", "serve", "--workers", "2")
    port = server.ready()
    with ThreadPoolExecutor(CROWD) as crowd:
        visits = [crowd.submit(come_until_refused, port) for _ in range(CROWD)]
        server.process.send_signal(signal.SIGTERM)
        lost = sum(visit.result() for visit in visits)

    # Between the last look at the door and its close there is a moment; without the look nearly all are lost.
    assert lost <= CROWD / 8


def test_a_request_under_way_is_answered(start: Start) -> None:
    server = start("--bare", "--worker", "serve")
    with connection(server.ready()) as line:
        line.request("GET", "/slow")
        server.process.send_signal(signal.SIGTERM)

        assert line.getresponse().status == 200
    assert server.ended() == (0, "closed\n")


def test_an_idle_connection_does_not_hold_up_the_end(start: Start) -> None:
    server = start("--bare", "--worker", "serve")
    port = server.ready()
    with connection(port) as used, connection(port):
        used.request("GET", "/pid")
        used.getresponse().read()

        assert server.end() == (0, "closed\n")


def test_a_kept_connection_is_told_to_go_elsewhere(start: Start) -> None:
    server = start("--bare", "--worker", "serve")
    port = server.ready()
    with connection(port) as line:
        line.request("GET", "/pid")
        first = line.getresponse()
        first.read()

        server.process.send_signal(signal.SIGTERM)
        eventually(lambda: get(port, "/readyz")[0] == 503)
        line.request("GET", "/pid")

        assert (first.getheader("connection"), line.getresponse().getheader("connection")) == (None, "close")


def test_a_request_that_never_ends_is_broken_off(start: Start) -> None:
    server = start("--bare", "--worker", "serve-briefly")
    with connection(server.ready()) as line:
        line.request("GET", "/never")

        status, complaint = server.end()

        assert status == 0
        assert "closed\n" in complaint


def test_a_live_socket_is_told_and_then_closed_as_a_restart(start: Start) -> None:
    server = start("--bare", "--worker", "serve")
    with live_socket(server.ready()) as events:
        assert isinstance(next(events), AcceptConnection)

        server.process.send_signal(signal.SIGTERM)

        message, close = next(events), next(events)
        assert isinstance(message, TextMessage)
        assert message.data == "drain"
        assert isinstance(close, CloseConnection)
        assert close.code == 1012
    assert server.ended() == (0, "closed\n")


def test_a_live_socket_opened_during_the_end_is_closed_too(start: Start) -> None:
    server = start("--bare", "--worker", "serve")
    port = server.ready()
    server.process.send_signal(signal.SIGTERM)
    eventually(lambda: get(port, "/readyz")[0] == 503)

    with live_socket(port) as events:
        assert [type(event) for event in events] == [AcceptConnection, CloseConnection]
    assert server.ended() == (0, "closed\n")


@contextmanager
def live_socket(port: int) -> Iterator[Iterator[Event]]:
    protocol = WSConnection(ConnectionType.CLIENT)
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(protocol.send(Request(host="x", target="/")))

        def events() -> Iterator[Event]:
            while data := line.recv(4096):
                protocol.receive_data(data)
                yield from protocol.events()

        yield events()


def come_until_refused(port: int) -> int:
    """How many of one's connections were taken and not answered."""
    lost = 0
    while True:
        try:
            line = socket.create_connection(("127.0.0.1", port))
        except ConnectionError:
            return lost
        with line:
            try:
                line.sendall(b"GET /pid HTTP/1.1\r\n\r\n")
                lost += not line.recv(1000)
            except ConnectionError:
                lost += 1


def refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return True
    return False
