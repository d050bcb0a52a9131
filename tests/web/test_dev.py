"""The web app while somebody works on it: its sources, served beside a running server."""

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import WebSocket, expect

from tests.served import free_port
from tests.web.bundled import NODE, WEB
from tests.web.journey import Visitor

pytestmark = pytest.mark.slow


@pytest.fixture
def sources(served: Any) -> Iterator[str]:
    """The address of the sources; what `make dev` starts."""
    port = free_port()
    command = [str(NODE), "node_modules/vite/bin/vite.js", "--port", str(port), "--strictPort"]
    with subprocess.Popen(
        command, cwd=WEB, env={"TASKFLOW_PUBLIC_URL": served.url}, stdout=subprocess.PIPE, text=True
    ) as vite:
        assert vite.stdout
        next(line for line in vite.stdout if str(port) in line)
        yield f"http://localhost:{port}"
        vite.terminate()


async def test_the_sources_speak_with_the_server_and_hear_of_changes(
    visitor: Visitor, sources: str, email: str
) -> None:
    visitor.url = sources

    async with visitor.page.expect_event("websocket", lambda socket: socket.url.endswith("/api/v1/live")) as opening:
        await visitor.register(email)
    live: WebSocket = await opening.value
    async with live.expect_event("framereceived"):
        await visitor.add("Pay the rent")

    await expect(visitor.row("Pay the rent")).to_be_visible()
