"""A live socket of uvicorn, within bounds, that ends with close codes of ours."""

from collections.abc import Iterator
from typing import Any

from uvicorn.protocols.websockets.wsproto_impl import WSProtocol
from wsproto import ConnectionType, WSConnection
from wsproto.events import BytesMessage, CloseConnection, Event, TextMessage

# The largest body of the API, so the largest message.
MESSAGE_LIMIT = 1 << 20
# Close codes: too large or too much, and a client that is so far behind that it has to begin anew.
TOO_MUCH, BEHIND = 4429, 4409

# A frame takes some 20 us, whatever is in it; a read may bring 40,000 of them.
PIECE = 4096
# Frames with less than this, pings among them, between two pings of ours: every 20 s.
SMALL, SMALL_MOST = 128, 1_000


class Frames(WSConnection):
    """Counts the frames that carry next to nothing."""

    small = 0

    def events(self) -> Iterator[Event]:  # type: ignore[override] # a generator, of which no more is used
        """What came, in its order."""
        for event in super().events():
            self.small += len(getattr(event, "data", b"")) < SMALL
            yield event


class LiveProtocol(WSProtocol):
    """A live socket: too much of small frames or in one message ends it, and so does who answers no ping."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.default_headers = []  # what every answer says while the server ends would break its handshake
        self.conn = self.frames = Frames(ConnectionType.SERVER)

    def data_received(self, data: bytes) -> None:
        """Take what came, a piece at a time; of a flood, what comes behind the close code is not looked at."""
        for start in range(0, len(data), PIECE):
            if self.frames.small > SMALL_MOST or self.transport.is_closing():
                return
            super().data_received(data[start : start + PIECE])
            if self.frames.small > SMALL_MOST and not self.close_sent:
                self._say(TOO_MUCH)

    def handle_message(self, event: TextMessage | BytesMessage) -> None:
        """Take a part of a message. What is too large is read to its end: a reset would overtake the close code."""
        size = len(event.data.encode()) if isinstance(event, TextMessage) else len(event.data)
        if self.buffer.length + size <= MESSAGE_LIMIT:
            super().handle_message(event)
        else:
            self._say(TOO_MUCH)

    def send_keepalive_ping(self) -> None:
        """Ping, and count anew."""
        self.frames.small = 0
        super().send_keepalive_ping()

    def keepalive_timeout(self) -> None:
        """Who answers no ping for so long has not read what was sent either."""
        if not self.close_sent:
            self._say(BEHIND)

    async def send(self, message: Any) -> None:
        """A close waits for nobody: it is for those who do not read."""
        if message["type"] == "websocket.close":
            self.writable.set()
        await super().send(message)

    def _say(self, code: int) -> None:
        self.close_sent = True
        self.stop_keepalive()
        self.buffer.clear()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code})
        if not self.transport.is_closing():
            self.transport.write(self.conn.send(CloseConnection(code=code)))
            self.close_timer = self.loop.call_later(self.close_timeout, self.transport.close)
            if self.read_paused:
                self.read_paused = False
                self.transport.resume_reading()
