"""A live socket of uvicorn, within bounds, that ends with close codes of ours."""

from collections.abc import Iterator
from typing import Any

from uvicorn.protocols.websockets.wsproto_impl import WSProtocol
from wsproto import ConnectionType, WSConnection
from wsproto.events import BytesMessage, CloseConnection, Event, TextMessage

# The largest body of the API, so the largest message.
MESSAGE_LIMIT = 1 << 20
# The first message, of somebody who may be anybody: a hello has a cursor of 140 bytes for each of 100 spaces.
FIRST_LIMIT = 1 << 17
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
        self.limit = FIRST_LIMIT
        self.late = 0  # bytes that came behind our close code

    def data_received(self, data: bytes) -> None:
        """Take what came, a piece at a time.

        What comes behind a close code is read, for a reset would overtake it, but not looked at for long.
        """
        for start in range(0, len(data), PIECE):
            if self.late > FIRST_LIMIT or self.transport.is_closing():
                return
            piece = data[start : start + PIECE]
            self.late += len(piece) if self.close_sent else 0
            super().data_received(piece)
            if self.frames.small > SMALL_MOST:
                self._say(TOO_MUCH)

    def handle_message(self, event: TextMessage | BytesMessage) -> None:
        """Take a part of a message."""
        size = len(event.data.encode()) if isinstance(event, TextMessage) else len(event.data)
        if self.buffer.length + size > self.limit:
            self._say(TOO_MUCH)
            return
        super().handle_message(event)
        if event.message_finished:
            self.limit = MESSAGE_LIMIT

    def send_keepalive_ping(self) -> None:
        """Ping, and count anew."""
        self.frames.small = 0
        super().send_keepalive_ping()

    def keepalive_timeout(self) -> None:
        """Who answers no ping for so long has not read what was sent either."""
        self._say(BEHIND)

    async def send(self, message: Any) -> None:
        """A close waits for nobody: it is for those who do not read."""
        if message["type"] == "websocket.close":
            self.writable.set()
        await super().send(message)

    def _say(self, code: int) -> None:
        self.late = FIRST_LIMIT + 1
        if self.close_sent:
            return
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
