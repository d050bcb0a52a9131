"""Commands that are under way when the server is told to end: answered, or done once when they are asked for again."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from httpx import AsyncClient, TransportError
from wsproto.utilities import LocalProtocolError

from tests.client import Client
from tests.features.sync.commanding import command
from tests.features.sync.live.sockets import Live, connected
from tests.served import LONG_S, Served, serving

pytestmark = pytest.mark.slow

SYNC = "/api/v1/sync"
EACH = 4  # devices that ask over HTTP, and as many by socket


class Asking:
    """Devices that send command after command until the server is gone: what they sent, and what they were answered."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.answered: dict[str, Any] = {}
        self.busy = asyncio.Event()

    def next(self) -> Any:
        """One more command. What it makes has no id of the device's own, so that to do it twice makes two."""
        made = command("create_task", {"title": "Pay rent"})
        self.sent.append(made)
        return made

    def take(self, results: list[Any]) -> None:
        self.answered |= {result["id"]: result for result in results}
        if len(self.answered) > 20 * EACH:
            self.busy.set()

    async def over_http(self, who: Client) -> None:
        """Until the server takes no more; what was cut off is not answered, and what it refuses is not either."""
        with suppress(TransportError):
            while True:
                answer = await who.post(SYNC, {"commands": [self.next()]})
                assert answer.status_code in {200, 503}, answer.text
                self.take(answer.json().get("results", []))

    async def by_socket(self, who: Client, port: int) -> None:
        """Until the server closes it, after it has said so."""
        async with connected(port) as live:
            await live.hello(who)
            told = await self.until_drained(live)
            assert told, "it is told before it is closed"
            while message := await live.hear():
                self.take(message.get("results", []))
            assert live.code == 1012

    async def until_drained(self, live: Live) -> bool:
        while True:
            with suppress(LocalProtocolError):  # closed meanwhile: it has been told, too
                await live.say(type="commands", commands=[self.next()])
            while (message := await live.hear()) and message["type"] not in {"results", "drain"}:
                pass
            if message is None or message["type"] == "drain":
                return message is not None
            self.take(message["results"])


@pytest.fixture
def server() -> Iterator[Served]:
    with serving(workers=2) as made:
        yield made


@asynccontextmanager
async def somebody(server: Served, signed_in: Any) -> AsyncIterator[Client]:
    async with AsyncClient(base_url=server.url, timeout=LONG_S) as http:
        yield Client(http, signed_in)


@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.long)])
async def test_what_is_under_way_when_the_server_ends_is_answered_or_done_once_when_it_is_asked_again(
    server: Served, rounds: int
) -> None:
    signed_in = server.register()
    done = 0
    for _ in range(rounds):
        asking = Asking()
        async with somebody(server, signed_in) as who, asyncio.TaskGroup() as devices:
            for _ in range(EACH):
                devices.create_task(asking.over_http(who))
                devices.create_task(asking.by_socket(who, server.port))
            await asking.busy.wait()
            status = await asyncio.to_thread(server.stop, signal.SIGTERM)
        await asyncio.to_thread(server.start)
        done += len(asking.sent)

        async with somebody(server, signed_in) as who:
            again = {result["id"]: result for part in parts(asking.sent) for result in await repeated(who, part)}

            assert status == 0
            assert all(result["ok"] for result in again.values())
            assert {key: again[key] for key in asking.answered} == asking.answered
            assert await count(who) == done


def parts(commands: list[Any]) -> Iterator[list[Any]]:
    """As many as a call takes."""
    for start in range(0, len(commands), 100):
        yield commands[start : start + 100]


async def repeated(who: Client, commands: list[Any]) -> list[Any]:
    """What commands are answered."""
    answer = await who.post(SYNC, {"commands": commands})
    assert answer.status_code == 200, answer.text
    results: list[Any] = answer.json()["results"]
    return results


async def count(who: Client) -> int:
    """How many tasks there are."""
    found, more = 0, True
    cursors: dict[str, str] = {}
    while more:
        page = (await who.post(SYNC, {"cursors": cursors})).json()["spaces"][who.id]
        found += len(page.get("tasks", []))
        cursors, more = {who.id: page["cursor"]}, page["more"]
    return found
