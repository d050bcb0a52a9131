"""Writing over HTTP: the one way from a route to an operation and back to the thing that changed."""

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from taskflow.api.answer import JSON, Answer, Headers
from taskflow.api.etag import if_match, thing_tag
from taskflow.api.request import Request, read_body
from taskflow.api.route import Handler, Route
from taskflow.api.visit import visit_of
from taskflow.features.spaces.access import Access, enter
from taskflow.features.spaces.door import Call, Key, fingerprint, perform
from taskflow.features.spaces.errors import KeyInUse, KeyReused, RoleTooLow, SpaceNotFound
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args, Operation, body_of, entry_of
from taskflow.foundation.refusal import Refusal, invalid

KEY = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")
WRITE_REFUSALS = (SpaceNotFound, RoleTooLow, KeyInUse, KeyReused)

OneSpace = Annotated[Id, Meta(description="the space; absent: your personal one")]


class InSpace(Struct, frozen=True):
    """The space of a path with an id, or of a create; absent: the personal one."""

    space: OneSpace | UnsetType = UNSET


class Thing(Struct, frozen=True):
    """What the form of a thing has; a space's own has no `space_id`, nor has a member's."""

    id: Id
    seq: Annotated[int, Meta(ge=0)]
    space_id: Id | UnsetType = UNSET


def write(
    run: Callable[..., Awaitable[object]],
    method: Literal["POST", "PATCH", "PUT", "DELETE"],
    path: str,
    answer: type | None = None,
    *,
    status: int = 200,
    refusals: tuple[type[Refusal], ...] = (),
    query: type = InSpace,
    found_at: str = "",
) -> Route:
    """The route of an operation: its arguments are the body's and the path's, its answer is the thing that changed.

    What is made is found at the path with its id and space, or at `found_at`, which names them.
    """
    operation = entry_of(run)
    named = "{id}" in path
    form = body_of(operation.args, without=("id",) if named else ())
    return Route(
        method=method,
        path=path,
        handler=writing(
            operation,
            form,
            Shown(found_at or path.partition("/{id}")[0] + "/{id}?space={space}", answer, status),
            named=named,
        ),
        sentence=(run.__doc__ or "").splitlines()[0],
        answer=answer,
        status=status,
        body=form if form.__struct_fields__ else None,
        query=query,
        operation=operation.name,
        refusals=(*WRITE_REFUSALS, *refusals),
        spaced=True,
    )


class Shown(Struct, frozen=True):
    """How a changed thing is answered: where it is found once it is made, its form, and the status."""

    found_at: str
    form: type | None
    status: int


def writing(operation: Operation, form: type[Args], shown: Shown, *, named: bool) -> Handler:
    """The handler of an operation whose body has `form`."""

    async def handler(backend: Backend, request: Request) -> Answer:
        ids = {"id": request.id("id")} if named else {}
        raw = await request.raw()
        access = await access_of(backend, request)
        body = read_body(raw, form) if form.__struct_fields__ else form()
        args = operation.args(**ids, **{field: getattr(body, field) for field in form.__struct_fields__})
        key = key_of(request, raw) if request.scope["method"] == "POST" else None
        done = await perform(backend, Call(access, operation, args, shown.status, key, if_match(request)))
        return Answer(done.status, done.body, thing_headers(shown, done.body), done.number, done.others)

    return handler


async def access_of(backend: Backend, request: Request) -> Access:
    """The caller's access to the space that the query names."""
    visit = visit_of(request.scope)
    return await enter(backend.database, visit.account_id, visit.space_id or visit.account_id)


def key_of(request: Request, raw: bytes) -> Key | None:
    """The Idempotency-Key of a POST, bound to its path, query and body."""
    text = request.headers.get("idempotency-key")
    if text is None:
        return None
    if not KEY.fullmatch(text):
        raise invalid("/headers/Idempotency-Key", "has 1 to 255 printable ASCII characters")
    return Key(text, fingerprint(request.scope["path"].encode(), request.scope["query_string"], raw))


def thing_headers(shown: Shown, body: bytes) -> Headers:
    """The ETag of one thing, and where to find it after a create."""
    if not body:
        return []
    headers = [(b"content-type", JSON)]
    try:
        thing = msgspec.json.decode(body, type=Thing, dec_hook=lambda kind, text: kind(text))
    except msgspec.ValidationError:
        return headers  # a profile or an invitation: it has no number
    headers.append((b"etag", thing_tag(thing.seq, shown.form)))
    if shown.status == HTTPStatus.CREATED:
        headers.append((b"location", shown.found_at.format(id=thing.id, space=thing.space_id).encode()))
    return headers
