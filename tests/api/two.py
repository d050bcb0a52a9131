"""Two processes in one: two applications on one database and one Redis, which may be flushed and killed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import msgspec
from httpx import ASGITransport, AsyncClient

from taskflow.api.static import StaticFiles
from taskflow.app import Application
from taskflow.foundation.backend import Backend, opened
from taskflow.foundation.redis.turn import Turn
from taskflow.foundation.settings import Settings
from tests.client import Client
from tests.settled import settled

NO_WEB_APP = StaticFiles(Path(__file__).parent / "no web app")


class Died(Exception):
    """A process has died between its commit and the word of it."""


class Mortal(Turn):
    """Once it is to die, the next number that was written is told to nobody, and its writer not answered."""

    dying = False
    slow: Random | None = None

    async def publish(self, key: str, number: int, channel: str = "") -> None:
        if self.dying:
            self.dying = False
            raise Died
        await pause(self.slow)
        await super().publish(key, number, channel)

    async def raise_number(self, key: str, number: int, lease: str | None) -> None:
        await pause(self.slow)
        await super().raise_number(key, number, lease)


async def pause(chance: Random | None) -> None:
    """What a busy machine does to a process: it waits, so that others get ahead."""
    if chance:
        await asyncio.sleep(chance.choice((0, 0, 0.001, 0.01)))


class Process:
    """One of the two: its application, its backend, and an HTTP client that a process's death does not hurt."""

    def __init__(self, backend: Backend, turn: Mortal, http: AsyncClient, application: Application) -> None:
        self.backend, self.turn, self.http, self.application = backend, turn, http, application

    def client(self, client: Client) -> Client:
        """The same caller, at this process."""
        return Client(self.http, client.signed_in)


@asynccontextmanager
async def process(settings: Settings, processes: int = 2) -> AsyncIterator[Process]:
    """One more process."""
    async with AsyncExitStack() as stack:
        own = await stack.enter_async_context(opened(settings))
        turn = Mortal(own.redis)
        stack.push_async_callback(turn.close)
        backend = msgspec.structs.replace(own, turn=turn)
        application = Application(backend, NO_WEB_APP, processes, shared=True)
        transport = ASGITransport(application, raise_app_exceptions=False)
        http = await stack.enter_async_context(AsyncClient(transport=transport, base_url="http://test"))
        yield Process(backend, turn, http, application)


@asynccontextmanager
async def two(settings: Settings, redis_url: str) -> AsyncIterator[list[Process]]:
    """Two processes on one Redis."""
    there = replace(settings, redis_url=redis_url)
    async with process(there) as one, process(there) as other:
        for made in (one, other):
            await settled(made.turn)
        yield [one, other]
