"""What is known of several spaces: their newest numbers, asked of Redis at once, and who is in which."""

from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID

from msgspec import Struct

from taskflow.features.spaces.access import Everywhere
from taskflow.foundation.redis import keys
from taskflow.foundation.redis.ask import Ask
from taskflow.foundation.redis.connection import RedisDown
from taskflow.foundation.redis.turn import Turn

ACCOUNTS = 10_000  # some 20 MB where each is in a few spaces


class Known(Struct, frozen=True):
    """A space's newest number (None: not known), and the lease where the asker is the one to make it known.

    `behind`: the client has seen a newer one, so that the database has to be asked.
    """

    number: int | None = None
    lease: str = ""
    behind: bool = False


UNKNOWN = Known()


async def known_of(turn: Turn, space_ids: Iterable[UUID]) -> dict[UUID, Known]:
    """What Redis knows of these spaces, in one ask; nothing where it is down, or has only just come back."""
    if not turn.settled():
        return {}
    spaces = [*space_ids]
    try:
        replies = await turn.ask_all([Ask(number_key=keys.known(space_id)) for space_id in spaces])
    except RedisDown:
        return {}
    if not turn.settled():
        return {}
    return {space: Known(reply.number, reply.lease) for space, reply in zip(spaces, replies, strict=True)}


class Entrances:
    """Where accounts may enter, as their personal spaces had it at a number: good as long as that is the newest."""

    def __init__(self) -> None:
        """Hold nothing."""
        self.held: OrderedDict[UUID, Everywhere] = OrderedDict()

    def get(self, account_id: UUID) -> Everywhere | None:
        """What is held of an account."""
        found = self.held.get(account_id)
        if found is not None:
            self.held.move_to_end(account_id)
        return found

    def keep(self, account_id: UUID, there: Everywhere) -> None:
        """Hold it; the longest unused one makes room."""
        self.held[account_id] = there
        self.held.move_to_end(account_id)
        if len(self.held) > ACCOUNTS:
            self.held.popitem(last=False)
