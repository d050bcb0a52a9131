"""How a Redis or Valkey is reached, and what stands at the other end."""

from asyncio import StreamWriter
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import RedisError

SCHEMES = ("redis", "rediss", "unix")
TIMEOUT_S = 2.0


class RedisDown(Exception):
    """Redis gave no answer: not reachable, too slow, or it refused the command."""


async def open_redis(url: str) -> Redis:
    """Make a client with a pool; it connects at the first command. Raises ValueError for a bad URL."""
    scheme = urlsplit(url).scheme
    if scheme not in SCHEMES:
        raise ValueError("a Redis URL starts with redis://, rediss:// or unix://")
    redis = Redis.from_url(
        url,
        client_name="taskflow",
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        health_check_interval=30,
        retry=Retry(ExponentialBackoff(cap=0.2, base=0.02), retries=2),
        **({} if scheme == "unix" else {"socket_keepalive": True}),
    )
    try:
        redis.connection_pool.make_connection()  # type: ignore[no-untyped-call]
    except TypeError as error:
        raise ValueError(f"a Redis URL with an option that is not known: {str(error).rpartition(' ')[2]}") from None
    return redis


async def dialled(pool: ConnectionPool) -> StreamWriter:
    """Open a connection as redis-py does and take it away from it; raises RedisError or OSError."""
    connection: AbstractConnection = pool.make_connection()  # type: ignore[no-untyped-call]
    try:
        await connection.connect_check_health(retry_socket_connect=False)
    except BaseException:
        await connection.disconnect(nowait=True)
        raise
    # redis-py has no public way to what it has opened; its connection is left with nothing to close.
    writer, connection._reader, connection._writer = connection._writer, None, None  # noqa: SLF001
    if writer is None:
        raise ConnectionLost("the connection was lost")
    return writer


async def describe(redis: Redis) -> str:
    """Name the server at the other end: `Valkey 9.1.0`, `Redis 7.0.15`. Raises RedisDown."""
    try:
        server = await redis.info("server")
    except (RedisError, OSError) as error:
        raise RedisDown(str(error)) from error
    if "valkey_version" in server:
        return f"Valkey {server['valkey_version']}"
    return f"Redis {server['redis_version']}"
