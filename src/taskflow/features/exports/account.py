"""The account that a command is about."""

from taskflow.features.accounts.model import Account, email_key
from taskflow.features.accounts.queries import account, find_login
from taskflow.foundation.backend import Backend
from taskflow.foundation.embedded.data_folder import Unusable


async def account_of(backend: Backend, email: str) -> Account:
    """The account of an address; raises Unusable where there is none."""
    found = await find_login(backend.database, email_key(email))
    if found is not None:
        async with backend.database.transaction(found.account_id) as transaction:
            owner = await account(transaction, found.account_id)
        if owner is not None:
            return owner
    raise Unusable(f"there is no account with the address {email!r}: register it in the app first")
