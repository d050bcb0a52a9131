"""The jobs that delete what has expired, in small transactions."""

from datetime import timedelta

from taskflow.foundation.backend import Backend
from taskflow.foundation.database import Database
from taskflow.foundation.jobs import Attempt, job

EVERY = timedelta(minutes=5)
BATCH = 1_000  # rows: a transaction of 10 ms, behind which nothing waits for long


@job("purge_answers", every=EVERY)
async def purge_answers(attempt: Attempt[Backend], _: bytes) -> None:
    """Delete the answers of commands that nobody may repeat any more."""
    await purge(attempt.context.database, "SELECT purge_answers($1)")


@job("purge_sessions", every=EVERY)
async def purge_sessions(attempt: Attempt[Backend], _: bytes) -> None:
    """Delete the sessions that have ended."""
    await purge(attempt.context.database, "SELECT purge_sessions($1)")


@job("purge_tombstones", every=EVERY)
async def purge_tombstones(attempt: Attempt[Backend], _: bytes) -> None:
    """Empty the trash after 30 days, and delete the tombstones after 90; an emptied one points to no other."""
    await purge(attempt.context.database, "SELECT empty_trash($1)")
    await purge(attempt.context.database, "SELECT purge_tombstones($1)")


@job("purge_invitations", every=EVERY)
async def purge_invitations(attempt: Attempt[Backend], _: bytes) -> None:
    """Delete the invitations that ended 30 days ago; until then they answer that they did."""
    await purge(attempt.context.database, "SELECT purge_invitations($1)")


async def purge(database: Database, sql: str) -> None:
    while (await database.fetch(sql, BATCH))[0][0] == BATCH:
        pass
