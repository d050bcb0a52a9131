"""Somebody with an account: what tests do things as."""

from typing import Any, TypeVar
from uuid import UUID

import msgspec

import taskflow.features.trash.rest  # noqa: F401
from taskflow.features.accounts.model import Account
from taskflow.features.spaces.access import Access, enter
from taskflow.features.spaces.door import Answered, Call, perform
from taskflow.features.spaces.model import Register
from taskflow.features.spaces.operations import register
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import new_id
from taskflow.foundation.operation import REGISTRY, Args

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


async def new_person(backend: Backend, name: str = "Ada") -> Person:
    """Register somebody new."""
    account_id = new_id()
    asked = Register(email=f"{account_id.hex}@example.com", password="not hashed here", name=name)
    async with backend.database.transaction(account_id) as transaction:
        account = await register(transaction, "$argon2id$none", asked)
    return Person(backend, account, await enter(backend.database, account_id, account_id))
