"""The refresh cookie: what lets a browser come back signed in, and no script read it."""

from urllib.parse import urlsplit

from taskflow.api.request import Request
from taskflow.features.sessions.errors import ForeignOrigin
from taskflow.features.sessions.model import LONGEST
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
    """The refresh token of the cookie; raises ForeignOrigin where a page of another site sends it."""
    token = request.cookies.get(cookie_name(settings))
    if token is not None and not own_origin(settings, request):
        raise ForeignOrigin
    return token or None


def own_origin(settings: Settings, request: Request) -> bool:
    """Whether it comes from the app's own pages: its Origin is its Host or the public address, or it has none."""
    origin = request.headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc == request.headers.get("host") or origin == settings.public_url.rstrip("/")
