"""What the operations of signing in are asked to do."""

from uuid import UUID

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.sessions.model import RefreshToken, RevokeSession
from taskflow.features.sessions.operations import OpenSession, RefreshSession
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args
from tests.drawn import text

tokens = some.builds(
    RefreshToken, account_id=some.uuids(), session_id=some.uuids(), secret=some.binary(min_size=0, max_size=64)
)
addresses = some.none() | some.ip_addresses().map(str)
shown = some.builds(RefreshSession, token=tokens, address=addresses)

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    "open_session": some.builds(OpenSession, name=text(1, 200), address=addresses),
    "refresh_session": shown,
    "log_out": shown,
    "revoke_session": some.builds(RevokeSession, id=some.uuids().map(lambda made: Id(str(UUID(int=made.int))))),
}
