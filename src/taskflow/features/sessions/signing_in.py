"""Signing in: a session in the account's space, and the answer with its tokens."""

from ipaddress import ip_address

from msgspec import Struct

from taskflow.api.answer import Answer, json_answer
from taskflow.api.request import Request
from taskflow.api.visit import visit_of
from taskflow.features.accounts.errors import WrongCredentials
from taskflow.features.accounts.model import Account
from taskflow.features.accounts.queries import account
from taskflow.features.sessions.cookie import set_cookie
from taskflow.features.sessions.model import ACCESS_LIFE
from taskflow.features.sessions.operations import Opened, OpenSession, open_session
from taskflow.foundation.backend import Backend
from taskflow.foundation.clock import now
from taskflow.foundation.database import Transaction


class SignedIn(Struct, frozen=True):
    """Who signed in, and the tokens of the new session; `expires_in` in seconds (RFC 6749, 5.1)."""

    user: Account
    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str


async def sign_in(backend: Backend, request: Request, transaction: Transaction, status: int = 200) -> Answer:
    """Open a session in the account's space and answer with its tokens."""
    opened = await open_session(
        transaction, backend.keyring, OpenSession(name=device_name(request), address=address_of(request))
    )
    user = await account(transaction, transaction.space_id)
    if user is None:
        raise WrongCredentials
    return signed_in(backend, user, opened, status)


def device_name(request: Request) -> str:
    """How the device names itself."""
    agent = request.headers.get("user-agent", "").strip()
    return "".join(letter for letter in agent if letter.isprintable())[:200] or "unknown device"


def address_of(request: Request) -> str | None:
    """The client's address, where it has one."""
    try:
        return str(ip_address(visit_of(request.scope).address.partition("/")[0]))
    except ValueError:
        return None


def signed_in(backend: Backend, user: Account, opened: Opened, status: int = 200) -> Answer:
    """The tokens of a session, in the body and in the cookie."""
    issued = now()
    token = backend.tokens.mint(user.id, opened.session_id, issued, issued + ACCESS_LIFE)
    answer = json_answer(
        status, SignedIn(user, token, "Bearer", int(ACCESS_LIFE.total_seconds()), opened.refresh_token)
    )
    answer.headers += [set_cookie(backend.settings, opened.refresh_token), (b"cache-control", b"no-store")]
    return answer
