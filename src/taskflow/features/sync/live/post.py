"""The post: who hears for all the sockets of a process."""

from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar
from uuid import UUID

from taskflow.features.sync.live.deltas import Deltas
from taskflow.features.sync.live.times import Times
from taskflow.foundation.backend import Backend

T = TypeVar("T")
Session_contra = TypeVar("Session_contra", contravariant=True)


class Post(Protocol[Session_contra]):
    """What a session asks of it."""

    backend: Backend
    deltas: Deltas
    times: Times

    def enter(self, session: Session_contra) -> bool:
        """Count a socket in, now that it is known whose; False where its account has too many."""

    async def watch(self, session: Session_contra, space_ids: list[UUID]) -> None:
        """Hear of these spaces too, and ask how far they are."""

    def leave(self, session: Session_contra, space_id: UUID) -> None:
        """Hear of a space no longer."""

    async def finished(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something to its end, though the socket may end before."""
