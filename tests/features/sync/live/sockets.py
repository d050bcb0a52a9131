"""Live sockets of the tests' own: processes in this one that serve them, and a client that reads or does not."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import msgspec
import uvicorn
from httpx import ASGITransport, AsyncClient
from uvicorn.server import ServerState
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Event,
    Ping,
    RejectConnection,
    RejectData,
    Request,
    TextMessage,
)
from wsproto.utilities import LocalProtocolError

from taskflow.app import Application
from taskflow.features.sync.live.hub import Hub
from taskflow.features.sync.live.times import Times
from taskflow.foundation.backend import opened
from taskflow.foundation.serving.drain import Drain
from taskflow.foundation.serving.live import MESSAGE_LIMIT, LiveProtocol
from taskflow.foundation.serving.protocol import BoundedProtocol
from taskflow.foundation.settings import Settings
from tests.api.two import NO_WEB_APP, Mortal, Process
from tests.client import Client

PATH = "/api/v1/live"
LONG_S = 20  # for a busy machine, not a promise


class Live:
    """A client of one live socket. `code`: with which it was closed; `status`: with which it was not opened."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._line = WSConnection(ConnectionType.CLIENT)
        self._text = ""
        self._events: list[Event] = []
        self.code: int | None = None
        self.status = 101
        self.refusal = b""

    async def upgrade(self, host: str, path: str, **headers: str) -> None:
        extra = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._write(Request(host=host, target=path, extra_headers=extra))
        while not isinstance(event := await self._event(), AcceptConnection):
            if isinstance(event, RejectConnection):
                self.status = event.status_code
            elif isinstance(event, RejectData):
                self.refusal += event.data
                if event.body_finished:
                    return

    async def say(self, **message: Any) -> None:
        await self.say_text(json.dumps(message))

    async def say_text(self, text: str) -> None:
        self._write(TextMessage(text))
        with suppress(ConnectionError):
            await self._writer.drain()

    async def say_bytes(self, raw: bytes) -> None:
        """Send what is no message, until the server takes no more."""
        self._writer.write(raw)
        with suppress(ConnectionError):
            await self._writer.drain()

    async def hello(self, client: Client, **cursors: str) -> Any:
        """Say hello as somebody; what it is answered."""
        await self.say(type="hello", access_token=client.signed_in["access_token"], cursors=cursors)
        return await self.hear()

    async def hear(self) -> Any:
        """The next message; None where the server has closed it."""
        async with asyncio.timeout(LONG_S):
            while self.code is None:
                event = await self._event()
                if isinstance(event, TextMessage):
                    self._text += event.data
                    if event.message_finished:
                        text, self._text = self._text, ""
                        return json.loads(text)
                elif isinstance(event, CloseConnection):
                    self.code = event.code
                elif isinstance(event, Ping):
                    with suppress(LocalProtocolError):  # the server has closed it meanwhile
                        self._write(event.response())
        return None

    async def until(self, kind: str) -> Any:
        """The next message of a type."""
        while (message := await self.hear()) is not None and message["type"] != kind:
            pass
        return message

    async def brings(self, thing_id: str, kind: str = "tasks") -> Any:
        """Listen until a change of a thing comes; the thing, or None where the socket was closed before."""
        while message := await self.until("changes"):
            for page in message["spaces"].values():
                for thing in page.get(kind, []):
                    if thing["id"] == thing_id:
                        return thing
        return None

    async def ends(self) -> int | None:
        """Listen to the end; its close code."""
        while await self.hear() is not None:
            pass
        return self.code

    async def quiet(self) -> bool:
        """Whether nothing comes, by the next answer to a message of ours."""
        await self.say(type="commands", commands=[])
        message = await self.hear()
        return bool(message == {"type": "results", "results": []})

    def close(self) -> None:
        self._writer.transport.abort()

    async def _event(self) -> Event:
        while not self._events:
            data = await self._reader.read(65_536)
            self._line.receive_data(data or None)
            self._events = [*self._line.events()]
            if not data and not self._events:
                return CloseConnection(1006)
        return self._events.pop(0)

    def _write(self, event: Event) -> None:
        self._writer.write(self._line.send(event))


class Serving(Process):
    """A process that serves live sockets as well."""

    port = 0
    drain: Drain

    def socket(self, path: str = PATH, **headers: str) -> AbstractAsyncContextManager[Live]:
        """A socket that was upgraded, or refused."""
        return connected(self.port, path, **headers)


@asynccontextmanager
async def connected(port: int, path: str = PATH, **headers: str) -> AsyncIterator[Live]:
    """A socket on a port of this machine that was upgraded, or refused."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 16)
    live = Live(reader, writer)
    try:
        await live.upgrade(f"127.0.0.1:{port}", path, **headers)
        yield live
    finally:
        live.close()


@asynccontextmanager
async def serving(settings: Settings, times: Times | None = None, ping_s: float = 20) -> AsyncIterator[Serving]:
    """One more process, on a port."""
    async with AsyncExitStack() as stack:
        own = await stack.enter_async_context(opened(settings))
        turn = Mortal(own.redis)
        stack.push_async_callback(turn.close)
        backend = msgspec.structs.replace(own, turn=turn)
        drain = Drain()
        application = Application(backend, NO_WEB_APP, 2, shared=True, hub=Hub(backend, drain, times))
        transport = ASGITransport(application, raise_app_exceptions=False)
        http = await stack.enter_async_context(AsyncClient(transport=transport, base_url="http://test"))
        process = Serving(backend, turn, http, application)
        process.drain = drain
        process.port = await stack.enter_async_context(listening(application, ping_s))
        yield process


@asynccontextmanager
async def listening(application: Application, ping_s: float) -> AsyncIterator[int]:
    """The protocols of a worker on a port of this loop."""
    config = uvicorn.Config(
        application,
        ws=LiveProtocol,
        ws_max_size=MESSAGE_LIMIT,
        ws_per_message_deflate=False,
        ws_ping_interval=ping_s,
        ws_ping_timeout=ping_s,
        log_config=None,
        access_log=False,
        lifespan="off",
        interface="asgi3",
        proxy_headers=False,
    )
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: BoundedProtocol(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for line in [*state.connections]:
            line.transport.abort()
        while state.tasks:
            await asyncio.gather(*state.tasks, return_exceptions=True)


async def closed(process: Serving) -> None:
    """Return when a process has no sockets any more."""
    while process.application.hub.sessions:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.01)
