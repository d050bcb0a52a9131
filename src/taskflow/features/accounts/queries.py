"""The statements over accounts."""

from taskflow.features.accounts.model import Account, Login
from taskflow.foundation.database import Database
from taskflow.foundation.statements import Statements

sql = Statements(__name__)

insert_account = sql.maybe("insert_account", Account)
account = sql.maybe("account", Account)
rewrite_account = sql.one("rewrite_account", Account)


async def find_login(database: Database, email_key: str) -> Login | None:
    """The account of an address, found by the one function that may look over all of them."""
    rows = await database.fetch("SELECT account_id, password_hash, disabled_at FROM find_login($1)", email_key)
    return Login(*rows[0]) if rows else None
