"""The statements over spaces."""

from uuid import UUID

from msgspec import Struct

from taskflow.features.spaces.at import Reader
from taskflow.features.spaces.model import Entry, Space
from taskflow.foundation.database import Transaction
from taskflow.foundation.statements import Statements, only


class KeptAnswer(Struct, frozen=True):
    """What was answered to a key."""

    fingerprint: bytes
    status: int
    body: bytes


sql = Statements(__name__)

take = sql.maybe("take", only)
number = sql.maybe("number", only)
role = sql.maybe("role", only)
entry = sql.maybe("entry", only)
entries = sql.many("entries", Reader(Entry))
write_entry = sql.run("write_entry")
insert_space = sql.one("insert_space", Space)
insert_member = sql.run("insert_member")
rename_member = sql.run("rename_member")
epoch = sql.one("epoch", only)
kept_answer = sql.maybe("kept_answer", KeptAnswer)
keep_answer = sql.run("keep_answer")


async def teams(transaction: Transaction, account_id: UUID) -> list[UUID]:
    """The teams' spaces that an account is in, asked within its personal space."""
    return [found.thing.team_id for found in await entries(transaction, account_id) if found.thing]
