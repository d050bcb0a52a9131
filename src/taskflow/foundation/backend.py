"""The backend: all that an operation or a handler may need, opened once for each process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from redis.asyncio import Redis

from taskflow.foundation.database import Database
from taskflow.foundation.keys import Keyring
from taskflow.foundation.redis import open_redis
from taskflow.foundation.revocations import Revocations
from taskflow.foundation.settings import Settings
from taskflow.foundation.tokens import Tokens
from taskflow.foundation.tries import LocalTries, Tries
from taskflow.foundation.turn import Turn


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
    """Connect to what the settings name (the embedded ones' addresses filled in), and let go of it afterwards."""
    database = await Database.open(settings.database_url, settings.pool_size)
    try:
        redis = await open_redis(settings.redis_url)
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
