"""turn.lua as the product ships it, run by itself with a clock that a test moves."""

from collections.abc import Sequence
from importlib.resources import files

import redis

from taskflow.foundation.redis.ask import Ask, Reply, arguments, replies
from taskflow.foundation.redis.known import Raise

SOURCE = files("taskflow.foundation.redis").joinpath("turn.lua").read_text(encoding="utf-8")


class TurnScript:
    """One call after the other, and nothing between it and the server."""

    def __init__(self, client: redis.Redis, source: str = SOURCE) -> None:
        # Replies are bytes, whatever the client makes of others.
        kwargs = {**client.connection_pool.connection_kwargs, "decode_responses": False}
        pool = redis.ConnectionPool(connection_class=client.connection_pool.connection_class, **kwargs)
        self._client = redis.Redis(connection_pool=pool)
        self._digest = self._client.script_load(source)

    def call(
        self, asks: Sequence[Ask] = (), raises: Sequence[Raise] = (), lease: str = "lease", now: int | str = ""
    ) -> list[Reply]:
        keys, args = arguments(asks, raises, lease, now)
        return replies(self._client.evalsha(self._digest, len(keys), *keys, *args), lease)

    def close(self) -> None:
        self._client.connection_pool.disconnect()
