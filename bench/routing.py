"""What routing, decoding and answering cost: the project's own table beside Litestar, in CPU microseconds a request.

Run with Litestar beside the project: `uv run --with litestar python bench/routing.py`
"""

import asyncio
import statistics
from time import process_time
from typing import Any
from uuid import UUID

import msgspec
from litestar import Litestar, get, post
from litestar.status_codes import HTTP_201_CREATED

from taskflow.api.answer import json_answer
from taskflow.api.endpoint import Endpoint
from taskflow.api.request import Request
from taskflow.api.route import Route, Routes
from taskflow.api.visit import Visit
from taskflow.features.tasks.model import CreateTask

ROUNDS, REQUESTS = 7, 3_000
BODY = b'{"title":"Call the plumber about the kitchen sink","description":"before noon","status":"todo","priority":2}'
LAX = b'{"title":"Call the plumber","priority":"2"}'


class Made(msgspec.Struct):
    """An answer of the usual size."""

    id: UUID
    title: str
    priority: int


class Ask(msgspec.Struct, forbid_unknown_fields=True):
    """The body for Litestar, without our own id type."""

    title: str
    description: str = ""
    status: str = "todo"
    priority: int = 0


@post("/api/v1/tasks", status_code=HTTP_201_CREATED)
async def litestar_create(data: Ask) -> Made:
    """Decode and answer."""
    return Made(UUID(int=1), data.title, data.priority)


@get("/api/v1/tasks/{task_id:uuid}")
async def litestar_get(task_id: UUID) -> Made:
    """Answer."""
    return Made(task_id, "x", 0)


async def own_create(_backend: Any, request: Request) -> Any:
    """Decode and answer."""
    asked = await request.body(CreateTask)
    return json_answer(201, Made(UUID(int=1), asked.title, asked.priority))


async def own_get(_backend: Any, request: Request) -> Any:
    """Answer."""
    return json_answer(200, Made(request.id("id"), "x", 0))


ROUTES = Routes(
    [
        Route("POST", "/api/v1/tasks", own_create, "Make a task.", Made, 201),
        Route("GET", "/api/v1/tasks/{id}", own_get, "One task.", Made),
    ]
)


class Own:
    """The table and the endpoint, without the layers in front (Litestar has none of them either)."""

    def __init__(self) -> None:
        self.endpoint = Endpoint(None, None)  # type: ignore[arg-type] # no file is asked for

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["state"]["visit"] = Visit(ROUTES.match(scope["method"], scope["path"]))
        await self.endpoint(scope, receive, send)


def scope_of(method: str, path: str) -> dict[str, Any]:
    """An ASGI scope as uvicorn makes it."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 5000),
        "headers": [(b"host", b"x"), (b"content-type", b"application/json")],
        "state": {},
    }  # fmt: skip - a scope


async def ask(app: Any, method: str, path: str, body: bytes) -> int:
    """One request; its status."""
    status = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    await app(scope_of(method, path), receive, send)
    return status


async def cost(app: Any, method: str, path: str, body: bytes) -> float:
    """CPU microseconds a request, the median of some rounds."""
    rounds = []
    for _ in range(ROUNDS):
        began = process_time()
        for _ in range(REQUESTS):
            await ask(app, method, path, body)
        rounds.append((process_time() - began) * 1e6 / REQUESTS)
    return statistics.median(rounds)


async def main() -> None:
    """Print the table."""
    apps = {"own table": Own(), "Litestar": Litestar([litestar_create, litestar_get])}
    one = f"/api/v1/tasks/{UUID(int=1)}"
    print(f"{'':12}{'create':>10}{'get':>10}   us CPU a request")
    for name, app in apps.items():
        create, read = await cost(app, "POST", "/api/v1/tasks", BODY), await cost(app, "GET", one, b"")
        print(f"{name:12}{create:10.1f}{read:10.1f}")
    for name, app in apps.items():
        print(f'{name}: "priority": "2" (a string) is answered {await ask(app, "POST", "/api/v1/tasks", LAX)}')


if __name__ == "__main__":
    asyncio.run(main())
