"""The statements over spaces."""

from uuid import UUID

from msgspec import Struct

from taskflow.features.spaces.invitation import Invitation, Sealed
from taskflow.features.spaces.model import Entry, Member, MySpace, Space
from taskflow.features.spaces.numbered import Reader
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
space = sql.one("space", Space)
space_at = sql.maybe("space_at", Reader(Space))
my_space = sql.maybe("my_space", MySpace)
rename_space = sql.one("rename_space", Space)
member = sql.maybe("member", Member)
list_members = sql.many("list_members", Reader(Member))
count_owners = sql.one("count_owners", only)
write_role = sql.one("write_role", Member)
rewrite_member = sql.one("rewrite_member", Member)
invitations = sql.many("invitations", Invitation)
insert_invitation = sql.one("insert_invitation", Invitation)
sealed = sql.maybe("sealed", Sealed)
use_invitation = sql.run("use_invitation")
delete_invitation = sql.maybe("delete_invitation", only)
forget_invitations = sql.run("forget_invitations")
epoch = sql.one("epoch", only)
kept_answer = sql.maybe("kept_answer", KeptAnswer)
keep_answer = sql.run("keep_answer")


async def teams(transaction: Transaction, account_id: UUID) -> list[UUID]:
    """The teams' spaces that an account is in, asked within its personal space."""
    return [found.thing.team_id for found in await entries(transaction, account_id) if found.thing]
