"""What the telemetry layer costs a request: CPU around an application that does nothing, and its parts alone."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from logging import INFO, WARNING
from typing import Any

import uvloop

from taskflow.api.telemetry import Line, Telemetry, declare, request_id
from taskflow.foundation.telemetry.log import Log, moment
from taskflow.foundation.telemetry.log_json import json_line
from taskflow.foundation.telemetry.meters import metrics, request_seconds

REQUESTS = 50_000
TURN = 32  # requests answered in one turn of the event loop
ROUTE = "/api/v1/tasks"
ACCOUNT = "01936c0e-7f6a-7a3b-9c1d-2f1e5a6b7c8d"
HEADERS = [
    (b"host", b"localhost:8000"),
    (b"user-agent", b"Mozilla/5.0"),
    (b"accept", b"application/json"),
    (b"accept-encoding", b"gzip, br"),
    (b"authorization", b"Bearer x"),
    (b"if-none-match", b'"12"'),
    (b"connection", b"keep-alive"),
]
START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
BODY = {"type": "http.response.body", "body": b"{}"}


async def trivial(scope: Any, _receive: Any, send: Any) -> None:
    scope["state"]["route"] = ROUTE
    scope["state"]["account"] = ACCOUNT
    await send(START)
    await send(BODY)


async def nowhere(_message: Any) -> None:
    pass


def main() -> None:
    declare([("GET", ROUTE)])
    metrics.start(1)
    metrics.enter(0)
    with open(os.devnull, "wb") as sink:  # noqa: PTH123 - a descriptor, not a path
        bare = run(trivial)
        silent = run(Telemetry(trivial, Log(sink.fileno(), level=WARNING)))
        whole = run(Telemetry(trivial, Log(sink.fileno(), level=INFO)))
    print(f"the application alone          {bare:6.2f} us")
    print(f"+ telemetry, no line           {silent - bare:6.2f} us")
    print(f"+ its line, {TURN} in a turn       {whole - silent:6.2f} us")
    child = request_seconds.child(route=ROUTE, method="GET", status="2xx")
    line = Line(moment(), "info", "request", "0" * 20, "GET", ROUTE, ROUTE, 200, 1.234, 12_345, ACCOUNT)
    parts: dict[str, Callable[[], object]] = {
        "a request id made": lambda: request_id(HEADERS),
        "an observation": lambda: child.observe(0.003),
        "the time": moment,
        "the line as JSON": lambda: json_line(line),
    }
    nothing = cost(lambda: None)
    for name, part in parts.items():
        print(f"  {name:<28} {cost(part) - nothing:6.2f} us")


def run(app: Callable[[Any, Any, Any], Awaitable[None]]) -> float:
    """CPU microseconds a request, the best of seven rounds."""
    return min(uvloop.run(ask(app)) for _ in range(7)) / REQUESTS * 1e6


async def ask(app: Callable[[Any, Any, Any], Awaitable[None]]) -> float:
    began = time.process_time()
    for _ in range(REQUESTS // TURN):
        for _ in range(TURN):
            await app(
                {"type": "http", "method": "GET", "path": ROUTE, "headers": HEADERS, "state": {}}, nowhere, nowhere
            )
        await asyncio.sleep(0)
    return time.process_time() - began


def cost(work: Callable[[], object]) -> float:
    """CPU microseconds a call, the best of five rounds."""
    rounds = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(REQUESTS):
            work()
        rounds.append(time.process_time() - began)
    return min(rounds) / REQUESTS * 1e6


if __name__ == "__main__":
    main()
