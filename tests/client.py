"""A client of the API: what tests speak HTTP with."""

from typing import Any
from uuid import uuid4

from httpx import AsyncClient, Response

PASSWORD = "correct horse battery 9"


class Client:
    """An HTTP client and, once signed in, its tokens."""

    def __init__(self, http: AsyncClient, signed_in: dict[str, Any] | None = None) -> None:
        self.http, self.signed_in = http, signed_in or {}

    @property
    def id(self) -> str:
        """The account, and its personal space."""
        identity: str = self.signed_in["user"]["id"]
        return identity

    async def registered(self, email: str | None = None) -> "Client":
        """Somebody new, on the same connection pool."""
        body = {"email": email or f"{uuid4().hex}@example.com", "password": PASSWORD, "name": "Ada"}
        answer = await self.http.post("/api/v1/auth/register", json=body)
        assert answer.status_code == 201, answer.text
        return Client(self.http, answer.json())

    async def call(self, method: str, path: str, **how: Any) -> Response:
        """One request, with the access token where there is one; cookies are not kept between callers."""
        self.http.cookies.clear()
        headers = dict(how.pop("headers", {}))
        if self.signed_in:
            headers.setdefault("authorization", f"Bearer {self.signed_in['access_token']}")
        return await self.http.request(method, path, headers=headers, **how)

    async def get(self, path: str, **how: Any) -> Response:
        return await self.call("GET", path, **how)

    async def post(self, path: str, body: Any = None, **how: Any) -> Response:
        return await self.call("POST", path, json=body, **how)

    async def patch(self, path: str, body: Any, **how: Any) -> Response:
        return await self.call("PATCH", path, json=body, **how)

    async def delete(self, path: str, **how: Any) -> Response:
        return await self.call("DELETE", path, **how)

    async def task(self, title: str = "Pay rent", **fields: Any) -> dict[str, Any]:
        """Make a task and answer it."""
        answer = await self.post("/api/v1/tasks", {"title": title, **fields})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made
