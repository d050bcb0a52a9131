"""Sessions over HTTP."""

from msgspec import Struct

from taskflow.api.answer import Answer, json_answer
from taskflow.api.gate import RateLimited
from taskflow.api.origin import ForeignOrigin
from taskflow.api.request import Request, read_body
from taskflow.api.route import Route
from taskflow.api.visit import Visit, visit_of
from taskflow.features.accounts.errors import WrongCredentials
from taskflow.features.accounts.model import email_key
from taskflow.features.accounts.passwords import matches
from taskflow.features.accounts.queries import account, find_login
from taskflow.features.sessions.cookie import from_cookie, own_pages, set_cookie
from taskflow.features.sessions.errors import SessionEnded, SessionNotFound
from taskflow.features.sessions.guesses import forgive, guess
from taskflow.features.sessions.model import (
    Device,
    LogIn,
    LogOut,
    Refresh,
    RefreshToken,
    RevokeSession,
    is_ours,
    read_refresh_token,
)
from taskflow.features.sessions.operations import (
    RefreshSession,
    end_session,
    log_out,
    refresh_session,
)
from taskflow.features.sessions.queries import devices, session_lives
from taskflow.features.sessions.signing_in import SignedIn, address_of, sign_in, signed_in
from taskflow.foundation.backend import Backend
from taskflow.foundation.clock import now
from taskflow.foundation.ids import Id
from taskflow.foundation.limits import Rate, rate_limit_headers
from taskflow.foundation.redis import keys
from taskflow.foundation.redis.ask import Ask
from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.tokens import Caller

REFRESHES = Rate(60, 3600)  # of one session: a token lives 15 minutes, so four an hour and as many tabs


class Devices(Struct, frozen=True):
    """The account's sessions."""

    items: list[Device]


async def log_in(backend: Backend, request: Request) -> Answer:
    """Sign in with an address and a password."""
    asked = await request.body(LogIn)
    async with guess(backend, request, asked.email) as claim:
        found = await find_login(backend.database, email_key(asked.email))
        known = found.password_hash if found else None
        if not await matches(asked.password, known) or found is None or found.disabled_at:
            raise WrongCredentials
        await forgive(backend, claim)
    async with backend.database.transaction(found.account_id) as transaction:
        return await sign_in(backend, request, transaction)


async def refresh(backend: Backend, request: Request) -> Answer:
    """Rotate the refresh token of the body or of the cookie."""
    raw = await request.raw()
    asked = read_body(raw, Refresh) if raw else Refresh()
    token = read_refresh_token(asked.refresh_token or from_cookie(backend.settings, request) or "")
    if token is not None and not is_ours(backend.keyring, token):
        token = None
    await count_refresh(backend, visit_of(request.scope), token)
    if token is None:
        raise SessionEnded
    async with backend.database.transaction(token.account_id) as transaction:
        opened = await refresh_session(
            transaction, backend.keyring, RefreshSession(token=token, address=address_of(request))
        )
        user = await account(transaction, token.account_id)
    if opened is None or user is None:
        await forget(backend, token)
        raise SessionEnded
    return signed_in(backend, user, opened)


async def count_refresh(backend: Backend, visit: Visit, token: RefreshToken | None) -> None:
    """Count against the session alone, or against the address of who shows none; raises RateLimited."""
    name, rate, subject = (
        ("session", REFRESHES, str(token.session_id))
        if token
        else ("ip", backend.settings.rate_limit_ip, visit.address)
    )
    try:
        reply = await backend.turn.ask(
            Ask(limit_key=keys.limit(subject), every_us=rate.every_us, burst_us=rate.burst_us)
        )
    except RedisDown:
        return  # what is forged costs one HMAC; the others are bound by the lock of the session's row
    visit.headers += rate_limit_headers(name, rate, reply.left, reply.reset_s)
    if reply.limited:
        raise RateLimited(retry_after=reply.retry_after_s)


async def forget(backend: Backend, token: RefreshToken) -> None:
    """Where a reuse has just ended the session, its access tokens end with it."""
    async with backend.database.transaction(token.account_id) as transaction:
        lives = await session_lives(transaction, token.account_id, token.session_id, now())
    if lives is False:
        await revoke_tokens(backend, token.account_id, token.session_id)


async def revoke_tokens(backend: Backend, account_id: object, session_id: object) -> None:
    """Say in Redis that a session's access tokens are good no longer; it is told until it has heard."""
    await backend.revocations.revoke(account_id, session_id)


async def end(backend: Backend, request: Request) -> Answer:
    """Sign out: the session of the refresh token, or else of the access token, ends in every process."""
    raw = await request.raw()
    asked = read_body(raw, LogOut) if raw else LogOut()
    token = read_refresh_token(asked.refresh_token or from_cookie(backend.settings, request) or "")
    caller = visit_of(request.scope).caller
    if token is not None and not is_ours(backend.keyring, token):
        raise SessionEnded
    if token is not None:
        async with backend.database.transaction(token.account_id) as transaction:
            await log_out(transaction, RefreshSession(token=token, address=None))
        await revoke_tokens(backend, token.account_id, token.session_id)
    elif caller is not None:
        async with backend.database.transaction(caller.account_id) as transaction:
            await end_session(transaction, RevokeSession(id=Id(str(caller.session_id))))
        await revoke_tokens(backend, caller.account_id, caller.session_id)
    else:
        raise SessionEnded
    return Answer(204, headers=[set_cookie(backend.settings, "")])


async def list_devices(backend: Backend, request: Request) -> Answer:
    """The devices on which the account is signed in."""
    caller = visit_of(request.scope).caller
    account_id = visit_of(request.scope).account_id
    async with backend.database.transaction(account_id) as transaction:
        rows = await devices(transaction, account_id, now())
    current = caller.session_id if caller else None
    items = [
        Device(
            row.id,
            row.name,
            row.id == current,
            row.created_at,
            row.last_used_at,
            str(row.address) if row.address else None,
        )
        for row in rows
    ]
    return json_answer(200, Devices(items))


async def revoke(backend: Backend, request: Request) -> Answer:
    """Sign one device out."""
    account_id = visit_of(request.scope).account_id
    args = RevokeSession(id=request.id("id"))
    async with backend.database.transaction(account_id) as transaction:
        await end_session(transaction, args)
    await revoke_tokens(backend, account_id, args.id)
    return Answer(204)


async def lives(backend: Backend, caller: Caller) -> bool:
    """Whether the session of an access token has not ended (what the gate asks where Redis does not know)."""
    async with backend.database.transaction(caller.account_id) as transaction:
        return await session_lives(transaction, caller.account_id, caller.session_id, now()) is True


routes = [
    Route(
        "POST",
        "/api/v1/auth/login",
        own_pages(log_in),
        "Sign in.",
        SignedIn,
        body=LogIn,
        open=True,
        refusals=(WrongCredentials, ForeignOrigin),
    ),
    Route(
        "POST",
        "/api/v1/auth/refresh",
        own_pages(refresh),
        "Rotate the refresh token.",
        SignedIn,
        body=Refresh,
        operation="refresh_session",
        open=True,
        limit="own",
        refusals=(SessionEnded, ForeignOrigin),
    ),
    Route(
        "POST",
        "/api/v1/auth/logout",
        own_pages(end),
        "Sign out.",
        status=204,
        body=LogOut,
        operation="log_out",
        open=True,
        refusals=(SessionEnded, ForeignOrigin),
    ),
    Route("GET", "/api/v1/auth/sessions", list_devices, "The devices on which you are signed in.", Devices),
    Route(
        "DELETE",
        "/api/v1/auth/sessions/{id}",
        revoke,
        "Sign one device out.",
        status=204,
        operation="revoke_session",
        refusals=(SessionNotFound,),
    ),
]  # fmt: skip - a table
