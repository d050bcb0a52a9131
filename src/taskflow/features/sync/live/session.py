"""A session: one socket from its first word to its close code."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from math import ceil
from time import time
from uuid import UUID

import msgspec
from msgspec import Raw

from taskflow.api.gate import Gate, RateLimited, SignInFirst
from taskflow.api.request import read_body
from taskflow.api.socket import Closed, Code, Socket, TooSlow
from taskflow.features.sync.catching_up import catch_up
from taskflow.features.sync.commands import run
from taskflow.features.sync.live.ending import Ended, Ending
from taskflow.features.sync.live.messages import Changes, Commands, Drain, Hello, Results, Said, refused, told
from taskflow.features.sync.live.post import Post
from taskflow.features.sync.live.pushing import Pushing
from taskflow.features.sync.protocol import COMMANDS_A_TOKEN, Gone
from taskflow.foundation.refusal import Refusal
from taskflow.foundation.tokens import Caller


class Session:
    """One socket. `caller` is who has said hello last; None before anybody has."""

    def __init__(self, post: "Post[Session]", socket: Socket, gate: Gate) -> None:
        """Wait for a hello."""
        self._post, self._socket, self._gate = post, socket, gate
        self.caller: Caller | None = None
        self.address = gate.address_of(socket.scope)
        self.deltas, self.times = post.deltas, post.times
        self.pushing = Pushing(self)
        self._ending = Ending(socket)
        self._request_id: str = socket.scope["state"].get("request_id", "")
        self._expiry: asyncio.TimerHandle | None = None
        self._busy = asyncio.Lock()

    async def live(self) -> None:
        """Read and push until one side ends it."""
        ways = [asyncio.ensure_future(way) for way in (self._read(), self.pushing.push(), self._ending.told())]
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            if self._expiry:
                self._expiry.cancel()
        await self._ending.say_why(done.pop())

    def end(self, code: Code) -> None:
        """Close it, from outside."""
        self._ending.tell(code)

    async def drain(self, retry_after: float) -> None:
        """Tell the client to come back, answer what is being done, and close."""
        with suppress(Closed, TooSlow):
            await self.send(told(Drain(retry_after)))
            async with self._busy:
                self.end(Code.RESTART)

    async def send(self, message: bytes) -> None:
        """Send a message; raises TooSlow or Closed."""
        await self._socket.send(message)

    async def _read(self) -> None:
        await self._greeted()
        while True:
            raw = await self._socket.receive()
            async with self._busy:
                await self._answer(raw)

    async def _greeted(self) -> None:
        """Wait for the first hello; whoever says anything else, or nothing, is counted by address and turned away."""
        try:
            async with asyncio.timeout(self.times.hello_s):
                raw = await self._socket.receive()
            hello: Hello = read_body(raw, Hello)
        except (TimeoutError, Closed, Refusal) as nothing:
            await self._gate.silent(self._socket.scope)
            if isinstance(nothing, Closed):
                raise
            raise Ended(Code.WHO_ARE_YOU) from nothing
        async with self._busy:
            await self._settled(self._hello(hello))

    async def _answer(self, raw: bytes) -> None:
        """Do what a message says; one that is refused is answered with a problem, and counts all the same."""
        try:
            said: Said = read_body(raw, Said, nul=True)  # type: ignore[arg-type] # a union, which msgspec reads as well
        except Refusal as refusal:
            await self._gate.spend(self._known(), 1)
            await self.send(refused(refusal, self._request_id))
        else:
            await self._settled(self._hello(said) if isinstance(said, Hello) else self._do(said))

    async def _settled(self, doing: Awaitable[None]) -> None:
        """Answer a refusal with a problem."""
        try:
            await doing
        except SignInFirst:
            raise Ended(Code.WHO_ARE_YOU) from None
        except RateLimited:
            raise
        except Refusal as refusal:
            await self.send(refused(refusal, self._request_id))

    async def _do(self, asked: Commands) -> None:
        caller = self._known()
        await self._gate.spend(caller, max(1, ceil(len(asked.commands) / COMMANDS_A_TOKEN)))
        doing = run(self._post.backend, caller.account_id, asked.commands, self._request_id)
        results = await self._post.finished(doing)
        await self.send(told(Results(results)))

    async def _hello(self, hello: Hello) -> None:
        """Know who speaks, tell what they lack, and watch their spaces from there on."""
        await self._know(await self._gate.greet(self._socket.scope, hello.access_token))
        account_id = self._known().account_id
        async with self.pushing.still:
            pages = await catch_up(self._post.backend, account_id, hello.cursors)
            said: dict[UUID, Raw] = {space_id: Raw(msgspec.json.encode(page)) for space_id, page in pages.items()}
            await self.send(told(Changes(said)))
            held = {space_id: page for space_id, page in pages.items() if not isinstance(page, Gone)}
            self.pushing.begin(held)
        for space_id in pages.keys() - held.keys():
            self.leave(space_id)
        await self.watch([account_id, *held])

    async def _know(self, caller: Caller | None) -> None:
        if caller is None:
            raise Ended(Code.REVOKED)
        if self.caller is None:
            self.caller = caller
            if not self._post.enter(self):
                raise Ended(Code.TOO_MUCH)
        if caller.account_id != self.caller.account_id:
            raise Ended(Code.WHO_ARE_YOU)
        self.caller = caller
        self._expire(caller)

    def _expire(self, caller: Caller) -> None:
        """Close it when the token runs out, unless another one is shown before."""
        if self._expiry:
            self._expiry.cancel()
        left = max(caller.expires - time(), 0)
        self._expiry = asyncio.get_running_loop().call_later(left, self.end, Code.WHO_ARE_YOU)

    def _known(self) -> Caller:
        if self.caller is None:
            raise Ended(Code.WHO_ARE_YOU)
        return self.caller

    @property
    def account_id(self) -> UUID:
        """Whose it is, once somebody has said hello."""
        return self._known().account_id

    @property
    def session_id(self) -> UUID:
        """On which device."""
        return self._known().session_id

    async def watch(self, space_ids: list[UUID]) -> None:
        """Hear of these spaces too."""
        await self._post.watch(self, space_ids)

    def leave(self, space_id: UUID) -> None:
        """Hear of a space no longer."""
        self._post.leave(self, space_id)

    async def lives(self, *, surely: bool) -> bool:
        """Whether its session is still alive."""
        return await self._gate.lives(self._known(), surely=surely)
