"""The services that the parent keeps running beside its workers: an embedded PostgreSQL, an embedded Valkey."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from taskflow.foundation.embedded.data_folder import Unusable

LONGEST_BACK_OFF_S = 30.0


class Service(Protocol):
    """`start` and `ensure` (start again if it died) raise Unusable."""

    @property
    def name(self) -> str: ...
    def start(self) -> None: ...
    def alive(self) -> bool: ...
    def ensure(self) -> None: ...
    def stop(self) -> None: ...


@dataclass
class Kept:
    """A service, how often in a row it could not be started again, and when that is tried next."""

    service: Service
    failures: int = 0
    due: float = 0.0


class Services:
    """All of them, in the order in which they start."""

    def __init__(self, services: Sequence[Service], say: Callable[[str], None]) -> None:
        self._kept = [Kept(service) for service in services]
        self._say = say

    def start(self, given_up: Callable[[], bool]) -> None:
        """Start one after the other, unless it is given up between two. Raises Unusable."""
        for kept in self._kept:
            if not given_up():
                kept.service.start()

    def tend(self) -> None:
        """Start again what died; one that cannot is tried again later, ever more rarely."""
        for kept in self._kept:
            if time.monotonic() >= kept.due:
                self._tend(kept)

    def _tend(self, kept: Kept) -> None:
        if not kept.service.alive():
            self._say(f"{kept.service.name} ended: it is started again.")
        try:
            kept.service.ensure()
            kept.failures = 0
        except Unusable as failure:
            kept.failures += 1
            kept.due = time.monotonic() + back_off(kept.failures)
            self._say(str(failure))

    def stop(self) -> None:
        for kept in reversed(self._kept):
            kept.service.stop()


def back_off(failures: int) -> float:
    """The seconds to wait after so many failures in a row: 0, 0.1, 0.2, 0.4 ..."""
    return min(0.1 * 2 ** (failures - 1), LONGEST_BACK_OFF_S) if failures else 0.0
