"""Whether this process is about to end, for whoever must say so or make ready."""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)


class Drain:
    """`draining` is true from the moment the process is told to end."""

    def __init__(self) -> None:
        self.draining = False
        self._told: list[Callable[[], None]] = []

    def tell(self, listener: Callable[[], None]) -> None:
        """Have a listener called, once and in the event loop, when it begins."""
        self._told.append(listener)

    def begin(self) -> None:
        if self.draining:
            return
        self.draining = True
        for listener in self._told:
            try:
                listener()
            except Exception:
                log.exception("a listener failed while the process began to end")


drain = Drain()
