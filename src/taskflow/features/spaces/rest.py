"""Spaces over HTTP: registration and the profile."""

from taskflow.api.answer import Answer, json_answer
from taskflow.api.request import Request
from taskflow.api.route import NoQuery, Route
from taskflow.api.visit import visit_of
from taskflow.features.accounts.errors import EmailTaken
from taskflow.features.accounts.model import Account
from taskflow.features.accounts.passwords import hash_password
from taskflow.features.accounts.queries import account
from taskflow.features.sessions.cookie import own_pages
from taskflow.features.sessions.errors import ForeignOrigin
from taskflow.features.sessions.guesses import guess
from taskflow.features.sessions.signing_in import SignedIn, sign_in
from taskflow.features.spaces.errors import SpaceNotFound, TooManySpaces
from taskflow.features.spaces.model import Register, Space
from taskflow.features.spaces.operations import create_space, register, update_me
from taskflow.features.spaces.queries import number
from taskflow.features.spaces.writing import write
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import new_id


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
        found_at="/api/v1/space?space={id}",
    ),
    write(update_me, "PATCH", "/api/v1/me", Account, query=NoQuery),
]
