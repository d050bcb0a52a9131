"""The endpoint: behind all layers, the handler of a route is called and its answer sent."""

from contextlib import suppress
from typing import Any

from taskflow.api.answer import Answer, send_answer
from taskflow.api.problem import NoSuchRoute
from taskflow.api.request import Disconnected, Request
from taskflow.api.respond import refuse, respond
from taskflow.api.shelf import Shelf
from taskflow.api.static import StaticFiles
from taskflow.api.visit import Visit
from taskflow.foundation.refusal import Refusal, Unavailable


class Endpoint:
    """The innermost ASGI application."""

    shelf: Shelf

    def __init__(self, files: StaticFiles, backend: Any) -> None:
        """Serve routes, and `files` where there is no route."""
        self.files, self.backend = files, backend

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        visit: Visit = scope["state"]["visit"]
        if visit.match is None:
            await self.file(scope, send)
            return
        request = Request(scope, receive, visit.match.parts)
        try:
            if visit.match.route.path.startswith("/api/v1/"):
                request.query(visit.match.route.query)
            answer = await visit.match.route.handler(self.backend, request)
        except Refusal as refusal:
            await self.number(visit, refusal)
            await refuse(scope, send, refusal)
            return
        except Disconnected:
            return
        if scope["method"] in {"GET", "HEAD"} and visit.match.route.spaced and answer.number is not None:
            await self.shelf.tell(visit, answer.number)
            answer = await self.shelf.put(scope, visit, answer)
        elif visit.several and answer.others:
            await self.shelf.tell_all(answer.others)
        await respond(scope, send, answer)

    async def number(self, visit: Visit, refusal: Refusal) -> None:
        """Give a refusal the space's number, where nobody knew it, and tell of it: every such answer has one."""
        spaced = visit.match is not None and visit.match.route.spaced
        if spaced and refusal.number is None and visit.number is None and visit.caller and visit.space_id:
            with suppress(Unavailable):
                refusal.number = await self.shelf.number_of(visit.account_id, visit.space_id)
        if refusal.number is not None:
            await self.shelf.tell(visit, refusal.number)

    async def file(self, scope: Any, send: Any) -> None:
        """A file of the web app; paths of the app's own views answer its page."""
        headers = dict(scope["headers"])
        accepted, held = (
            headers.get(b"accept-encoding", b"").decode("latin-1"),
            headers.get(b"if-none-match", b"").decode("latin-1"),
        )
        found = None
        if scope["method"] in {"GET", "HEAD"}:
            found = self.files.answer(scope["path"], accepted, held)
            if (
                found is None
                and b"text/html" in headers.get(b"accept", b"")
                and "." not in scope["path"].rpartition("/")[2]
            ):
                found = self.files.answer("/", accepted, held)
        if found is None:
            await refuse(scope, send, NoSuchRoute())
            return
        status, fields, body = found
        await send_answer(send, Answer(status, body, fields))
