"""Whose page asks, as a browser says: what is done by cookie, and a live socket, are for our own pages alone."""

from urllib.parse import urlsplit

from taskflow.foundation.refusal import Forbidden


class ForeignOrigin(Forbidden):
    """A page of another site may not do that."""


def foreign(headers: list[tuple[bytes, bytes]], public_url: str) -> bool:
    """Whether a page of another site asks: its Origin is neither the Host nor the public address (RFC 6455, 10.2)."""
    origins = [value.decode("latin-1") for name, value in headers if name == b"origin"]
    hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
    if not origins or origins == [public_url.rstrip("/")]:
        return False
    try:
        named = [urlsplit(origin).netloc for origin in origins]
    except ValueError:
        return True
    return named == [""] or named != hosts
