"""The refresh cookie: what lets a browser come back signed in, and no script read it."""

from functools import wraps

from taskflow.api.answer import Answer
from taskflow.api.origin import ForeignOrigin, foreign
from taskflow.api.request import Request
from taskflow.api.route import Handler
from taskflow.features.sessions.model import LONGEST
from taskflow.foundation.backend import Backend
from taskflow.foundation.settings import Settings

PATH = "/api/v1/auth"


def cookie_name(settings: Settings) -> str:
    """Its name; the prefix makes browsers insist on TLS (RFC 6265bis, 4.1.3)."""
    return "__Secure-taskflow_refresh" if settings.secure_cookies else "taskflow_refresh"


def set_cookie(settings: Settings, token: str) -> tuple[bytes, bytes]:
    """The header that keeps a refresh token ('': forgets it)."""
    age = int(LONGEST.total_seconds()) if token else 0
    secure = "; Secure" if settings.secure_cookies else ""
    return (
        b"set-cookie",
        f"{cookie_name(settings)}={token}; Path={PATH}; Max-Age={age}; HttpOnly; SameSite=Strict{secure}".encode(),
    )


def from_cookie(settings: Settings, request: Request) -> str | None:
    """The refresh token of the cookie; only behind `own_pages`."""
    return request.cookies.get(cookie_name(settings)) or None


def own_pages(handler: Handler) -> Handler:
    """A handler for the app's own pages and for clients that are no browsers; a page of another site is refused.

    Without it another site could end a session, or sign a browser in to an account of its own choosing.
    """

    @wraps(handler)
    async def guarded(backend: Backend, request: Request) -> Answer:
        if foreign(request.scope["headers"], backend.settings.public_url):
            raise ForeignOrigin
        return await handler(backend, request)

    return guarded
