"""Requests straight into the application: a third of a call's time is the client's, and histories make a million."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from httpx import ASGITransport, AsyncClient, Response

from taskflow.app import Application

SCOPE: dict[str, Any] = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "scheme": "http",
    "root_path": "",
    "server": ("test", 80),
    "client": ("127.0.0.1", 123),
}


class Direct(AsyncClient):
    """What a `Client` asks through: a scope goes in, messages come out."""

    def __init__(self, application: Application) -> None:
        super().__init__(transport=ASGITransport(application))  # of their own one is made with certificates, for 40 ms
        self.application = application

    async def request(  # type: ignore[override] # what a `Client` asks for, no more
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        json: Any = None,
    ) -> Response:
        """One request and its whole answer."""
        body = b"" if json is None else msgspec.json.encode(json)
        named = {"host": "test", "content-type": "application/json", "content-length": str(len(body)), **headers}
        head: dict[str, Any] = {}
        pieces: list[bytes] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                head.update(message)
            else:
                pieces.append(message.get("body", b""))

        scope = {
            **SCOPE,
            "method": method,
            "path": url,
            "raw_path": url.encode(),
            "query_string": urlencode(params or {}).encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in named.items()],
            "state": {},
        }
        await self.application(scope, receive, send)
        return Response(head["status"], headers=head["headers"], content=b"".join(pieces))
