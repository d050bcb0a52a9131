"""The statements over sessions."""

from taskflow.features.sessions.model import DeviceRow, Session
from taskflow.foundation.statements import Statements, only

sql = Statements(__name__)

insert_session = sql.run("insert_session")
lock_session = sql.maybe("lock_session", Session)
rotate_session = sql.run("rotate_session")
revoke_session = sql.maybe("revoke_session", only)
session_lives = sql.maybe("session_lives", only)
devices = sql.many("devices", DeviceRow)
