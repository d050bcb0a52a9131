"""Routes: one table of all that can be asked over HTTP, and the way from a path to its row."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Literal

import msgspec

from taskflow.api.answer import Answer
from taskflow.api.problem import MethodNotAllowed, NoSuchRoute
from taskflow.api.request import Request
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import Refusal

Handler = Callable[[Any, Request], Awaitable[Answer]]  # the first: the backend


class NoQuery(msgspec.Struct, frozen=True):
    """No query parameters."""


class Route(msgspec.Struct, frozen=True):
    """One row of the table.

    `open`: needs no access token. `limit`: who it counts against: its caller (user or address), or the handler sees
    to it. `spaced`: it speaks of a space, so its answers carry TaskFlow-Seq. `shelved`: its answers depend on the
    space's state, the query and nothing else. `reads`: it reads much, whatever its method. `operation`: the write it
    performs. `body`, `query`, `answer`: the structs that OpenAPI is derived from, with the `forms` to which these
    refer by name.
    """

    method: Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
    path: str
    handler: Handler
    sentence: str
    answer: Any = None
    status: int = 200
    body: type[Args] | None = None
    query: type = NoQuery
    operation: str | None = None
    refusals: tuple[type[Refusal], ...] = ()
    open: bool = False
    limit: Literal["caller", "own", "none"] = "caller"
    spaced: bool = False
    shelved: bool = False
    reads: bool = False
    forms: tuple[type, ...] = ()

    @property
    def name(self) -> str:
        """How metrics and OpenAPI call it: the handler's own name, or the operation's."""
        return self.operation or self.handler.__name__


class Match(msgspec.Struct, frozen=True):
    """The route of a request and the parts that its path names."""

    route: Route
    parts: dict[str, str]


class Routes:
    """The table, and a look-up in it that costs one dictionary for fixed paths."""

    def __init__(self, routes: Iterable[Route]) -> None:
        """Take the rows; two of one method and path are an error of ours."""
        self.table = list(routes)
        self.fixed: dict[str, dict[str, Match]] = {}
        self.named: dict[tuple[str, ...], dict[str, Route]] = {}
        for route in self.table:
            self._add(route)

    def _add(self, route: Route) -> None:
        steps = tuple(route.path.split("/"))
        taken: dict[str, Any] = (
            self.named.setdefault(steps, {}) if "{" in route.path else self.fixed.setdefault(route.path, {})
        )
        if route.method in taken:
            msg = f"two routes are {route.method} {route.path}"
            raise ValueError(msg)
        taken[route.method] = route if "{" in route.path else Match(route, {})

    def match(self, method: str, path: str) -> Match:
        """The route of a request; raises NoSuchRoute or MethodNotAllowed. HEAD is answered as GET."""
        method = "GET" if method == "HEAD" else method
        methods: dict[str, Match] | None = self.fixed.get(path)
        if methods is None:
            methods = self._named(path)
        if not methods:
            raise NoSuchRoute
        found = methods.get(method)
        if found is None:
            raise MethodNotAllowed(methods)
        return found

    def _named(self, path: str) -> dict[str, Match]:
        steps = path.split("/")
        for pattern, methods in self.named.items():
            if len(pattern) == len(steps) and all(
                want == got or (want[:1] == "{" and got) for want, got in zip(pattern, steps, strict=True)
            ):
                parts = {want[1:-1]: got for want, got in zip(pattern, steps, strict=True) if want[:1] == "{"}
                return {method: Match(route, parts) for method, route in methods.items()}
        return {}
