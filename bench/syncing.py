"""What sync costs: a first load, a sync that has nothing to tell, commands, and the way from a create to a socket."""

import json
import socket
import statistics
import threading
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import Message, Request, TextMessage

from bench.product import Product

LOADED = 10_000
CHANGES, EVERY_S = 500, 0.01  # 100 changes a second, for 5 s


class Loaded:
    """A first load: its pages, their bytes as they came, and the cursors after it."""

    def __init__(self, product: Product, token: str) -> None:
        self.pages, self.bytes, self.cursors = 0, 0, dict[str, str]()
        more = True
        while more:
            spaces, size = synced(product, token, self.cursors)
            self.pages += 1
            self.bytes += size
            self.cursors = {space: page["cursor"] for space, page in spaces.items()}
            more = any(page["more"] for page in spaces.values())


def synced(product: Product, token: str, cursors: dict[str, str]) -> tuple[dict[str, Any], int]:
    """One call without commands: the spaces, and how many bytes they took."""
    body = json.dumps({"cursors": cursors}).encode()
    request = urllib.request.Request(product.url + "/api/v1/sync", body, method="POST")
    request.add_header("content-type", "application/json")
    request.add_header("authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text)["spaces"], len(text)


def held(product: Product, token: str) -> str:
    """The cursors of one who holds everything, as JSON."""
    return json.dumps(Loaded(product, token).cursors, separators=(",", ":"))


def delays(product: Product, token: str) -> Iterator[tuple[str, float]]:
    """Milliseconds from a create's sending to a socket, at 100 changes a second: half of all, 99 of 100."""
    sent, took = dict[str, float](), list[float]()
    listening = Listening(product, token)
    heard = threading.Thread(target=lambda: listening.until(CHANGES, sent, took))
    heard.start()
    began = time.monotonic()
    for n in range(CHANGES):
        time.sleep(max(0.0, began + n * EVERY_S - time.monotonic()))
        title = f"change {n}"
        sent[title] = time.monotonic()
        product.call("POST", "/api/v1/tasks", {"title": title}, token)
    heard.join(30)
    if len(took) < CHANGES:
        raise RuntimeError(f"{CHANGES - len(took)} of {CHANGES} changes did not arrive")
    yield "create to socket at 100 changes/s, half", statistics.median(took)
    yield "create to socket at 100 changes/s, 99 of 100", statistics.quantiles(took, n=100)[98]


class Listening:
    """A live socket that has said hello."""

    def __init__(self, product: Product, token: str) -> None:
        self.wire = socket.create_connection(("127.0.0.1", product.port), 10)
        self.protocol = WSConnection(ConnectionType.CLIENT)
        self.wire.sendall(self.protocol.send(Request(host=f"127.0.0.1:{product.port}", target="/api/v1/live")))
        hello = {"type": "hello", "access_token": token, "cursors": Loaded(product, token).cursors}
        next(self.received(1))
        self.wire.sendall(self.protocol.send(Message(data=json.dumps(hello))))

    def until(self, count: int, sent: dict[str, float], took: list[float]) -> None:
        """Hear of so many tasks, and note how long each was on its way."""
        for message in self.received(0):
            arrived = time.monotonic()
            for page in message.get("spaces", {}).values():
                took += [arrived - sent[task["title"]] for task in page.get("tasks", ()) if task["title"] in sent]
            if len(took) >= count:
                took[:] = [seconds * 1e3 for seconds in took]
                return

    def received(self, opened: int) -> Iterator[Any]:
        """The messages that come; `opened` is 1 where only the handshake's answer is awaited."""
        text = ""
        while True:
            self.protocol.receive_data(self.wire.recv(1 << 16))
            for event in self.protocol.events():
                if isinstance(event, TextMessage):
                    text += event.data
                    if event.message_finished:
                        yield json.loads(text)
                        text = ""
                elif opened:
                    yield {}
