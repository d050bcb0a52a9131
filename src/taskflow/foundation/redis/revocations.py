"""Revocations: sessions whose access tokens are good no longer, told to Redis until it has heard."""

import asyncio

from taskflow.foundation.redis import keys
from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.redis.turn import Turn

RETRY_S = 0.5
KEEP_S = 15 * 60  # an access token lives no longer than that
WAIT_S = 1.0
REVOKED = "revoked "


class Revocations:
    """Tells Redis, and goes on telling while it is down."""

    def __init__(self, turn: Turn) -> None:
        """Nothing is open yet."""
        self.turn = turn
        self.telling: set[asyncio.Task[None]] = set()

    async def revoke(self, account_id: object, session_id: object) -> None:
        """Return when Redis has heard, or after 1 s (the database says the same to whoever asks it meanwhile)."""
        telling = asyncio.create_task(self.tell(account_id, session_id))
        self.telling.add(telling)
        telling.add_done_callback(self.telling.discard)
        await asyncio.wait({telling}, timeout=WAIT_S)

    async def tell(self, account_id: object, session_id: object) -> None:
        """Try until it is heard, or until no token of the session can be left; sockets are told on the channel."""
        for _ in range(int(KEEP_S / RETRY_S)):
            try:
                await self.turn.revoke_session(keys.session(account_id, session_id))
                await self.turn.command("PUBLISH", keys.channel(account_id), f"{REVOKED}{session_id}")
            except RedisDown:
                await asyncio.sleep(RETRY_S)
            else:
                return

    async def close(self) -> None:
        """Stop telling."""
        for telling in self.telling:
            telling.cancel()
