"""Connections within bounds: how much a head may hold, how long a client may take, how many there may be."""

import asyncio
import resource
import socket
import struct
from collections.abc import Collection
from contextlib import suppress
from functools import cache
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# The target and the headers, each header with 32 bytes beside its own (as RFC 9113, 6.5.2 counts them).
HEAD_MOST = 64 * 1024
HEADER_EXTRA = 32
# Requests that wait behind another one of their connection; one read may bring 14,000, of some 2 KB each.
PIPELINED_MOST = 100
# A connection that was not used takes some 7 KB: 70 MB are what strangers may have a process hold.
CONNECTIONS_MOST = 10_000
# Files of the process that are no connection: to the stores, the log, the sockets.
FILES_ELSE = 200

SWEEP_S = 1.0
# Sweeps, so seconds, for a head from its first byte and for a body from its head: 1 MiB at 280 kbit/s.
HEAD_SWEEPS = 10
BODY_SWEEPS = 30
# And for an answer of which a client takes nothing.
UNREAD_SWEEPS = 30
ENDLESS = 1 << 60


class HeadTooLarge(Exception):
    """It ends the parser's work; what is answered stands in the protocol."""


class TooManyAtOnce(Exception):
    """A connection asked for much more before it was answered; it is closed with 400, as what is no HTTP."""


class BoundedProtocol(HttpToolsProtocol):
    """An HTTP connection of uvicorn, within bounds.

    `left`: for how many sweeps the client may still let wait what it is to send. A silent one has the keep-alive time,
    used or not: balancers and browsers open connections ahead, and what bounds a stranger is `room`.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.left = self.timeout_keep_alive
        self.head_size = 0
        self.held = 0  # bytes that the parser was given since it told of any

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        crowded = len(self.connections) >= room()
        super().connection_made(transport)
        if crowded:
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE)

    def data_received(self, data: bytes) -> None:
        self.held += len(data)
        super().data_received(data)
        if self.held > HEAD_MOST:
            self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.left = HEAD_SWEEPS
        self.head_size = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self.held = 0
        self.head_size += len(url)
        if self.head_size > HEAD_MOST:
            raise HeadTooLarge

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self.held = 0
        self.head_size += len(name) + len(value) + HEADER_EXTRA
        if self.head_size > HEAD_MOST:
            raise HeadTooLarge

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= PIPELINED_MOST:
            raise TooManyAtOnce
        self.left = BODY_SWEEPS
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self.held = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.left = ENDLESS

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.left == ENDLESS and self.cycle.response_complete:
            # uvicorn's own timer ends with the next byte, were it one that begins nothing.
            self.left = self.timeout_keep_alive

    def send_400_response(self, msg: str) -> None:
        """Answer what the parser did not take, or a callback of ours."""
        if self.head_size > HEAD_MOST:
            self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        else:
            super().send_400_response(msg)

    def refuse(self, status: HTTPStatus) -> None:
        """Answer with a status alone, and close."""
        if not self.transport.is_closing():
            self.transport.write(
                b"HTTP/1.1 %d %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % (status, status.phrase.encode())
            )
            self.transport.close()

    def wait(self) -> None:
        """Let a sweep pass; a client that took too long is closed without a word, which is what every one retries."""
        if not self.flow.read_paused:
            self.left -= 1
            if self.left < 0:
                self.transport.close()


@cache
def room() -> int:
    """How many connections this process may hold: as many as it may open files, once it was allowed all it can get."""
    wanted = CONNECTIONS_MOST + FILES_ELSE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if is_less(soft, wanted):
        soft = hard if is_less(hard, wanted) else wanted
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(soft - FILES_ELSE, 1) if is_less(soft, wanted) else CONNECTIONS_MOST


def is_less(limit: int, number: int) -> bool:
    """Whether a limit of the system, which may be none, is less than a number."""
    return limit != resource.RLIM_INFINITY and limit < number


class Sweep:
    """Once a second, all connections of a process are looked at: one timer instead of one for each."""

    def __init__(self, lines: Collection[Any]) -> None:
        self._lines = lines
        self._unread: dict[Any, tuple[int, int]] = {}  # by connection: the bytes that wait, and for how many sweeps

    def begin(self) -> None:
        """Sweep from now on, as long as the loop runs."""
        asyncio.get_running_loop().call_later(SWEEP_S, self._sweep)

    def _sweep(self) -> None:
        self.begin()
        before, self._unread = self._unread, {}
        for line in tuple(self._lines):
            if isinstance(line, BoundedProtocol):
                line.wait()
            if waiting := line.transport.get_write_buffer_size():
                least, sweeps = before.get(line, (waiting + 1, 0))
                self._unread[line] = (waiting, sweeps + 1 if waiting >= least else 0)
                if self._unread[line][1] > UNREAD_SWEEPS:
                    cut_off(line.transport)


def cut_off(transport: asyncio.Transport) -> None:
    """Close at once, with a reset: the kernel keeps nothing of what was not read either."""
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
