"""What operators and other services ask: does it live, should it get traffic, what does it measure, who signs."""

from ipaddress import ip_address
from typing import Any

from taskflow.api.answer import Answer
from taskflow.api.problem import NoSuchRoute
from taskflow.api.request import Request
from taskflow.api.route import Route
from taskflow.foundation.refusal import Unavailable
from taskflow.foundation.serving.drain import drain
from taskflow.foundation.telemetry.meters import metrics
from taskflow.foundation.telemetry.metrics import CONTENT_TYPE

READY_S = 2.0  # who asks for readiness asks again soon, and does not wait for long
# What proxies say of themselves, or of whom they ask for.
FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-real-ip"})
TEXT = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]


class Draining(Unavailable):
    """This process is about to stop: ask another one."""


async def healthz(_backend: Any, _request: Request) -> Answer:
    """The process lives."""
    return Answer(200, b"ok\n", TEXT)


async def readyz(backend: Any, _request: Request) -> Answer:
    """It should get traffic: it is not draining and its database answers; without Redis it is slower, and ready."""
    if drain.draining:
        raise Draining
    await backend.database.fetch("SELECT 1", within=READY_S)
    return Answer(200, b"ready\n", TEXT)


async def scrape(_backend: Any, request: Request) -> Answer:
    """The metrics of all processes of this instance; only for private networks, never through a proxy."""
    peer = (request.scope.get("client") or ("", 0))[0]
    if not FORWARDED.isdisjoint(request.headers) or not private(peer):
        raise NoSuchRoute
    return Answer(200, metrics.render(), [(b"content-type", CONTENT_TYPE.encode()), (b"cache-control", b"no-store")])


def private(address: str) -> bool:
    """Whether an address is this machine's or a private network's; a Unix socket has none."""
    try:
        return ip_address(address).is_private
    except ValueError:
        return address == ""


async def jwks(backend: Any, _request: Request) -> Answer:
    """The public keys of the access tokens."""
    return Answer(
        200,
        backend.tokens.jwks(),
        [(b"content-type", b"application/jwk-set+json"), (b"cache-control", b"public, max-age=300")],
    )


routes = [
    Route("GET", "/healthz", healthz, "The process lives.", open=True, limit="none"),
    Route("GET", "/readyz", readyz, "It should get traffic.", open=True, limit="none"),
    Route("GET", "/metrics", scrape, "Metrics for Prometheus.", open=True, limit="none"),
    Route("GET", "/.well-known/jwks.json", jwks, "The public keys of the access tokens.", open=True, limit="none"),
]
