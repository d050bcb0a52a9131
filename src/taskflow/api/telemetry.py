"""Telemetry: the outermost layer. Gives each request its id, times it, logs it, and answers for what broke below."""

import re
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from logging import DEBUG, ERROR, INFO
from random import getrandbits
from time import perf_counter
from typing import Any

import msgspec

from taskflow.api.answer import NOSNIFF, Answer, send_answer
from taskflow.api.problem import InternalError, problem
from taskflow.foundation.telemetry import log as logs
from taskflow.foundation.telemetry import meters
from taskflow.foundation.telemetry.log import Log, moment
from taskflow.foundation.telemetry.masks import masked

App = Callable[[Any, Any, Any], Awaitable[None]]
Series = tuple[Callable[[float], None], ...]

GONE = 499  # as nginx has it: the client hung up before the answer was out
UNMATCHED = ("unmatched", "other")
QUIET = frozenset({"/metrics", "/healthz", "/readyz"})
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
_given_id = re.compile(rb"[\x21-\x7e]{1,128}")


class Line(msgspec.Struct):
    """One request in the log. `path` has no query; where a route's path carries a token, `path` is the route."""

    time: str
    level: str
    event: str
    id: str
    method: str
    route: str
    path: str
    status: int
    ms: float
    bytes: int
    account: Any = None


class NoAnswer(RuntimeError):
    """The application returned and had sent nothing."""


def declare(routes: Iterable[tuple[str, str]]) -> None:
    """Declare what is measured by (method, route), in the parent; a request along any other counts as unmatched."""
    for method, route in routes:
        for status in CLASSES:
            meters.request_seconds.child(route=route, method=method, status=status)


declare([(UNMATCHED[1], UNMATCHED[0])])


class Telemetry:
    """Stands before every other layer; reads `route` and `account` from the scope's state when the request is over."""

    def __init__(self, app: App, log: Log = logs.log) -> None:
        """Stand before `app`; the routes are those that were declared by now."""
        self.app, self.log = app, log
        self.series = {name: series(*name) for name in {key[:2] for key in meters.request_seconds.children}}
        self.series |= {(route, "HEAD"): found for (route, method), found in self.series.items() if method == "GET"}
        self.unmatched = self.series[UNMATCHED]
        self.secret = tuple({route.partition("{token}")[0] for route, _ in self.series if "{token}" in route})

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, or follow one socket to its end."""
        if scope["type"] != "http":
            await (self.socket if scope["type"] == "websocket" else self.app)(scope, receive, send)
            return
        began = perf_counter()
        state = scope.setdefault("state", {})
        name = state["request_id"] = request_id(scope["headers"])
        header = (b"x-request-id", name.encode())
        status = sent = 0
        whole = gone = False

        async def passing_send(message: Any) -> None:
            nonlocal status, sent, whole, gone
            if message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
                whole = not message.get("more_body", False)
            elif message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), header]}
            try:
                await send(message)
            except OSError:
                gone = True
                raise

        async def passing_receive() -> Any:
            nonlocal gone
            message = await receive()
            gone = gone or (message["type"] == "http.disconnect" and not whole)
            return message

        try:
            await self.app(scope, passing_receive, passing_send)
            gone = gone or hung_up(send)
            if not status and not gone:
                raise NoAnswer
        except Exception as error:  # noqa: BLE001 - whatever broke below, its trace stays here
            gone = gone or hung_up(send)
            self.failed(state, error, DEBUG if gone else ERROR)
            if not status and not gone:
                with suppress(OSError):
                    await send_answer(passing_send, broken(name))
        finally:
            self.done(scope["method"], scope["path"], state, GONE if gone or not status else status, began, sent)

    def done(self, method: str, path: str, state: dict[str, Any], status: int, began: float, sent: int) -> None:
        """Measure and log one answered request; the door, which answers before there is a scope, calls it as well."""
        seconds = perf_counter() - began
        route = state.get("route") or UNMATCHED[0]
        self.series.get((route, method), self.unmatched)[status // 100](seconds)
        level, grave = (DEBUG, "debug") if route in QUIET else (INFO, "info")
        if level < self.log.level:
            return
        self.log.put(
            level,
            Line(
                moment(),
                grave,
                "request",
                state["request_id"],
                method,
                route,
                self.shown(path, route),
                status,
                int(seconds * 1e6) / 1000,
                sent,
                state.get("account"),
            ),
        )

    def shown(self, path: str, route: str) -> str:
        """The path as it may be logged."""
        if "{token}" in route or (self.secret and path.startswith(self.secret)):
            return route
        # Along a route the only room for a secret is an id that is none: an address, or a token of ours.
        return masked(path) if route == UNMATCHED[0] or "@" in path or "eyJ" in path else path

    def failed(self, state: dict[str, Any], error: Exception, level: int) -> None:
        """Log what broke, and count it where it is ours."""
        if level == ERROR:
            meters.internal_error.add()
        self.log.failure("request failed", error, level, id=state["request_id"], route=state.get("route"))

    async def socket(self, scope: Any, receive: Any, send: Any) -> None:
        """One line at its end: how long it was open, what was sent, and the code with which it was closed."""
        began = perf_counter()
        state = scope.setdefault("state", {})
        name = state["request_id"] = request_id(scope["headers"])
        passing = Socket(send, receive, (b"x-request-id", name.encode()))
        try:
            await self.app(scope, passing.receive, passing.send)
        except Exception as error:  # noqa: BLE001 - as above
            self.failed(state, error, DEBUG if passing.code else ERROR)
            await passing.fail(scope)
        finally:
            passing.leave()
            self.log.info(
                "socket",
                id=name,
                route=state.get("route") or UNMATCHED[0],
                path=self.shown(scope["path"], state.get("route") or UNMATCHED[0]),
                code=passing.code,
                ms=int((perf_counter() - began) * 1e6) / 1000,
                bytes=passing.sent,
                messages=passing.messages,
                account=state.get("account"),
            )


class Socket:
    """What passes through one socket. `code`: its close code, or the status with which it was refused; 0 while open."""

    def __init__(self, send: Any, receive: Any, header: tuple[bytes, bytes]) -> None:
        """Stand between an application and its server."""
        self.out, self.into, self.header = send, receive, header
        self.code = self.sent = self.messages = 0
        self.accepted = False

    async def send(self, message: Any) -> None:
        kind = message["type"]
        if kind == "websocket.send":
            self.messages += 1
            self.sent += len(message.get("bytes") or message.get("text") or "")
        elif kind == "websocket.accept":
            self.accepted = True
            meters.sockets.add(1)
            message = {**message, "headers": [*message.get("headers", ()), self.header]}
        elif kind == "websocket.close":
            self.code = self.code or (message.get("code", 1000) if self.accepted else 403)
        elif kind == "websocket.http.response.start":
            self.code = message["status"]
            message = {**message, "headers": [*message.get("headers", ()), self.header]}
        await self.out(message)

    async def receive(self) -> Any:
        message = await self.into()
        if message["type"] == "websocket.disconnect":
            self.code = self.code or message.get("code", 1005)
        return message

    async def fail(self, scope: Any) -> None:
        """Close what broke: 1011, or 500 where it was not accepted yet."""
        if self.code:
            return
        if self.accepted or "websocket.http.response" not in (scope.get("extensions") or {}):
            await self.send({"type": "websocket.close", "code": 1011})
            return
        answer = broken(self.header[1].decode())
        start = {"type": "websocket.http.response.start", "status": answer.status, "headers": answer.headers}
        await self.send(start)
        await self.send({"type": "websocket.http.response.body", "body": answer.body})

    def leave(self) -> None:
        """It is not open any more."""
        if self.accepted:
            meters.sockets.add(-1)


def series(route: str, method: str) -> Series:
    """What observes a duration, by the hundreds of the status; what no status is counts as the server's fault."""
    classes = [meters.request_seconds.child(route=route, method=method, status=status).observe for status in CLASSES]
    return (classes[-1], *classes, *[classes[-1]] * 4)


def broken(name: str) -> Answer:
    """The answer for what broke: it shows nothing but the request's id."""
    answer = problem(InternalError(), name)
    answer.headers += [NOSNIFF, (b"cache-control", b"no-store")]
    return answer


def request_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The client's own, if it is 1..128 visible ASCII characters; else 80 random bits, drawn anew in each process."""
    for name, value in headers:
        if name == b"x-request-id":
            if _given_id.fullmatch(value):
                return value.decode()
            break
    return f"{getrandbits(80):020x}"


def hung_up(send: Any) -> bool:
    """Whether uvicorn knows that the client went before the answer was out; another server does not say."""
    cycle = getattr(send, "__self__", None)
    return getattr(cycle, "disconnected", False) and not getattr(cycle, "response_complete", True)
