"""The shelf: answers under the number at which they were read: never wrong, only superseded, never invalidated."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec

from taskflow.api.answer import JSON, Answer
from taskflow.api.etag import form_of, if_none_match
from taskflow.api.request import read_query
from taskflow.api.respond import refuse, respond
from taskflow.api.route import Route
from taskflow.api.visit import Visit
from taskflow.foundation.redis import keys
from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.redis.known import Raise, after_read, usable
from taskflow.foundation.redis.turn import Turn
from taskflow.foundation.refusal import Refusal, Unavailable
from taskflow.foundation.telemetry import meters

App = Callable[[Any, Any, Any], Awaitable[None]]
NumberOf = Callable[[UUID, UUID], Awaitable[int | None]]  # of the second, a space, if the first, an account, is in it
READS = {"GET", "HEAD"}
OWN_BYTES = 32 * 1024 * 1024  # a process keeps this much; a list of 50 tasks has some 25 KB
SHARED_S = 15 * 60
WAIT_S = 1.0  # for a number that the client has seen and this server has not
READING_AT_ONCE = 10  # requests that the primary answers while Redis is down; beyond it 503
ENTRY_BYTES = 300  # what an answer takes beside its key and body
DIGESTS = 10_000  # 8 MB, with what names them
LONG_QUERY = 300  # bytes; a longer one is read anew each time


class NotThereYet(Unavailable):
    """The state that TaskFlow-Seq names has not arrived here yet: try again in a second."""


class TooBusy(Unavailable):
    """The cache is down and the database has enough to do: try again in a second."""


class Shelf:
    """The layer that answers a GET whose answer at the space's number is there already."""

    def __init__(self, app: App, turn: Turn, number_of: NumberOf, *, shared: bool = False) -> None:
        """Stand before `app`; `number_of` asks the primary; `shared`: other processes look in Redis too."""
        self.app, self.turn, self.number_of, self.shared = app, turn, number_of, shared
        self.own: OrderedDict[str, bytes] = OrderedDict()
        self.bytes = 0
        self.digests: dict[tuple[str, bytes], str] = {}
        self.reading = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer from the shelf, or pass on what has to be read."""
        visit: Visit | None = scope.get("state", {}).get("visit")
        if visit is None or visit.match is None or not visit.match.route.spaced or visit.caller is None:
            await self.app(scope, receive, send)
            return
        if not (visit.alone and (scope["method"] in READS or visit.match.route.reads)):
            await self.answer(scope, receive, send, visit)
        elif self.reading >= READING_AT_ONCE:
            await refuse(scope, send, TooBusy())
        else:
            self.reading += 1
            try:
                await self.answer(scope, receive, send, visit)
            finally:
                self.reading -= 1

    async def answer(self, scope: Any, receive: Any, send: Any, visit: Visit) -> None:
        """Send what is there, or pass the request on."""
        try:
            answer = await self.look(scope, visit)
        except Refusal as refusal:
            await refuse(scope, send, refusal)
            return
        if answer is None:
            await self.app(scope, receive, send)
        else:
            await respond(scope, send, answer)

    async def look(self, scope: Any, visit: Visit) -> Answer | None:
        """The answer, or None where it must be read; raises NotThereYet."""
        if visit.several:
            return None
        route = visit.match.route if visit.match else None
        if route and route.shelved and scope["method"] in READS:
            visit.digest = self.digest(route, scope["query_string"])
        if visit.digest is None or not visit.own:
            if visit.least and not usable(visit.number, visit.least):
                await self.arrived(visit)
            return None
        number = visit.number if usable(visit.number, visit.least) else await self.arrived(visit)
        if number is None:
            return None
        return await self.at(scope, visit, visit.digest, number)

    async def at(self, scope: Any, visit: Visit, digest: str, number: int) -> Answer | None:
        """What is there at a number: nothing changed (304), an answer, or None."""
        tag = etag(visit, number, digest)
        if tag in if_none_match(scope["headers"]):
            meters.shelf_not_modified.add(1)
            await self.tell(visit, number)
            return Answer(304, headers=[(b"etag", tag)], number=number)
        body = await self.get(visit, number, digest)
        if body is None:
            meters.shelf_miss.add(1)
            return None
        meters.shelf_hit.add(1)
        await self.tell(visit, number)
        return Answer(200, body, [(b"content-type", JSON), (b"etag", tag)], number)

    async def arrived(self, visit: Visit) -> int | None:
        """The primary's own number, once it is what the client has seen; raises NotThereYet after 1 s."""
        visit.number = None
        until = monotonic() + WAIT_S
        while True:
            number = await self.asked(visit)
            if number is None or number >= visit.least:
                return number
            if monotonic() > until:
                raise NotThereYet
            await asyncio.sleep(0.05)

    async def asked(self, visit: Visit) -> int | None:
        """Ask the primary; None where the caller may not know."""
        return await self.number_of(visit.account_id, visit.space_id) if visit.space_id else None

    async def tell(self, visit: Visit, got: int) -> None:
        """Make known what was read, before it is answered."""
        known = after_read(keys.known(visit.space_id), visit.number, got, visit.lease)
        if known is None:
            return
        try:
            await self.turn.raise_number(known.key, known.number, known.lease)
        except RedisDown:
            return

    async def tell_all(self, numbers: Mapping[UUID, int]) -> None:
        """Make known what was read of several spaces, before it is answered."""
        told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        left = len(numbers)

        def one_told(_: RedisDown | None) -> None:
            nonlocal left
            left -= 1
            if not left and not told.done():
                told.set_result(None)

        for space_id, got in numbers.items():
            self.turn.submit_raise(Raise(keys.known(space_id), got), one_told)
        await told

    async def put(self, scope: Any, visit: Visit, answer: Answer) -> Answer:
        """Keep what was just read, and give it its ETag; a team's is kept by who has read it alone."""
        if visit.digest is None or answer.number is None or answer.status != 200:  # noqa: PLR2004 - only what is complete
            return answer
        if not visit.own:
            tag = etag(visit, answer.number, visit.digest)
            if tag in if_none_match(scope["headers"]):
                return Answer(304, headers=[(b"etag", tag)], number=answer.number)
            answer.headers = [*answer.headers, (b"etag", tag)]
            return answer
        key = shelf_key(visit, answer.number, visit.digest)
        self.keep(key, answer.body)
        if self.shared and not visit.alone:
            with suppress(RedisDown):
                await self.turn.command("SET", key, answer.body, "EX", SHARED_S)
        answer.headers = [*answer.headers, (b"etag", etag(visit, answer.number, visit.digest))]
        return answer

    async def get(self, visit: Visit, number: int, digest: str) -> bytes | None:
        """What this process kept, or another one."""
        key = shelf_key(visit, number, digest)
        body = self.own.get(key)
        if body is not None:
            self.own.move_to_end(key)
            return body
        if not self.shared or visit.alone:
            return None
        try:
            found: bytes | None = await self.turn.command("GET", key)
        except RedisDown:
            return None
        if found is not None:
            self.keep(key, found)
        return found

    def keep(self, key: str, body: bytes) -> None:
        """Put a body on this process' own shelf; the longest unused ones make room."""
        replaced = self.own.pop(key, None)
        self.own[key] = body
        self.bytes += weight(key, body) - (weight(key, replaced) if replaced is not None else 0)
        while self.bytes > OWN_BYTES:
            self.bytes -= weight(*self.own.popitem(last=False))

    def digest(self, route: Route, query: bytes) -> str | None:
        """What names a query and the form of its answer; None for a query that will be refused."""
        known = self.digests.get((route.path, query))
        if known is not None:
            return known
        try:
            asked: Any = read_query(query, route.query)
        except Refusal:
            return None
        text = msgspec.json.encode([route.path, form_of(route.answer), asked])
        made = hashlib.sha256(text).hexdigest()[:16]
        if len(query) <= LONG_QUERY:
            if len(self.digests) >= DIGESTS:
                self.digests.clear()
            self.digests[route.path, query] = made
        return made


def weight(key: str, body: bytes) -> int:
    """The memory that an answer takes on the shelf, in bytes."""
    return len(key) + len(body) + ENTRY_BYTES


def shelf_key(visit: Visit, number: int, digest: str) -> str:
    """Where an answer stands: under its space, number and query."""
    return keys.shelf(visit.space_id, number, digest)


def etag(visit: Visit, number: int, digest: str) -> bytes:
    """The strong ETag of a list (RFC 9110, 8.8.3)."""
    return f'"{visit.space_id}.{number}.{digest}"'.encode()
