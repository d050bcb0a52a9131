"""A live socket: what is read from it and how long a send may take, until a code closes it."""

import asyncio
from enum import IntEnum
from typing import Any

# A client that takes nothing for so long is told to come back; after 30 s its connection is cut off altogether.
SEND_S = 20.0


class Code(IntEnum):
    """Why the server closes a socket."""

    WHO_ARE_YOU = 4401
    REVOKED = 4403
    RESYNC = 4409
    TOO_MUCH = 4429
    RESTART = 1012


class Closed(Exception):
    """The client has gone."""


class TooSlow(Exception):
    """The client did not take a message in its time."""


class Socket:
    """An accepted socket of an ASGI server. One task reads it; several may send."""

    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        """Stand on a WebSocket of an ASGI server, that was not accepted yet."""
        self.scope, self._receive, self._send, self.send_s = scope, receive, send, SEND_S

    async def accept(self) -> None:
        """Open it; raises Closed where the client has not waited."""
        if (await self._receive())["type"] != "websocket.connect":
            raise Closed
        await self._put({"type": "websocket.accept"})

    async def receive(self) -> bytes:
        """The next message; raises Closed."""
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise Closed
        text: str | None = message.get("text")
        return message.get("bytes") or b"" if text is None else text.encode()

    async def send(self, message: bytes) -> None:
        """Return when it is on its way; raises TooSlow, or Closed."""
        try:
            async with asyncio.timeout(self.send_s):
                await self._put({"type": "websocket.send", "text": message.decode()})
        except TimeoutError as late:
            raise TooSlow from late

    async def close(self, code: int) -> None:
        """End it; raises Closed where the client did so before."""
        await self._put({"type": "websocket.close", "code": int(code)})

    async def _put(self, message: Any) -> None:
        try:
            await self._send(message)
        except (OSError, RuntimeError) as gone:  # RuntimeError: what uvicorn says of a send behind a close
            raise Closed from gone
