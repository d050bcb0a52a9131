"""Somebody with an account: what tests do things as."""

from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import msgspec

import taskflow.app  # noqa: F401 - enters every operation into the registry
from taskflow.features.accounts.model import Account
from taskflow.features.accounts.passwords import HASHER
from taskflow.features.sessions.model import ACCESS_LIFE
from taskflow.features.sessions.operations import OpenSession, open_session
from taskflow.features.sessions.signing_in import SignedIn
from taskflow.features.spaces.access import Access, enter
from taskflow.features.spaces.door import Answered, Call, perform
from taskflow.features.spaces.model import Register
from taskflow.features.spaces.operations import register
from taskflow.foundation.backend import Backend
from taskflow.foundation.clock import now
from taskflow.foundation.ids import new_id
from taskflow.foundation.operation import REGISTRY, Args
from tests.client import PASSWORD

T = TypeVar("T")


class Person:
    """An account in its personal space, or in a team's."""

    def __init__(self, backend: Backend, account: Account, access: Access) -> None:
        self.backend, self.account, self.access = backend, account, access

    @property
    def id(self) -> UUID:
        return self.account.id

    async def do(self, args: Args, **how: Any) -> Any:
        """Perform the operation of these arguments; the thing it answers, as JSON has it."""
        answered = await self.answered(args, **how)
        return msgspec.json.decode(answered.body) if answered.body else None

    async def answered(self, args: Args, **how: Any) -> Answered:
        """Perform the operation of these arguments; all that it answers."""
        operation = next(operation for operation in REGISTRY.values() if operation.args is type(args))
        return await perform(self.backend, Call(self.access, operation, args, **how))


@cache
def password_hash() -> str:
    """What proves everybody's password here: made once, for a hash takes 19 MiB and its time."""
    return HASHER.hash(PASSWORD)


async def new_person(backend: Backend, name: str = "Ada") -> Person:
    """Register somebody new."""
    account_id = new_id()
    asked = Register(email=f"{account_id.hex}@example.com", password=PASSWORD, name=name)
    async with backend.database.transaction(account_id) as transaction:
        account = await register(transaction, password_hash(), asked)
    return Person(backend, account, await enter(backend.database, account_id, account_id))


async def signed_in(backend: Backend) -> dict[str, Any]:
    """Somebody new with a session: what signing in answers."""
    person = await new_person(backend)
    async with backend.database.transaction(person.id) as transaction:
        opened = await open_session(transaction, backend.keyring, OpenSession(name="a test", address=None))
    issued = now()
    token = backend.tokens.mint(person.id, opened.session_id, issued, issued + ACCESS_LIFE)
    body = SignedIn(person.account, token, "Bearer", int(ACCESS_LIFE.total_seconds()), opened.refresh_token)
    answer: dict[str, Any] = msgspec.to_builtins(body)
    return answer
