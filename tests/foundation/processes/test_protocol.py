"""Connections of strangers: what they may send, how long they may take, and how many there may be."""

import re
import resource
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from taskflow.foundation.serving.protocol import HEAD_MOST, HEADER_EXTRA, PIPELINED_MOST
from tests.foundation.processes.running import LONG_S, Running, connection, eventually, get

POST = b"POST /echo HTTP/1.1\r\ncontent-length: 4\r\n\r\n"
CHUNKED = b"POST /echo HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    yield from served("serve")


@pytest.fixture(scope="module")
def restless() -> Iterator[int]:
    """The port of one whose seconds are short."""
    yield from served("serve-restlessly")


@pytest.fixture(scope="module")
def few() -> Iterator[int]:
    """The port of one that has room for two."""
    yield from served("serve-few")


def served(worker: str) -> Iterator[int]:
    with (
        tempfile.TemporaryDirectory(prefix="tf-") as folder,
        Running(Path(folder) / "data", "--bare", "--worker", worker) as running,
    ):
        yield running.ready()


@contextmanager
def line_to(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=LONG_S) as line:
        yield line


def head(target: int, *headers: int) -> bytes:
    """A head whose target and header values are so long; each header's name has one byte."""
    lines = [b"GET /" + b"t" * (target - 1) + b" HTTP/1.1", *(b"x: " + b"v" * length for length in headers)]
    return b"\r\n".join([*lines, b"", b""])


REST = HEAD_MOST - 1 - (1 + HEADER_EXTRA)
MANY = [0] * (REST // (1 + HEADER_EXTRA))


@pytest.mark.parametrize("largest", [head(HEAD_MOST - 1), head(1, REST), head(1, *MANY)])
def test_the_largest_head_is_answered(port: int, largest: bytes) -> None:
    with line_to(port) as line:
        line.sendall(largest)

        assert status_of(line) == 200


@pytest.mark.parametrize("larger", [head(HEAD_MOST + 1), head(1, REST + 1), head(1, *MANY, 0, 0)])
def test_a_larger_head_is_refused_and_its_connection_closed(port: int, larger: bytes) -> None:
    with line_to(port) as line:
        line.sendall(larger)

        assert status_of(line) == 431
        assert line.recv(1) == b""


@pytest.mark.parametrize(
    "begin",
    [b"GET /", b"GET / HTTP/1.1\r\nx: ", b"GET / HTTP/1.1\r\nx", b"\r\n", CHUNKED + b"1;", CHUNKED + b"0\r\nx: "],
    ids=["target", "value", "name", "nothing", "extension", "trailer"],
)
def test_what_has_no_end_is_not_read_to_its_end(port: int, begin: bytes) -> None:
    with line_to(port) as line:
        line.sendall(begin)
        piece = b"\r\n" * 512 if begin == b"\r\n" else b"x" * 1024

        sent = send_until_answered(line, piece)

        assert sent < 16 << 20
        assert status_of(line) == 431
    assert get(port, "/pid")[0] == 200


@pytest.mark.parametrize(
    "sent",
    [b"", b"\r\n", b"G", b"GET / HTTP/1.1\r\nhost: x\r\n", POST, POST + b"ren", CHUNKED + b"1\r\nx"],
    ids=["nothing", "an empty line", "a letter", "half a head", "a head", "half a body", "half a chunk"],
)
def test_a_client_that_keeps_it_waiting_is_closed(restless: int, sent: bytes) -> None:
    with line_to(restless) as line:
        line.sendall(sent)

        assert line.recv(1) == b""


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"G"])
def test_so_is_one_that_was_answered_before(restless: int, sent: bytes) -> None:
    with line_to(restless) as line:
        line.sendall(POST + b"rent")
        assert status_of(line) == 200

        line.sendall(sent)

        assert line.recv(1) == b""


def test_who_waits_for_the_server_is_not_closed(restless: int) -> None:
    with connection(restless) as line:
        line.request("GET", "/slow")

        assert line.getresponse().status == 200


def test_a_client_that_reads_nothing_of_its_answer_is_cut_off(restless: int) -> None:
    with line_to(restless) as line:
        line.sendall(b"GET /large HTTP/1.1\r\n\r\n")

        eventually(lambda: is_cut_off(line))


def test_one_that_reads_it_gets_all(restless: int) -> None:
    status, body = get(restless, "/large")

    assert (status, len(body)) == (200, 64 << 20)


def test_a_full_process_says_so_until_somebody_leaves(few: int) -> None:
    with line_to(few) as one, line_to(few) as other:
        for line in (one, other):
            line.sendall(POST + b"rent")
            assert status_of(line) == 200

        with line_to(few) as third:
            assert status_of(third) == 503
            assert third.recv(1) == b""

    eventually(lambda: get(few, "/pid")[0] == 200)


def test_requests_sent_ahead_are_answered_and_far_too_many_are_not_kept(port: int) -> None:
    with line_to(port) as line:
        line.sendall(b"GET /slow HTTP/1.1\r\n\r\n" + b"GET /pid HTTP/1.1\r\n\r\n" * PIPELINED_MOST)
        assert [status_of(line) for _ in range(PIPELINED_MOST + 1)] == [200] * (PIPELINED_MOST + 1)
    with line_to(port) as line:
        line.sendall(b"GET /slow HTTP/1.1\r\n\r\n" + b"GET /pid HTTP/1.1\r\n\r\n" * (PIPELINED_MOST + 1))
        assert status_of(line) == 400


def test_a_process_takes_the_files_it_may_have_and_no_more_connections_than_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limits in ((300, 400), (300, hard)):
        asked = (
            f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, {limits});"
            "from taskflow.foundation.serving.protocol import room;"
            "print(room(), *resource.getrlimit(resource.RLIMIT_NOFILE))"
        )
        told = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout.split()
        connections, soft, _ = map(int, told)
        assert connections <= soft - 200
        assert soft > 300


def test_the_parts_of_uvicorn_that_this_leans_on_are_there() -> None:
    config = Config(lambda *_: None, log_config=None, timeout_keep_alive=75)
    made = HttpToolsProtocol(config, ServerState(), {}, _loop=object())  # type: ignore[arg-type]

    named = {"connections", "transport", "flow", "scope", "headers", "cycle", "pipeline", "timeout_keep_alive", "tasks"}
    assert named <= vars(made).keys()
    assert made.timeout_keep_alive == 75
    assert {"on_message_begin", "on_url", "on_header", "on_headers_complete", "on_body", "on_message_complete"} <= vars(
        HttpToolsProtocol
    ).keys()
    assert {"on_response_complete", "send_400_response", "connection_made"} <= vars(HttpToolsProtocol).keys()


def status_of(line: socket.socket) -> int:
    """The status of the next answer, read to its end and no further."""
    text = b""
    while not text.endswith(b"\r\n\r\n"):
        piece = line.recv(1)
        assert piece, text
        text += piece
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", text)
    left = int(length[1]) if length else 0
    while left:
        left -= len(line.recv(left))
    return int(text.split()[1])


def send_until_answered(line: socket.socket, piece: bytes) -> int:
    """How much was sent until there was something to read; 64 MiB at most."""
    sent = 0
    with suppress(ConnectionError):
        while not select.select([line], [], [], 0)[0] and sent < 64 << 20:
            line.sendall(piece)
            sent += len(piece)
    return sent


def is_cut_off(line: socket.socket) -> bool:
    """Whether the server has broken a connection off, told without reading from it."""
    asked = select.poll()
    asked.register(line, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in asked.poll(0))
