"""The statements over spaces."""

from msgspec import Struct

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
insert_space = sql.run("insert_space")
insert_member = sql.run("insert_member")
rename_member = sql.run("rename_member")
epoch = sql.one("epoch", only)
kept_answer = sql.maybe("kept_answer", KeptAnswer)
keep_answer = sql.run("keep_answer")
