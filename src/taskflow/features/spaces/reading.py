"""Reading over HTTP: one thing of a space, or a page of them, at the number at which they were read."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

from taskflow.api.answer import Answer, json_answer
from taskflow.api.etag import if_none_match, thing_tag
from taskflow.api.paging import BadCursor, Cursor, Limit, decode_cursor, encode_cursor, filling
from taskflow.api.request import Request
from taskflow.api.route import Handler, Route
from taskflow.features.spaces.errors import SpaceNotFound
from taskflow.features.spaces.numbered import At
from taskflow.features.spaces.writing import InSpace, OneSpace, access_of
from taskflow.foundation.backend import Backend
from taskflow.foundation.refusal import NotFound

Form = TypeVar("Form")


class PageQuery(Struct, frozen=True, kw_only=True):
    """A page of a space's things; `cursor` is what the page before said."""

    space: OneSpace | UnsetType = UNSET
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


def one(
    path: str, form: type[Form], statement: Callable[..., Awaitable[At[Form] | None]], missing: type[NotFound]
) -> Route:
    """The route of one thing: `statement` takes the space and the id."""
    kind = form.__name__.lower()

    async def handler(backend: Backend, request: Request) -> Answer:
        thing_id = request.id("id")
        access = await access_of(backend, request)
        async with backend.database.transaction(access.space_id) as transaction:
            found = await statement(transaction, access.space_id, thing_id)
        return shown(request, form, found, missing)

    handler.__name__ = f"get_{kind}"
    return Route(
        "GET",
        path + "/{id}",
        handler,
        f"One {kind}.",
        form,
        query=InSpace,
        refusals=(SpaceNotFound, missing),
        spaced=True,
    )


def shown(request: Request, form: type[Form], found: At[Form] | None, missing: type[NotFound]) -> Answer:
    """One thing with its ETag, or that the client holds it already; raises what says that it is missing."""
    if found is None:
        raise SpaceNotFound
    if found.thing is None:
        refusal = missing()
        refusal.number = found.number
        raise refusal
    thing: Any = found.thing
    tag = thing_tag(thing.seq, form)
    if tag in if_none_match(request.scope["headers"]):
        return Answer(304, headers=[(b"etag", tag)], number=found.number)
    answer = json_answer(200, found.thing, found.number)
    answer.headers.append((b"etag", tag))
    return answer


def page(
    path: str,
    form: type[Form],
    statement: Callable[..., Awaitable[list[At[Form]]]],
    *,
    by: str = "position",
    query: type[PageQuery] = PageQuery,
    kind: Any = str,
) -> Route:
    """The route of a list in the order of the field `by` (of type `kind`), ties by id.

    `statement` takes the space, how many, the query's own filters (null: any), then the value and id to go on behind.
    """
    name = path.rpartition("/")[2]
    answer = form_of_page(form)

    async def handler(backend: Backend, request: Request) -> Answer:
        asked = request.query(query)
        access = await access_of(backend, request)
        same = msgspec.structs.replace(asked, space=UNSET, limit=50, cursor=UNSET)
        digest = msgspec.json.encode((name, access.space_id, same))
        place = decode_cursor(backend.keyring, digest, asked.cursor) if asked.cursor is not UNSET else None
        behind = (msgspec.convert(place.value, kind), place.id) if place else (None, None)
        async with backend.database.transaction(access.space_id) as transaction:
            rows = await statement(transaction, access.space_id, asked.limit + 1, *filters(asked), *behind)
        if not rows:
            raise SpaceNotFound
        things: list[Any] = [row.thing for row in rows if row.thing is not None]
        items: Any = [*filling(things[: asked.limit])]
        more, end = len(things) > len(items), things[len(items) - 1] if items else None
        cursor = encode_cursor(backend.keyring, digest, getattr(end, by), end.id) if more and end else None
        return json_answer(200, answer(items, cursor), rows[0].number)

    handler.__name__ = f"list_{name}"
    return listed(path, handler, f"A page of {name}.", answer, query)


def form_of_page(form: type) -> type[Any]:
    """The form of a page of things; `next_cursor` is null on the last one."""
    items: Any = ("items", list[form])  # type: ignore[valid-type] # a type that is made while running
    return msgspec.defstruct(f"{form.__name__}Page", [items, ("next_cursor", str | None)], frozen=True)


def filters(asked: PageQuery) -> list[object]:
    """What a query has beside the page itself, in its order; null where it does not say."""
    own = [name for name in asked.__struct_fields__ if name not in PageQuery.__struct_fields__]
    return [None if (value := getattr(asked, name)) is UNSET else value for name in own]


def listed(path: str, handler: Handler, sentence: str, answer: Any, query: type) -> Route:
    """The route of a list: what it says depends on the space's state and the query alone, so it may be shelved."""
    refusals = (SpaceNotFound, BadCursor)
    return Route("GET", path, handler, sentence, answer, query=query, refusals=refusals, spaced=True, shelved=True)
