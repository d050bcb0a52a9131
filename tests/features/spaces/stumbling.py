"""A database that undoes transactions: with a deadlock, a serialization failure or a lock that is not to be had."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg

from taskflow.foundation.settings import Settings

STUMBLE = """
CREATE SEQUENCE stumbles;
GRANT USAGE ON SEQUENCE stumbles TO taskflow_app;
CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.title = 'stumble' AND nextval('stumbles') <= {times} THEN
    RAISE EXCEPTION USING ERRCODE = '{code}';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stumble BEFORE INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION stumble();
"""
STAND = "DROP TRIGGER stumble ON tasks; DROP FUNCTION stumble; DROP SEQUENCE stumbles"


@asynccontextmanager
async def stumbling(settings: Settings, code: str, times: int) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """The database undoes so many transactions that make a task named stumble; how often that was tried."""
    owner = await asyncpg.connect(settings.database_url)
    await owner.execute("SET ROLE taskflow_owner;" + STUMBLE.format(code=code, times=times))

    async def tries() -> int:
        """Also those that were undone: a sequence goes on."""
        found: int = await owner.fetchval("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM stumbles")
        return found

    try:
        yield tries
    finally:
        await owner.execute(STAND)
        await owner.close()
