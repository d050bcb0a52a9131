"""Batch: several requests in one call, answered in order, each through all layers as if it had come alone."""

from typing import Annotated, Any, Literal
from urllib.parse import unquote

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from taskflow.api.answer import Answer, Headers, json_answer, send_answer
from taskflow.api.gate import all_seen
from taskflow.api.problem import problem
from taskflow.api.request import Request
from taskflow.api.route import Route
from taskflow.foundation.forms import pattern
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import Fault, Invalid, Refusal, Unavailable, invalid

MOST = 50
ANSWERS_BYTES = 8 * 1024 * 1024  # 50 pages of 200 tasks have 5 MB
PATH = "/api/v1/batch"
ALONE = ("/api/v1/auth", PATH, "/api/v1/live")  # cookies and secrets, a batch in a batch, a socket
HEADERS = ("idempotency-key", "if-match", "if-none-match", "taskflow-seq")
CARRIED = {b"authorization", b"x-forwarded-for", b"host", b"origin", b"user-agent"}
ANY_CASE = "|".join("".join(f"[{letter.upper()}{letter}]" for letter in name) for name in HEADERS)

Name = Annotated[str, Meta(min_length=1, max_length=255)]
Place = Annotated[
    str,
    Meta(max_length=8192, pattern=pattern(r"^/api/v1/[!\"$-~]*$", "is no address below /api/v1/ in printable ASCII")),
]
Field = Annotated[str, Meta(max_length=8192, pattern=pattern(r"^[ -~]*$", "has other than printable ASCII characters"))]
Fields = Annotated[dict[str, Field], Meta(extra_json_schema={"propertyNames": {"pattern": f"^({ANY_CASE})$"}})]


class Part(Args, frozen=True, kw_only=True):
    """One of the requests: `id` comes back with its answer, `path` may have a query, `body` is any JSON."""

    id: Name
    method: Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
    path: Place
    headers: Fields = msgspec.field(default_factory=dict)
    body: msgspec.Raw | UnsetType = UNSET


class Batch(Args, frozen=True, kw_only=True):
    """The requests, in the order in which they are done."""

    requests: Annotated[list[Part], Meta(min_length=1, max_length=MOST)]


class PartAnswer(Struct, frozen=True):
    """What a request of the batch was answered: headers by lower-case name, the body's JSON, or null for none."""

    id: str
    status: int
    headers: dict[str, str]
    body: msgspec.Raw | None


class BatchAnswers(Struct, frozen=True):
    """The answers, in the order of the requests."""

    responses: list[PartAnswer]


class TooMuchAtOnce(Unavailable):
    """The answers before this one are large enough, so nothing was done here: ask for less at once."""


class NotInBatch(Refusal):
    """This is answered with something other than JSON: ask for it alone."""


async def batch(_backend: Any, request: Request) -> Answer:
    """Do up to 50 requests one after the other; one that fails does not stop the next."""
    asked = await request.body(Batch)
    check(request, asked)
    running = Running(request)
    answers = [await running.answer(part) for part in asked.requests]
    answer = json_answer(200, BatchAnswers(answers))
    if running.read:
        answer.headers.append((b"taskflow-seq", as_header(running.read)))
    return answer


def check(request: Request, asked: Batch) -> None:
    """Raise Invalid where a part can't be one; nothing has run by then."""
    if "idempotency-key" in request.headers:
        raise invalid("/headers/Idempotency-Key", "belongs to each of the requests")
    ids: set[str] = set()
    faults: list[Fault] = []
    for index, part in enumerate(asked.requests):
        faults += (Fault(f"/requests/{index}{pointer}", detail) for pointer, detail in misfits(part))
        if part.id in ids:
            faults.append(Fault(f"/requests/{index}/id", "stands twice"))
        ids.add(part.id)
    if faults:
        raise Invalid(*faults)


def misfits(part: Part) -> list[tuple[str, str]]:
    """What its form does not say."""
    found = []
    path = unquote(part.path.partition("?")[0])
    if any(path == alone or path.startswith(alone + "/") for alone in ALONE):
        found.append(("/path", "has to be asked for alone"))
    names = [name.lower() for name in part.headers]
    for name in part.headers:
        if name.lower() not in HEADERS:
            pointer = name.replace("~", "~0").replace("/", "~1")
            found.append((f"/headers/{pointer}", "is no header that a part takes"))
        elif names.count(name.lower()) > 1:
            found.append((f"/headers/{name}", "stands twice"))
    return found


class Running:
    """The parts of one call while they run: what they have read so far, and how much they have said."""

    def __init__(self, request: Request) -> None:
        """Begin with what the whole call brings."""
        self.request = request
        self.carried = [line for line in request.scope["headers"] if line[0] in CARRIED]
        self.carried.append((b"x-request-id", request.state["request_id"].encode()))
        self.seen = all_seen(request.headers.get("taskflow-seq", ""))
        self.read: dict[str, int] = {}
        self.bytes = 0
        self.paid = True  # the gate has counted the call, which pays for its first part

    async def answer(self, part: Part) -> PartAnswer:
        """Do one part, and answer it as it would be alone."""
        if self.bytes > ANSWERS_BYTES:
            return await self.refused(part, TooMuchAtOnce())
        caught = Caught(b"" if part.body is UNSET else bytes(part.body))
        await self.request.scope["app"](self.scope(part), caught.receive, caught.send)
        self.paid = False
        answer = caught.answer(part.id)
        self.bytes += len(caught.said)
        for space, number in all_seen(answer.headers.get("taskflow-seq", "")).items():
            self.read[space] = max(number, self.read.get(space, 0))
            self.seen[space] = max(number, self.seen.get(space, 0))
        if caught.said and "json" not in answer.headers.get("content-type", ""):
            return await self.refused(part, NotInBatch())
        return answer

    def scope(self, part: Part) -> dict[str, Any]:
        """The ASGI scope of a part: where it comes from is the whole call's, what it asks is its own."""
        path, _, query = part.path.partition("?")
        own = {name.lower(): text.strip() for name, text in part.headers.items()}
        least = all_seen(own.pop("taskflow-seq", ""))
        headers = [*self.carried, *((name.encode(), text.encode()) for name, text in own.items())]
        if seen := {space: max(self.seen.get(space, 0), least.get(space, 0)) for space in {**self.seen, **least}}:
            headers.append((b"taskflow-seq", as_header(seen)))
        where = {"path": unquote(path), "raw_path": path.encode(), "query_string": query.encode()}
        return {**self.request.scope, **where, "method": part.method, "headers": headers, "state": {"paid": self.paid}}

    async def refused(self, part: Part, refusal: Refusal) -> PartAnswer:
        """The answer of a part that is refused here."""
        caught = Caught(b"")
        await send_answer(caught.send, problem(refusal, self.request.state["request_id"]))
        return caught.answer(part.id)


class Caught:
    """The two ends of a part's connection."""

    def __init__(self, body: bytes) -> None:
        """Bring a body."""
        self.body, self.said, self.status = body, b"", 500
        self.headers: Headers = []

    async def receive(self) -> Any:
        return {"type": "http.request", "body": self.body, "more_body": False}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
        else:
            self.said += message.get("body", b"")

    def answer(self, name: str) -> PartAnswer:
        """What was sent."""
        shown: dict[str, str] = {}
        for line in self.headers:
            key, text = (piece.decode("latin-1") for piece in line)
            if key != "set-cookie":
                shown[key] = f"{shown[key]}, {text}" if key in shown else text
        return PartAnswer(name, self.status, shown, msgspec.Raw(self.said) if self.said else None)


def as_header(numbers: dict[str, int]) -> bytes:
    """A TaskFlow-Seq header."""
    return ", ".join(f"{space}={number}" for space, number in numbers.items()).encode("latin-1")


routes = [Route("POST", PATH, batch, (batch.__doc__ or "").splitlines()[0], BatchAnswers, body=Batch)]
