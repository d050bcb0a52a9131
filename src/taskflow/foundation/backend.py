"""The backend: all that an operation or a handler may need, opened once for each process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from redis.asyncio import Redis

from taskflow.foundation.database import Database
from taskflow.foundation.embedded.data_folder import Unusable
from taskflow.foundation.keys import Keyring
from taskflow.foundation.redis.connection import open_redis
from taskflow.foundation.redis.revocations import Revocations
from taskflow.foundation.redis.tries import LocalTries, Tries
from taskflow.foundation.redis.turn import Turn
from taskflow.foundation.settings import Settings
from taskflow.foundation.tokens import Tokens


class Backend(msgspec.Struct, frozen=True):
    """Database, Redis, keys and settings of one process; made by `opened`."""

    settings: Settings
    database: Database
    redis: Redis
    turn: Turn
    tries: Tries
    local_tries: LocalTries
    revocations: Revocations
    keyring: Keyring
    tokens: Tokens


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Backend]:
    """Connect to what the settings name (the embedded ones' addresses filled in), and let go of it afterwards.

    Raises OSError, asyncpg's errors, PermissionError, or Unusable for a Redis URL that no client can be made of.
    """
    database = await Database.open(settings.database_url, settings.pool_size)
    try:
        redis = await redis_at(settings.redis_url)
        turn = Turn(redis)
        try:
            keyring = await Keyring.load(database)
            tries, revocations = Tries(redis), Revocations(turn)
            try:
                yield Backend(
                    settings,
                    database,
                    redis,
                    turn,
                    tries,
                    LocalTries(settings.workers),
                    revocations,
                    keyring,
                    Tokens(keyring),
                )
            finally:
                await revocations.close()
                await tries.close()
        finally:
            await turn.close()
            await redis.aclose()
    finally:
        await database.close()


async def redis_at(url: str) -> Redis:
    """A client of a Redis; raises Unusable for a URL that none can be made of."""
    try:
        return await open_redis(url)
    except ValueError as bad:
        raise Unusable(f"TASKFLOW_REDIS_URL: {bad}") from bad
