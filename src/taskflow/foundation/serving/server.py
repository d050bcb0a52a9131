"""One ASGI application on the sockets of a worker, served by uvicorn until the worker is told to end."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from taskflow.foundation.embedded.data_folder import Unusable
from taskflow.foundation.serving.drain import drain
from taskflow.foundation.serving.listening import BACKLOG
from taskflow.foundation.serving.live import MESSAGE_LIMIT, LiveProtocol
from taskflow.foundation.serving.protocol import BoundedProtocol, Sweep

# Longer than the 60 s for which balancers (nginx, ALB) keep an idle connection: then it is they that close it.
KEEP_ALIVE_S = 75
# How long it serves on after the signal, while /readyz says 503, for a balancer to notice.
SERVE_ON_S = 2.0
# A connection that was just taken has this long to send what it was opened for.
FRESH_S = 1.0
# Live sockets are told at the signal; one that does not go has this long.
FAREWELL_S = 2.0
# Requests under way; with the time before and after it less than the 27 s that the parent waits.
FINISH_S = 18.0
CLOSE_S = 3.0

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]


def serve(
    application: Application,
    sockets: list[socket.socket],
    *,
    ready: Callable[[], None] = lambda: None,
    hurried: Callable[[], bool] = lambda: False,
    protocol: type[HttpToolsProtocol] = BoundedProtocol,
) -> None:
    """Serve until SIGTERM and what was taken by then. Raises Unusable where the application's start does."""
    guarded = Guarded(application)
    config = uvicorn.Config(
        guarded,
        http=protocol,
        loop="uvloop",
        ws=LiveProtocol,
        ws_max_size=MESSAGE_LIMIT,
        ws_per_message_deflate=False,
        lifespan="on",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
    )
    try:
        Server(config, ready, hurried).run(sockets)
    except SystemExit:
        if guarded.refusal:
            raise guarded.refusal from None
        raise


class Guarded:
    """An application whose start may raise Unusable: one line for a person, no trace back."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self.refusal: Unusable | None = None

    def __call__(self, scope: Message, receive: object, send: Send) -> Awaitable[None]:
        if scope["type"] == "lifespan":
            return self._lifespan(scope, receive, send)
        return self._application(scope, receive, send)

    async def _lifespan(self, scope: Message, receive: object, send: Send) -> None:
        failures: list[Message] = []

        async def send_success(message: Message) -> None:
            if message["type"].endswith(".failed"):
                failures.append(message)
            else:
                await send(message)

        try:
            await self._application(scope, receive, send_success)
        except Unusable as refusal:
            self.refusal = refusal
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
            raise
        except BaseException:
            for message in failures:
                await send(message)
            raise


class Server(uvicorn.Server):
    """uvicorn, with an end of our own."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], hurried: Callable[[], bool]) -> None:
        super().__init__(config)
        self._ready = ready
        self._hurried = hurried
        self._ending = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The parent decides what Ctrl-C means; without one, it is the end as well."""
        loop = asyncio.get_running_loop()
        taken = [s for s in (signal.SIGTERM, signal.SIGINT) if signal.getsignal(s) != signal.SIG_IGN]
        for number in taken:
            loop.add_signal_handler(number, self._begin_to_end)
        yield
        for number in taken:
            loop.remove_signal_handler(number)

    def _begin_to_end(self) -> None:
        drain.begin()
        # Every answer from now on tells its client to go elsewhere.
        self.server_state.default_headers = [(b"connection", b"close")]
        for line in self.server_state.connections:
            if isinstance(line, HttpToolsProtocol) and not unset(line.cycle):
                line.cycle.keep_alive = False
        self._ending.set()

    async def main_loop(self) -> None:
        """Nothing to do ten times a second: no Date header is kept, and no count of requests."""
        Sweep(self.server_state.connections).begin()
        self._ready()
        await self._ending.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # What was said at the signal is on its way after this, however much of a hurry there is.
        await asyncio.sleep(0.1 if self._hurried() else SERVE_ON_S)
        await self._take_the_last(sockets or [])
        await self._finish()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.lifespan.shutdown(), CLOSE_S)

    async def _take_the_last(self, sockets: list[socket.socket]) -> None:
        """Close the doors, and take who stands before them by then."""
        loop = asyncio.get_running_loop()
        doors = [listening.dup() for listening in sockets]  # they stay open while the loop lets go of its own
        for server in self.servers:
            server.close()
        for listening in sockets:
            listening.close()
        await asyncio.sleep(0)  # uvloop closes a turn later
        for line in [line for door in doors for line in shut(door)]:
            await loop.connect_accepted_socket(self._protocol, line)

    def _protocol(self) -> asyncio.Protocol:
        make: Callable[..., asyncio.Protocol] = self.config.http_protocol_class
        return make(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    async def _finish(self) -> None:
        """Let what was begun be answered, and close the rest; what takes too long is broken off."""
        now = asyncio.get_running_loop().time
        began = now()
        fresh = {line for line in self.server_state.connections if is_fresh(line)}
        told: set[object] = set()
        while self.server_state.connections or self.server_state.tasks:
            elapsed = now() - began
            for line in list(self.server_state.connections):
                if isinstance(line, HttpToolsProtocol):
                    if not is_busy(line) and (line not in fresh or not is_fresh(line) or elapsed > FRESH_S):
                        line.shutdown()
                elif line not in told:
                    told.add(line)
                    line.shutdown()
                elif elapsed > FAREWELL_S:
                    line.transport.abort()
            if elapsed > FINISH_S:
                break
            await asyncio.sleep(0.02)
        await self._break_off()

    async def _break_off(self) -> None:
        for line in self.server_state.connections:
            line.transport.abort()
        if tasks := list(self.server_state.tasks):
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=FAREWELL_S)


def shut(door: socket.socket) -> list[socket.socket]:
    """Close a listening socket; the connections that waited in it. Who comes between the two is lost: microseconds."""
    waiting: list[socket.socket] = []
    with contextlib.suppress(OSError):
        while True:
            line, _ = door.accept()
            line.settimeout(0)
            waiting.append(line)
    door.close()
    return waiting


def is_fresh(line: object) -> bool:
    """Whether a connection has sent nothing yet."""
    return isinstance(line, HttpToolsProtocol) and unset(line.scope)


def is_busy(line: HttpToolsProtocol) -> bool:
    """Whether a request is on its way: half a head, or not answered yet."""
    half_a_head = not unset(line.scope) and "method" not in line.scope
    return half_a_head or not (unset(line.cycle) or line.cycle.response_complete)


def unset(value: object) -> bool:
    """Whether it is None, of which uvicorn's types say nothing."""
    return value is None
