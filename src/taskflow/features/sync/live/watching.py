"""Watching: what one socket is told of which spaces, and up to which number it has been told."""

from uuid import UUID

from msgspec import Struct

NOTHING = -1  # not told of yet: what comes first is all of it


class Watch(Struct):
    """A space of a socket: complete up to `position`; `stale`: told to fetch up to it (None: it is pushed to).

    `heard`: the newest number that was said of it.
    """

    position: int = NOTHING
    heard: int = NOTHING
    stale: int | None = None

    @property
    def due(self) -> bool:
        """Whether the socket lacks something that it was not told of."""
        return self.heard > (self.position if self.stale is None else self.stale)


class Watching:
    """The spaces of one socket."""

    def __init__(self) -> None:
        """Watch nothing."""
        self.spaces: dict[UUID, Watch] = {}

    def due(self) -> list[UUID]:
        """The spaces of which there is something to tell."""
        return [space_id for space_id, watch in self.spaces.items() if watch.due]

    def hear(self, space_id: UUID, number: int) -> bool:
        """Take note of a space's number; whether there is something to tell."""
        watch = self.spaces.get(space_id)
        if watch is None:
            return False
        watch.heard = max(watch.heard, number)
        return watch.due

    def begin(self, space_id: UUID, number: int, *, more: bool) -> None:
        """A hello was answered: the client is complete up to a number, or has to fetch up to it."""
        heard = self.spaces[space_id].heard if space_id in self.spaces else NOTHING
        self.spaces[space_id] = Watch(NOTHING if more else number, max(heard, number), number if more else None)
