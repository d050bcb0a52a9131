"""The statements of the queue, each one round trip; the clock is the database's."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

from taskflow.foundation.database import Transaction

Connection = asyncpg.Connection | PoolConnectionProxy
Mine = tuple[UUID, int]  # a job and the number of the taking, its fence

# On conflict the waiting row is locked, not passed over: no worker takes it before this transaction can be seen.
ENQUEUE = """
INSERT INTO jobs.queue (name, payload, key) VALUES ($1, $2, $3)
ON CONFLICT (name, key) WHERE key IS NOT NULL AND taken = 0 DO UPDATE SET payload = excluded.payload
"""

PLAN = """
INSERT INTO jobs.queue AS q (name, payload, period)
SELECT name, '', period FROM unnest($1::text[], $2::interval[]) AS p (name, period)
ON CONFLICT (name) WHERE period IS NOT NULL DO UPDATE SET
    period = excluded.period,
    run_at = CASE WHEN q.attempts > 0 THEN q.run_at
        ELSE least(q.run_at, date_bin(excluded.period, now(), 'epoch') + excluded.period) END
WHERE q.period <> excluded.period
"""

# MATERIALIZED: the limit holds however the planner would join.
TAKE = """
WITH due AS MATERIALIZED (
    SELECT id FROM jobs.queue WHERE run_at <= now() AND name = ANY ($1::text[])
    ORDER BY run_at LIMIT $2 FOR UPDATE SKIP LOCKED)
UPDATE jobs.queue q SET run_at = now() + $3::interval, taken = q.taken + 1, attempts = q.attempts + 1
FROM due WHERE q.id = due.id RETURNING q.id, q.taken, q.attempts, q.name, q.payload
"""

# What its function is finishing at this moment is locked, and passed over.
KEEP = """
WITH mine AS MATERIALIZED (
    SELECT q.id FROM jobs.queue q JOIN unnest($1::uuid[], $2::int[]) AS m (id, taken) USING (id, taken)
    FOR UPDATE OF q SKIP LOCKED)
UPDATE jobs.queue q SET run_at = now() + $3::interval FROM mine WHERE q.id = mine.id
"""

FINISH = """
WITH mine AS (
    SELECT * FROM unnest($1::uuid[], $2::int[]) AS m (id, taken)),
gone AS (
    DELETE FROM jobs.queue q USING mine m
    WHERE q.id = m.id AND q.taken = m.taken AND q.period IS NULL RETURNING q.id),
again AS (
    UPDATE jobs.queue q SET attempts = 0, error = NULL, run_at = date_bin(q.period, now(), 'epoch') + q.period
    FROM mine m WHERE q.id = m.id AND q.taken = m.taken AND q.period IS NOT NULL RETURNING q.id)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM again)
"""

RELEASE = "UPDATE jobs.queue SET run_at = now(), attempts = attempts - 1 WHERE id = $1 AND taken = $2"

RETRY = "UPDATE jobs.queue SET run_at = now() + $3::interval, error = $4 WHERE id = $1 AND taken = $2"

# What repeats is not parked: its next period is its next chance.
PARK = """
UPDATE jobs.queue SET
    error = $3,
    run_at = CASE WHEN period IS NULL THEN 'infinity' ELSE date_bin(period, now(), 'epoch') + period END,
    failed_at = CASE WHEN period IS NULL THEN now() END,
    attempts = CASE WHEN period IS NULL THEN attempts ELSE 0 END
WHERE id = $1 AND taken = $2
"""

PURGE = "DELETE FROM jobs.queue WHERE run_at = 'infinity' AND failed_at < now() - $1::interval"


class Row(msgspec.Struct, frozen=True, array_like=True):
    """A job as it was taken."""

    id: UUID
    taken: int
    attempts: int
    name: str
    payload: bytes


async def enqueue(connection: Connection, name: str, payload: bytes, key: str | None = None) -> None:
    """Leave a job behind in the caller's open transaction; it is seen by workers when that commits.

    While one of the same name and key has not begun, there is no second one: it is given the newer payload.
    """
    await connection.execute(ENQUEUE, name, payload, key)


async def later(transaction: Transaction, name: str, payload: msgspec.Struct, key: str | None = None) -> None:
    """Leave a job behind in a space's open transaction, as `enqueue` does."""
    await enqueue(transaction.connection, name, msgspec.json.encode(payload), key)


async def plan(connection: Connection, periods: dict[str, timedelta]) -> None:
    """See to it that each job that repeats has its one row; the first run is due at once."""
    await connection.execute(PLAN, list(periods), list(periods.values()))


async def take(connection: Connection, names: Collection[str], most: int, lease: timedelta) -> list[Row]:
    """Take up to `most` jobs that are due, for as long as the lease."""
    return [Row(*row) for row in await connection.fetch(TAKE, list(names), most, lease)]


async def keep(connection: Connection, mine: Collection[Mine], lease: timedelta) -> None:
    """Renew the lease of those that are still ours."""
    await connection.execute(KEEP, *columns(mine), lease)


async def finish(connection: Connection, mine: Collection[Mine]) -> int:
    """Delete what is done, move what repeats to its next period; how many of them were still ours."""
    finished: int = await connection.fetchval(FINISH, *columns(mine))
    return finished


def columns(mine: Collection[Mine]) -> tuple[list[UUID], list[int]]:
    return [job for job, _ in mine], [taken for _, taken in mine]


async def release(connection: Connection, mine: Mine) -> None:
    """Give one back unharmed: another worker may take it now."""
    await connection.execute(RELEASE, *mine)


async def retry(connection: Connection, mine: Mine, after: timedelta, error: str) -> None:
    """Let it wait for another attempt."""
    await connection.execute(RETRY, *mine, after, error)


async def park(connection: Connection, mine: Mine, error: str) -> None:
    """Set it aside as failed; one that repeats goes on with its next period."""
    await connection.execute(PARK, *mine, error)


async def purge(connection: Connection, kept: timedelta) -> None:
    """Delete what failed longer ago than `kept`."""
    await connection.execute(PURGE, kept)
