"""Spaces over HTTP: registration and the profile, and the spaces that one is in."""

from msgspec import Struct

from taskflow.api.answer import Answer, json_answer
from taskflow.api.origin import ForeignOrigin
from taskflow.api.request import Request
from taskflow.api.route import NoQuery, Route
from taskflow.api.visit import visit_of
from taskflow.features.accounts.errors import EmailTaken
from taskflow.features.accounts.model import Account
from taskflow.features.accounts.passwords import hash_password
from taskflow.features.accounts.queries import account
from taskflow.features.sessions.cookie import own_pages
from taskflow.features.sessions.guesses import guess
from taskflow.features.sessions.signing_in import SignedIn, sign_in
from taskflow.features.spaces import team_rest
from taskflow.features.spaces.access import Access, enter_all
from taskflow.features.spaces.errors import PreconditionFailed, SpaceNotFound, TeamOnly, TooManySpaces
from taskflow.features.spaces.model import MySpace, Register, Space
from taskflow.features.spaces.operations import create_space, register, update_me, update_space
from taskflow.features.spaces.queries import my_space, number, space_at
from taskflow.features.spaces.reading import shown
from taskflow.features.spaces.several import read_each
from taskflow.features.spaces.writing import InSpace, access_of, write
from taskflow.foundation.backend import Backend
from taskflow.foundation.database import Transaction
from taskflow.foundation.ids import new_id

SPACE = "/api/v1/space"


async def sign_up(backend: Backend, request: Request) -> Answer:
    """Register, and sign in on this device."""
    asked = await request.body(Register)
    async with guess(backend, request, asked.email):
        password_hash = await hash_password(asked.password)
        async with backend.database.transaction(new_id()) as transaction:
            await register(transaction, password_hash, asked)
            return await sign_in(backend, request, transaction, 201)


async def me(backend: Backend, request: Request) -> Answer:
    """The caller's profile."""
    account_id = visit_of(request.scope).account_id
    async with backend.database.transaction(account_id) as transaction:
        now_at = await number(transaction, account_id)
        found = await account(transaction, account_id)
    if found is None:
        raise SpaceNotFound
    return json_answer(200, found, now_at)


class MySpaces(Struct, frozen=True):
    """The spaces that an account is in, its personal one first."""

    items: list[MySpace]


async def my_spaces(backend: Backend, request: Request) -> Answer:
    """The spaces that you are in, and your role in each."""
    account_id = visit_of(request.scope).account_id
    there = await enter_all(backend.database, account_id)

    async def read(transaction: Transaction, access: Access) -> MySpace | None:
        return await my_space(transaction, access.space_id, account_id)

    found = await read_each(backend.database, there.accesses, read)
    mine = [space for access in there.accesses if (space := found[access.space_id])]
    return json_answer(200, MySpaces(mine), there.number)


async def get_space(backend: Backend, request: Request) -> Answer:
    """One space."""
    access = await access_of(backend, request)
    async with backend.database.transaction(access.space_id) as transaction:
        found = await space_at(transaction, access.space_id)
    return shown(request, Space, found, SpaceNotFound)


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
    Route("GET", "/api/v1/me", me, "Your profile.", Account, spaced=True),
    write(
        create_space,
        "POST",
        "/api/v1/spaces",
        Space,
        status=201,
        refusals=(TooManySpaces,),
        query=NoQuery,
        found_at=SPACE + "?space={id}",
    ),
    Route("GET", "/api/v1/spaces", my_spaces, "The spaces that you are in.", MySpaces, spaced=True),
    Route("GET", SPACE, get_space, "One space.", Space, query=InSpace, refusals=(SpaceNotFound,), spaced=True),
    write(update_space, "PATCH", SPACE, Space, refusals=(TeamOnly, PreconditionFailed)),
    write(update_me, "PATCH", "/api/v1/me", Account, query=NoQuery),
    *team_rest.routes,
]
