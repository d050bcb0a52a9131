"""The gate: who are you, does your session live, may you pass. All requests of a loop turn ask Redis together."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import time
from typing import Any, Literal
from uuid import UUID

import msgspec

from taskflow.api.answer import Headers
from taskflow.api.health import Draining
from taskflow.api.origin import ForeignOrigin, foreign
from taskflow.api.problem import BadQuery, NoSuchRoute
from taskflow.api.request import read_pairs
from taskflow.api.respond import refuse
from taskflow.api.route import Routes
from taskflow.api.socket import Socket
from taskflow.api.visit import Visit
from taskflow.foundation.client_address import client_address
from taskflow.foundation.ids import Id
from taskflow.foundation.limits import LocalLimit, Rate, rate_limit_headers
from taskflow.foundation.redis import keys
from taskflow.foundation.redis.ask import Ask, Reply, Session
from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.redis.turn import Turn
from taskflow.foundation.refusal import Refusal, Unauthorized
from taskflow.foundation.serving.drain import drain
from taskflow.foundation.telemetry import meters
from taskflow.foundation.tokens import Caller, Tokens

App = Callable[[Any, Any, Any], Awaitable[None]]
Network = Any
Live = Callable[[Socket, "Gate"], Awaitable[None]]
ENDED = 10_000  # 2 MB; a token is good for 15 minutes, so that few are shown whose session has ended


class SignInFirst(Unauthorized):
    """This needs a valid access token: sign in, or refresh the one you have."""


class RateLimited(Refusal):
    """Too many requests: wait as long as Retry-After says."""

    status = 429


class Limits(msgspec.Struct, frozen=True):
    """How much a caller may ask: without a valid token by address, with one by user."""

    ip: Rate
    user: Rate
    processes: int


class Gate:
    """The layer that lets requests under /api pass."""

    def __init__(
        self,
        app: App,
        routes: Routes,
        turn: Turn,
        tokens: Tokens,
        limits: Limits,
        trusted: tuple[Network, ...],
        session_lives: Callable[[Caller], Awaitable[bool]],
        public_url: str = "",
    ) -> None:  # fmt: skip - what the gate needs, in its order of use
        """Stand before `app`; `session_lives` asks the database, where Redis does not know."""
        self.app, self.routes, self.turn, self.tokens, self.limits, self.trusted = (
            app,
            routes,
            turn,
            tokens,
            limits,
            trusted,
        )
        self.session_lives = session_lives
        self.public_url, self.sockets = public_url, dict[str, Live]()
        self.local = LocalLimit(limits.processes)  # while Redis is down: a share of each limit for every process
        self.ended: set[str] = set()  # sessions of which the database has said so: none comes back

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Find the route, then let the request pass or refuse it."""
        if scope["type"] == "websocket":
            await self.open(scope, receive, send)
            return
        scope.setdefault("state", {})
        visit = scope["state"]["visit"] = Visit(None)
        visit.paid, scope["state"]["spend"] = scope["state"].get("paid", False), self.spend
        try:
            visit.match = self.routes.match(scope["method"], scope["path"])
            scope["state"]["route"] = visit.match.route.path
        except Refusal as refusal:
            if not counts(scope["path"]):
                await (
                    self.app(scope, receive, send) if isinstance(refusal, NoSuchRoute) else refuse(scope, send, refusal)
                )
                return
            await self.admit(scope, send, visit, refusal)
            return
        if visit.match.route.limit == "none" or await self.admit(scope, send, visit):
            await self.app(scope, receive, send)

    async def open(self, scope: Any, receive: Any, send: Any) -> None:
        """Let a live socket in, where there is one and its page is of this site; it counts by what is said on it."""

        async def send_denial(message: Any) -> None:
            await send({**message, "type": f"websocket.{message['type']}"})

        visit = scope.setdefault("state", {})["visit"] = Visit(None)
        live = self.sockets.get(scope["path"])
        if live is None:
            await self.admit(scope, send_denial, visit, NoSuchRoute())
        elif foreign(scope["headers"], self.public_url):
            await self.admit(scope, send_denial, visit, ForeignOrigin())
        elif drain.draining:
            await refuse(scope, send_denial, Draining())
        else:
            visit.address = self.address_of(scope)
            scope["state"]["route"] = scope["path"]
            try:
                await live(Socket(scope, receive, send), self)
            except RateLimited as limited:  # before it was opened
                await refuse(scope, send_denial, limited)

    async def greet(self, scope: Any, token: str) -> Caller | None:
        """Who shows a token on a socket, None where the session has ended; raises SignInFirst, or RateLimited.

        A hello counts against the user where it is a good one, else against the address.
        """
        visit = scope["state"]["visit"] = Visit(None)
        visit.address, visit.caller = self.address_of(scope), self.tokens.verify(token)
        told = visit.caller is not None
        await self.ask(visit)
        if not told:
            raise SignInFirst
        if visit.caller:
            scope["state"]["account"] = visit.caller.account_id
        return visit.caller

    async def silent(self, scope: Any) -> None:
        """Count a socket that has said nothing useful against its address."""
        visit = Visit(None)
        visit.address = self.address_of(scope)
        with suppress(RateLimited):
            await self.ask(visit)

    async def spend(self, caller: Caller, cost: int) -> Headers:
        """Count more of a user's; what their limit says then. Raises RateLimited."""
        rate, key = self.limits.user, keys.limit(caller.account_id)
        try:
            reply = await self.turn.ask(Ask(limit_key=key, every_us=rate.every_us, burst_us=rate.burst_us, cost=cost))
            limited, left, reset, wait = reply.limited, reply.left, reply.reset_s, reply.retry_after_s
        except RedisDown:
            limited, left, reset, wait = self.local.take(key, rate, cost)
        if limited:
            meters.rate_limited.add(1)
            raise RateLimited(retry_after=wait)
        return rate_limit_headers("user", rate, left, reset)

    async def lives(self, caller: Caller, *, surely: bool = True) -> bool:
        """Whether a session that was alive still is; where Redis does not know, the database is asked (`surely`)."""
        visit = Visit(None)
        try:
            told = (await self.turn.ask(Ask(session_key=session_key(caller)))).session
        except RedisDown:
            told, visit.alone = "missing", True
        return told == "alive" or (told == "missing" and (not surely or await self.recall(visit, caller)))

    def address_of(self, scope: Any) -> str:
        """Where a request comes from."""
        _, forwarded, _ = read_headers(scope["headers"])
        return client_address((scope.get("client") or ("", 0))[0], forwarded, self.trusted)

    async def admit(self, scope: Any, send: Any, visit: Visit, refusal: Refusal | None = None) -> bool:
        """Whether the request may pass; where not, it is answered (with `refusal`, once it was counted)."""
        try:
            await self.examine(scope, visit)
            if refusal is not None:
                raise refusal
            if visit.caller is None and not (visit.match and visit.match.route.open):
                raise SignInFirst
        except Refusal as no:
            await refuse(scope, send, no)
            return False
        return True

    async def examine(self, scope: Any, visit: Visit) -> None:
        """Fill the visit; raises RateLimited."""
        token, forwarded, seen = read_headers(scope["headers"])
        visit.address = client_address((scope.get("client") or ("", 0))[0], forwarded, self.trusted)
        visit.caller = self.tokens.verify(token) if token else None
        if visit.caller:
            scope["state"]["account"] = visit.caller.account_id
            asked = space_asked(scope["query_string"])
            if asked == "several":
                visit.several, visit.seen = True, seen
            else:
                visit.space_id = asked or visit.caller.account_id
                visit.least = least(seen, visit.space_id)
        await self.ask(visit)

    async def ask(self, visit: Visit) -> None:
        """Ask for all that is known of this request; raises RateLimited. Where the session has ended, nobody calls.

        It counts once that is known: whoever comes with an ended session spends his address' limit, not the user's.
        """
        caller = visit.caller
        session = await self.told(visit, session_key(caller) if caller else "")
        if caller and session != "alive":
            if session == "revoked" or not await self.recall(visit, caller):
                visit.caller = None
            await self.told(visit, "")

    async def told(self, visit: Visit, session: str) -> Session:
        """Ask Redis; raises RateLimited. Where the session is not alive, nothing was counted or told of the space."""
        caller, match = visit.caller, visit.match
        rate, subject = (
            (self.limits.user, keys.limit(caller.account_id)) if caller else (self.limits.ip, keys.limit(visit.address))
        )
        counted = not visit.paid and (match is None or match.route.limit == "caller")
        numbered = match is not None and match.route.spaced and visit.own and self.turn.settled()
        try:
            reply = await self.turn.ask(
                Ask(
                    limit_key=subject if counted else "",
                    every_us=rate.every_us,
                    burst_us=rate.burst_us,
                    session_key=session,
                    number_key=keys.known(visit.space_id) if numbered else "",
                )
            )  # fmt: skip - one line a question
        except RedisDown:
            visit.alone = True
            reply = self.alone(rate, subject if counted else "", session)
        if reply.session != "alive":
            return reply.session
        if counted:
            visit.headers += rate_limit_headers("user" if caller else "ip", rate, reply.left, reply.reset_s)
        if reply.limited:
            meters.rate_limited.add(1)
            raise RateLimited(retry_after=reply.retry_after_s)
        if self.turn.settled():
            visit.number, visit.lease = reply.number, reply.lease
        return "alive"

    def alone(self, rate: Rate, subject: str, session: str) -> Reply:
        """What this process can say without Redis: its share of the limit, nothing of session and number."""
        # A cost above the burst is never counted: it only tells what is left.
        if session and not (subject and self.local.take(subject, rate, rate.count + 1).left == 0):
            return Reply(limited=False, left=0, reset_s=0, retry_after_s=0, session="missing", number=None, lease="")
        limited, left, reset_s, retry_after_s = self.local.take(subject, rate) if subject else (False, 0, 0, 0)
        return Reply(limited, left, reset_s, retry_after_s, "alive", None, "")

    async def recall(self, visit: Visit, caller: Caller) -> bool:
        """Ask the database for a session that Redis does not know, and put it back; a revocation meanwhile wins."""
        key = session_key(caller)
        if key in self.ended:
            return False
        if not await self.session_lives(caller):
            if len(self.ended) >= ENDED:
                self.ended.clear()
            self.ended.add(key)
            return False
        if visit.alone:
            return True
        try:
            return await self.turn.remember_session(key, max(1, int((caller.expires - time()) * 1000))) == "alive"
        except RedisDown:
            return True


def counts(path: str) -> bool:
    """Whether a path that has no route counts against a limit: the documentation's files do not."""
    return path.startswith("/api/") and path != "/api/docs"


def read_headers(headers: list[tuple[bytes, bytes]]) -> tuple[str, str, str]:
    """The bearer token, X-Forwarded-For and TaskFlow-Seq; '' for what is missing.

    Where Authorization stands twice there is no token: a proxy may have looked at either (RFC 9110, 5.3).
    """
    token = forwarded = seen = ""
    authorizations = 0
    for name, value in headers:
        if name == b"authorization":
            authorizations += 1
            token = value[7:].strip().decode("latin-1") if value[:7].lower() == b"bearer " else ""
        elif name == b"x-forwarded-for":
            forwarded = f"{forwarded},{value.decode('latin-1')}" if forwarded else value.decode("latin-1")
        elif name == b"taskflow-seq":
            seen = f"{seen},{value.decode('latin-1')}" if seen else value.decode("latin-1")
    return token if authorizations == 1 else "", forwarded, seen


def space_asked(query: bytes) -> UUID | Literal["several"] | None:
    """The space that a query names, where it names one rightly, or that it names several (forms are read further in).

    What is about several is never about the caller's own one: neither its shelf nor its number is an answer to it.
    """
    if b"space" not in query and b"%" not in query:
        return None
    try:
        named = read_pairs(query)["space"]
        return "several" if named == "all" or "," in named else Id(named)
    except (BadQuery, KeyError, ValueError):
        return None


def least(seen: str, space_id: UUID) -> int:
    """The largest number of a space in TaskFlow-Seq headers (`space=number, ...`); 0 where it is not named."""
    return all_seen(seen).get(str(space_id), 0) if seen else 0


def all_seen(seen: str) -> dict[str, int]:
    """The largest number of every space in TaskFlow-Seq headers."""
    largest: dict[str, int] = {}
    for space, _, number in (pair.strip().partition("=") for pair in seen.split(",")):
        if is_number(number):
            largest[space] = max(int(number), largest.get(space, 0))
    return largest


def is_number(text: str) -> bool:
    """Whether it may be a space's number: 2^53 has 16 digits."""
    return text.isascii() and text.isdigit() and len(text) <= 16  # noqa: PLR2004


def session_key(caller: Caller) -> str:
    """Where a session stands in Redis until its access token ends."""
    return keys.session(caller.account_id, caller.session_id)
