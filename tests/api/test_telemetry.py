import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
import uvicorn

from taskflow.api.telemetry import Telemetry, declare
from taskflow.foundation.telemetry.log import LEVELS, Log
from taskflow.foundation.telemetry.meters import metrics

ACCOUNT = UUID(int=7)
App = Callable[[Any, Any, Any], Awaitable[None]]

declare([("GET", "/t/tasks"), ("POST", "/t/tasks"), ("GET", "/t/p/{token}"), ("GET", "/healthz")])


class Lines:
    """A log at level debug, and what stands in it."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        self.log = Log(self.writer, level=LEVELS["debug"])

    def read(self) -> list[dict[str, Any]]:
        self.log.flush()
        try:
            return [json.loads(line) for line in os.read(self.reader, 1 << 20).splitlines()]
        except BlockingIOError:
            return []


@pytest.fixture
def lines() -> Iterator[Lines]:
    made = Lines()
    yield made
    os.close(made.reader)
    os.close(made.writer)


async def test_an_id_that_is_visible_ascii_is_echoed_and_any_other_is_replaced(lines: Lines) -> None:
    async with served(answers(), lines) as client:
        for given in ("abc-123", '"\\!~', "x" * 128):
            assert (await client.get("/", headers={"x-request-id": given})).headers["x-request-id"] == given
        for given in ("", "a b", "é", "x" * 129, "a\tb"):
            made = (await client.get("/", headers=[(b"x-request-id", given.encode())])).headers["x-request-id"]
            assert made != given
            assert len(made) == 20


async def test_every_request_without_an_id_gets_its_own_and_its_line_has_it(lines: Lines) -> None:
    async with served(answers(), lines) as client:
        ids = [(await client.get("/")).headers["x-request-id"] for _ in range(50)]

    assert len(set(ids)) == 50
    assert [line["id"] for line in lines.read()] == ids


async def test_the_layers_below_find_the_id_in_the_state(lines: Lines) -> None:
    async def echo(scope: Any, _receive: Any, send: Any) -> None:
        await answer(send, 200, scope["state"]["request_id"].encode())

    async with served(echo, lines) as client:
        assert (await client.get("/", headers={"x-request-id": "mine"})).text == "mine"


async def test_a_request_is_one_line_without_its_query(lines: Lines) -> None:
    async with served(answers(201, b"made", route="/t/tasks", account=ACCOUNT), lines) as client:
        await client.post("/t/tasks?q=secret", content=b"body", headers={"authorization": "Bearer secret"})

    (line,) = lines.read()
    assert line.pop("time")
    assert line.pop("id")
    assert line.pop("ms") > 0
    assert line == {
        "level": "info",
        "event": "request",
        "method": "POST",
        "route": "/t/tasks",
        "path": "/t/tasks",
        "status": 201,
        "bytes": 4,
        "account": str(ACCOUNT),
    }


async def test_a_path_keeps_its_token_and_its_e_mail_address_to_itself(lines: Lines) -> None:
    async with served(answers(route="/t/p/{token}"), lines) as client:
        await client.get("/t/p/secret")
    async with served(answers(404), lines) as client:
        await client.get("/t/p/secret/more")
        await client.get("/users/ada@example.com")
        await client.get("/t/eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln/x")
        await client.get("/reset/token=0123456789abcdef")
    async with served(answers(422, route="/t/{id}"), lines) as client:
        await client.get("/t/eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln")

    assert [line["path"] for line in lines.read()] == [
        "/t/p/{token}",
        "unmatched",
        "/users/[e-mail]",
        "/t/[token]/x",
        "/reset/token=[masked]",
        "/t/[token]",
    ]


async def test_health_checks_are_not_logged_at_info(lines: Lines) -> None:
    async with served(answers(route="/healthz"), lines) as client:
        await client.get("/healthz")
        assert [line["level"] for line in lines.read()] == ["debug"]
        lines.log.level = LEVELS["info"]
        await client.get("/healthz")

    assert lines.read() == []


async def test_a_request_is_measured_by_route_method_and_class_and_head_counts_as_get(lines: Lines) -> None:
    async with served(answers(200, route="/t/tasks"), lines) as client, measured("/t/tasks", "GET", "2xx") as count:
        await client.get("/t/tasks")
        await client.head("/t/tasks")
        assert count() == 2
    async with served(answers(503, route="/t/tasks"), lines) as client, measured("/t/tasks", "GET", "5xx") as count:
        await client.get("/t/tasks")
        assert count() == 1


@pytest.mark.parametrize("route", [None, "/never/declared", "/t/tasks"])
async def test_a_route_or_method_that_nobody_declared_makes_no_new_label(lines: Lines, route: str | None) -> None:
    async with served(answers(200, route=route), lines) as client, measured("unmatched", "other", "2xx") as count:
        await client.delete("/whatever/1")

        assert count() == 1


async def test_what_breaks_below_is_answered_as_a_problem_that_shows_nothing(lines: Lines) -> None:
    async with served(breaks, lines) as client:
        response = await client.get("/", headers={"x-request-id": 'a"b'})

    assert (response.status_code, response.headers["content-type"]) == (500, "application/problem+json")
    assert response.headers["x-request-id"] == 'a"b'
    assert response.headers["x-content-type-options"] == "nosniff"
    assert (response.json()["code"], response.json()["request_id"]) == ("internal_error", 'a"b')
    assert "secret" not in response.text
    failure, request = lines.read()
    assert (failure["level"], failure["error"], failure["id"]) == ("error", "ValueError", 'a"b')
    assert failure["trace"].endswith("ValueError: secret")
    assert (request["status"], request["id"]) == (500, 'a"b')


async def test_what_breaks_after_the_answer_began_ends_the_connection_and_is_logged(lines: Lines) -> None:
    async def half(_scope: Any, _receive: Any, send: Any) -> None:
        await start(send, 200, b"10")
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ValueError

    async with served(half, lines) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/")

    failure, request = lines.read()
    assert failure["error"] == "ValueError"
    assert (request["status"], request["bytes"]) == (200, 4)


async def test_an_application_that_sends_nothing_is_answered_for(lines: Lines) -> None:
    async def silent(_scope: Any, _receive: Any, _send: Any) -> None:
        pass

    async with served(silent, lines) as client:
        assert (await client.get("/")).json()["code"] == "internal_error"

    assert [line.get("error") for line in lines.read()] == ["NoAnswer", None]


async def test_a_client_that_hangs_up_while_it_sends_is_a_499_and_no_error(lines: Lines) -> None:
    async def reads(_scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            continue
        await answer(send, 500, b"lost")

    async with served(reads, lines) as client:
        await hang_up(client, b"POST /t/tasks HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf")

    (line,) = lines.read()
    assert (line["event"], line["status"], line["level"]) == ("request", 499, "info")


async def test_a_client_that_hangs_up_before_the_answer_is_a_499_though_nobody_looked(lines: Lines) -> None:
    asked, gone = asyncio.Event(), asyncio.Event()

    async def slow(_scope: Any, _receive: Any, send: Any) -> None:
        asked.set()
        await gone.wait()
        await answer(send, 200, b"late")

    async with served(slow, lines) as client:
        await hang_up(client, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", asked)
        gone.set()

    (line,) = lines.read()
    assert (line["event"], line["status"]) == ("request", 499)


async def test_a_server_that_tells_of_the_end_by_a_message_is_believed_until_the_answer_is_whole(lines: Lines) -> None:
    async def reads(_scope: Any, receive: Any, _send: Any) -> None:
        await receive()
        raise ValueError

    async def answers_first(_scope: Any, receive: Any, send: Any) -> None:
        await answer(send, 200, b"")
        await receive()

    for app in (reads, answers_first):
        await Telemetry(app, lines.log)(http_scope(), feed([{"type": "http.disconnect"}]), collect([]))

    broken, *requests = lines.read()
    assert (broken["error"], broken["level"]) == ("ValueError", "debug")
    assert [line["status"] for line in requests] == [499, 200]


async def test_a_request_cancelled_at_the_end_of_the_server_still_has_its_line(lines: Lines) -> None:
    async def waits(_scope: Any, _receive: Any, _send: Any) -> None:
        await asyncio.Event().wait()

    request = asyncio.ensure_future(Telemetry(waits, lines.log)(http_scope(), None, None))
    await asyncio.sleep(0)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request

    assert [line["status"] for line in lines.read()] == [499]


async def test_headers_that_the_layer_below_keeps_are_not_changed(lines: Lines) -> None:
    message = {"type": "http.response.start", "status": 204, "headers": [(b"a", b"b")]}

    async def shelf(_scope: Any, _receive: Any, send: Any) -> None:
        await send(message)
        await send({"type": "http.response.body"})

    sent: list[Any] = []
    await Telemetry(shelf, lines.log)(http_scope(), None, collect(sent))

    assert message == {"type": "http.response.start", "status": 204, "headers": [(b"a", b"b")]}
    assert sent[0]["headers"][0] == (b"a", b"b")
    assert sent[0]["headers"][1][0] == b"x-request-id"


async def test_a_socket_is_counted_while_it_is_open_and_one_line_at_its_end(lines: Lines) -> None:
    during: list[float] = []

    async def live(scope: Any, receive: Any, send: Any) -> None:
        scope["state"]["route"] = "/t/live"
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "abc"})
        during.append(sample("taskflow_sockets"))
        while (await receive())["type"] != "websocket.disconnect":
            continue

    before = sample("taskflow_sockets")
    sent: list[Any] = []
    messages = [{"type": "websocket.receive", "text": "x"}, {"type": "websocket.disconnect", "code": 1001}]
    await Telemetry(live, lines.log)(socket_scope(), feed(messages), collect(sent))

    assert sent[0]["headers"][0][0] == b"x-request-id"
    assert [during[0] - before, sample("taskflow_sockets") - before] == [1, 0]
    (line,) = lines.read()
    assert [line[name] for name in ("event", "route", "code", "bytes", "messages")] == ["socket", "/t/live", 1001, 3, 1]


async def test_a_socket_that_breaks_is_closed_with_1011_and_one_that_never_opened_is_a_500(lines: Lines) -> None:
    async def opened(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        raise ValueError

    sent: list[Any] = []
    await Telemetry(opened, lines.log)(socket_scope(), None, collect(sent))
    await Telemetry(breaks, lines.log)(socket_scope(), None, collect(sent))

    assert sent[1] == {"type": "websocket.close", "code": 1011}
    assert (sent[2]["type"], sent[2]["status"]) == ("websocket.http.response.start", 500)
    assert b"secret" not in sent[3]["body"]
    assert [line.get("code") for line in lines.read()] == [None, 1011, None, 500]


def answers(status: int = 200, body: bytes = b"", **state: object) -> App:
    async def app(scope: Any, _receive: Any, send: Any) -> None:
        scope["state"].update(state)
        await answer(send, status, body)

    return app


async def breaks(_scope: Any, _receive: Any, _send: Any) -> None:
    raise ValueError("secret")


async def answer(send: Any, status: int, body: bytes) -> None:
    await start(send, status, str(len(body)).encode())
    await send({"type": "http.response.body", "body": body})


async def start(send: Any, status: int, length: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", length)]})


@asynccontextmanager
async def served(app: App, lines: Lines) -> AsyncIterator[httpx.AsyncClient]:
    """The layer around an application, on uvicorn."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(Telemetry(app, lines.log), log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}") as client:
            yield client
    finally:
        server.should_exit = True
        await serving


async def hang_up(client: httpx.AsyncClient, request: bytes, when: asyncio.Event | None = None) -> None:
    """Send a request and close the connection; return when the server has noticed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
    writer.write(request)
    await (when.wait() if when else writer.drain())
    writer.write_eof()
    await reader.read()
    writer.close()
    await writer.wait_closed()


@asynccontextmanager
async def measured(route: str, method: str, status: str) -> AsyncIterator[Callable[[], float]]:
    """How many more requests were observed since."""
    name = f'taskflow_request_seconds_count{{route="{route}",method="{method}",status="{status}"}}'
    before = sample(name)
    yield lambda: sample(name) - before


def sample(name: str) -> float:
    found = [line.rpartition(" ") for line in metrics.render().decode().splitlines()]
    return sum(float(value) for key, _, value in found if key == name)


def http_scope() -> dict[str, Any]:
    return {"type": "http", "method": "GET", "path": "/", "headers": []}


def socket_scope() -> dict[str, Any]:
    return {"type": "websocket", "path": "/t/live", "headers": [], "extensions": {"websocket.http.response": {}}}


def collect(sent: list[Any]) -> Callable[[Any], Awaitable[None]]:
    async def send(message: Any) -> None:
        sent.append(message)

    return send


def feed(messages: list[Any]) -> Callable[[], Awaitable[Any]]:
    async def receive() -> Any:
        return messages.pop(0)

    return receive
