"""Asking for a live socket where there is none."""

import json
import socket
from uuid import uuid4

import pytest

from tests.served import LONG_S, Served

KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"


def ask(served: Served, path: str, *headers: str, method: str = "GET") -> bytes:
    """The whole answer to an upgrade."""
    with socket.create_connection(("localhost", served.port), LONG_S) as line:
        line.sendall(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{''.join(headers)}\r\n".encode())
        answer = b""
        while piece := line.recv(4096):
            answer += piece
    return answer


@pytest.mark.parametrize("path", ["/", "/api/v1/live/", "/api/v1/tasks", "/healthz", "/nothing"])
def test_it_is_refused_as_a_place_that_is_not_there_and_counted(served: Served, path: str) -> None:
    name = uuid4().hex

    head, _, body = ask(served, path, UPGRADE, KEY, f"X-Request-Id: {name}\r\n").partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 404 ")
    assert (json.loads(body)["code"], json.loads(body)["request_id"]) == ("no_such_route", name)
    assert b'ratelimit: "ip";r=' in head.lower()
    assert served.log().count(name) == 1
    assert "trace" not in served.log()


@pytest.mark.parametrize(
    "headers", [(UPGRADE,), (UPGRADE, KEY, "x: " + "x" * 30_000 + "\r\n"), (UPGRADE, KEY, "a b: c\r\n")]
)
def test_one_that_is_malformed_is_refused_without_a_trace(served: Served, headers: tuple[str, ...]) -> None:
    answer = ask(served, "/", *headers)

    assert answer.split()[1].startswith(b"4")
    assert "trace" not in served.log()
