"""The application: every feature, listed and wired."""

from functools import cache
from itertools import chain
from typing import Any
from uuid import UUID

import msgspec

from taskflow import __version__
from taskflow.api import batch, health, telemetry
from taskflow.api.answer import JSON, Answer
from taskflow.api.endpoint import Endpoint
from taskflow.api.gate import Gate, Limits
from taskflow.api.openapi import document, every_refusal
from taskflow.api.request import Request
from taskflow.api.route import Route, Routes
from taskflow.api.shelf import Shelf
from taskflow.api.static import StaticFiles
from taskflow.features.activity import rest as activity
from taskflow.features.cleaning import jobs  # noqa: F401 - enters them into the registry
from taskflow.features.comments import rest as comments
from taskflow.features.imports import operations as importing  # noqa: F401 - the same: undo looks it up
from taskflow.features.labels import rest as labels
from taskflow.features.projects import rest as projects
from taskflow.features.sessions import rest as sessions
from taskflow.features.sharing import rest as sharing
from taskflow.features.spaces import jobs as space_jobs  # noqa: F401 - the same
from taskflow.features.spaces import rest as spaces
from taskflow.features.spaces.access import enter
from taskflow.features.spaces.errors import SpaceNotFound
from taskflow.features.spaces.queries import number
from taskflow.features.sync import rest as sync
from taskflow.features.sync.live.hub import PATH, Hub
from taskflow.features.tasks import rest as tasks
from taskflow.features.trash import rest as trash
from taskflow.features.undo import rest as undo
from taskflow.foundation.backend import Backend
from taskflow.foundation.serving.drain import drain
from taskflow.foundation.telemetry import meters

FEATURES: list[list[Route]] = [
    sessions.routes,
    spaces.routes,
    activity.routes,
    labels.routes,
    projects.routes,
    tasks.routes,
    comments.routes,
    trash.routes,
    sharing.routes,
    undo.routes,
    sync.routes,
]


async def show_openapi(_backend: Any, _request: Request) -> Answer:
    """The OpenAPI document."""
    return Answer(200, openapi(), [(b"content-type", JSON)])


@cache
def openapi() -> bytes:
    """The OpenAPI document as JSON."""
    return msgspec.json.format(msgspec.json.encode(document(routes().table, __version__)), indent=2)


@cache
def routes() -> Routes:
    """All that can be asked over HTTP."""
    own = [Route("GET", "/api/openapi.json", show_openapi, "This interface, as OpenAPI 3.1.", open=True)]
    return Routes(chain(health.routes, own, batch.routes, *FEATURES))


def declare() -> None:
    """Declare what is measured by code, in the parent: a family has no new labels once the processes are there."""
    for code in every_refusal():
        meters.refusals.child(code=code)
    telemetry.declare((route.method, route.path) for route in routes().table)


class Application:
    """The layers around the endpoint, over one backend."""

    def __init__(
        self,
        backend: Backend,
        files: StaticFiles,
        processes: int = 1,
        *,
        shared: bool = False,
        hub: Hub | None = None,
    ) -> None:
        """Wire the layers: telemetry, gate, shelf, endpoint."""
        settings = backend.settings
        endpoint = Endpoint(files, backend)

        async def number_of(account_id: UUID, space_id: UUID) -> int | None:
            try:
                await enter(backend.database, account_id, space_id)
            except SpaceNotFound:
                return None
            async with backend.database.transaction(space_id) as transaction:
                return await number(transaction, space_id)

        self.shelf = endpoint.shelf = Shelf(endpoint, backend.turn, number_of, shared=shared)
        limits = Limits(settings.rate_limit_ip, settings.rate_limit_user, processes)

        async def session_lives(caller: Any) -> bool:
            return await sessions.lives(backend, caller)

        gate = Gate(
            self.shelf,
            routes(),
            backend.turn,
            backend.tokens,
            limits,
            settings.trusted_proxies,
            session_lives,
            settings.public_url,
        )
        self.hub = hub or Hub(backend, drain)
        gate.sockets[PATH] = self.hub.serve
        self.outermost = telemetry.Telemetry(gate)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        scope["app"] = self  # the parts of a batch come in here again
        await self.outermost(scope, receive, send)
