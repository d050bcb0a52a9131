"""Spaces over HTTP: the general way of a write, registration and the profile."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from taskflow.api.answer import JSON, Answer, json_answer
from taskflow.api.request import Request, read_body
from taskflow.api.route import Route
from taskflow.api.visit import visit_of
from taskflow.features.accounts.errors import EmailTaken
from taskflow.features.accounts.model import Account
from taskflow.features.accounts.passwords import hash_password
from taskflow.features.accounts.queries import account
from taskflow.features.sessions.cookie import own_pages
from taskflow.features.sessions.errors import ForeignOrigin
from taskflow.features.sessions.guesses import try_secret
from taskflow.features.sessions.signing_in import SignedIn, sign_in
from taskflow.features.spaces.access import Access, enter
from taskflow.features.spaces.door import Call, Key, fingerprint, perform
from taskflow.features.spaces.errors import KeyInUse, KeyReused, RoleTooLow, SpaceNotFound
from taskflow.features.spaces.model import Register
from taskflow.features.spaces.operations import register, update_me
from taskflow.features.spaces.queries import number
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.operation import Args, Operation, body_of, entry_of
from taskflow.foundation.refusal import Refusal, invalid

LONGEST_KEY = 255
STRONG_TAG = re.compile(r'(?:^|,)\s*"(\d{1,16})\.[^"]*"')  # 2^53 has 16 digits
WRITE_REFUSALS = (SpaceNotFound, RoleTooLow, KeyInUse, KeyReused)

Handler = Callable[[Backend, Request], Awaitable[Answer]]


class InSpace(Struct, frozen=True):
    """The space of a path with an id, or of a create; absent: the personal one."""

    space: Id | UnsetType = UNSET


class NoParameters(Struct, frozen=True):
    """No parameters: what is the caller's own lies in no space that could be named."""


class Seq(Struct, frozen=True):
    """What every thing's form has."""

    id: Id
    space_id: Id
    seq: Annotated[int, Meta(ge=0)]


def write(
    run: Callable[..., Awaitable[object]],
    method: Literal["POST", "PATCH", "PUT", "DELETE"],
    path: str,
    answer: type | None = None,
    *,
    status: int = 200,
    refusals: tuple[type[Refusal], ...] = (),
    query: type = InSpace,
) -> Route:
    """The route of an operation: its arguments are the body's and the path's, its answer is the thing that changed."""
    operation = entry_of(run)
    named = path.endswith("{id}")
    form = body_of(operation.args, without=("id",) if named else ())
    return Route(
        method=method,
        path=path,
        handler=writing(operation, form, path.removesuffix("/{id}"), status, query, named=named),
        sentence=(run.__doc__ or "").splitlines()[0],
        answer=answer,
        status=status,
        body=form if form.__struct_fields__ else None,
        query=query,
        operation=operation.name,
        refusals=(*WRITE_REFUSALS, *refusals),
        spaced=True,
    )


def writing(operation: Operation, form: type[Args], path: str, status: int, query: type, *, named: bool) -> Handler:
    """The handler of an operation; `path`: where its things are found."""

    async def handler(backend: Backend, request: Request) -> Answer:
        request.query(query)
        ids = {"id": request.id("id")} if named else {}
        raw = await request.raw()
        access = await access_of(backend, request)
        body = read_body(raw, form) if form.__struct_fields__ else form()
        args = operation.args(**ids, **{field: getattr(body, field) for field in form.__struct_fields__})
        key = key_of(request, raw) if request.scope["method"] == "POST" else None
        done = await perform(backend, Call(access, operation, args, status, key, if_match(request)))
        return Answer(done.status, done.body, thing_headers(done.status, done.body, path), done.number)

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
    if not 0 < len(text) <= LONGEST_KEY or not text.isprintable():
        raise invalid("/headers/Idempotency-Key", f"has 1 to {LONGEST_KEY} visible characters")
    return Key(text, fingerprint(request.scope["path"].encode(), request.scope["query_string"], raw))


def if_match(request: Request) -> frozenset[int] | None:
    """The numbers of which the thing must still have one (RFC 9110, 13.1.1); None: any.

    A tag that is weak, or that no thing of ours could have, names no number: it matches nothing.
    """
    text = request.headers.get("if-match")
    if text is None or text.strip() == "*":
        return None
    return frozenset(int(number) for number in STRONG_TAG.findall(text))


def thing_headers(status: int, body: bytes, path: str) -> list[tuple[bytes, bytes]]:
    """The ETag of one thing (`"seq.type"`), and where to find it after a create."""
    if not body:
        return []
    headers = [(b"content-type", JSON)]
    try:
        thing = msgspec.json.decode(body, type=Seq, dec_hook=lambda kind, text: kind(text))
    except msgspec.ValidationError:
        return headers
    headers.append((b"etag", thing_tag(thing.seq, path)))
    if status == 201:  # noqa: PLR2004
        headers.append((b"location", f"{path}/{thing.id}?space={thing.space_id}".encode()))
    return headers


def thing_tag(seq: int, path: str) -> bytes:
    """The strong ETag of one thing: its row's number and its type."""
    return f'"{seq}.{path.rpartition("/")[2]}"'.encode()


async def sign_up(backend: Backend, request: Request) -> Answer:
    """Register, and sign in on this device."""
    asked = await request.body(Register)
    await try_secret(backend, request, asked.email)
    password_hash = await hash_password(asked.password)
    async with backend.database.transaction(new_id()) as transaction:
        await register(transaction, password_hash, asked)
        return await sign_in(backend, request, transaction, 201)


async def me(backend: Backend, request: Request) -> Answer:
    """The caller's profile."""
    request.query(NoParameters)
    account_id = visit_of(request.scope).account_id
    async with backend.database.transaction(account_id) as transaction:
        now_at = await number(transaction, account_id)
        found = await account(transaction, account_id)
    if found is None:
        raise SpaceNotFound
    return json_answer(200, found, now_at)


routes = [
    Route(
        "POST",
        "/api/v1/auth/register",
        own_pages(sign_up),
        "Make an account and sign in.",
        SignedIn,
        201,
        Register,
        operation="register",
        open=True,
        refusals=(EmailTaken, ForeignOrigin),
    ),
    Route("GET", "/api/v1/me", me, "Your profile.", Account, query=NoParameters, spaced=True),
    write(update_me, "PATCH", "/api/v1/me", Account, query=NoParameters),
]
