"""Metrics of one instance: declared once, written by each of its processes, summed at the scrape."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from taskflow.foundation.telemetry.cells import Amount, Child, Count, Rows, Spread
from taskflow.foundation.telemetry.families import Counter, Family, Gauge, Histogram, Level

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# A hit on the shelf takes some 50 us, a slow request seconds.
SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")

F = TypeVar("F", bound="Family[Any] | Gauge")
C = TypeVar("C", bound=Child)


class Metrics:
    """Families in the order of their declaration, and the rows that their children write to."""

    def __init__(self) -> None:
        self.families: dict[str, Family[Any] | Gauge] = {}
        self.rows = Rows()

    def counter(self, name: str, about: str, labels: Sequence[str] = ()) -> Counter:
        """Counts; `name` ends in `_total`."""
        return self._declare(Counter(name, about, labels, partial(self._child, Count)))

    def level(self, name: str, about: str, labels: Sequence[str] = ()) -> Level:
        """Amounts: each process sets its own, the scrape shows the sum of those that live."""
        return self._declare(Level(name, about, labels, partial(self._child, Amount)))

    def histogram(
        self, name: str, about: str, labels: Sequence[str] = (), buckets: Sequence[float] = SECONDS
    ) -> Histogram:
        """Spreads; `buckets` are the upper bounds, ascending, without the infinite one."""
        if list(buckets) != sorted(set(buckets)):
            raise ValueError(f"the buckets of {name} do not ascend")
        return self._declare(Histogram(name, about, labels, partial(self._child, partial(Spread, tuple(buckets)))))

    def gauge(self, name: str, about: str, read: Callable[[], float], labels: Mapping[str, str] | None = None) -> None:
        """A value that the process which answers the scrape reads at that moment."""
        self._declare(Gauge(name, about, read, labels or {}))

    def start(self, workers: int) -> None:
        """In the parent, before it forks: all is declared, the rows go into shared memory."""
        self.rows.start(workers)

    def enter(self, worker: int) -> None:
        """In the forked worker, 0..workers-1: its counts go on where the one that it replaces stopped."""
        self.rows.enter(worker)

    def leave(self, worker: int) -> None:
        """In the parent, when a worker has ended."""
        self.rows.leave(worker)

    def render(self) -> bytes:
        """All processes of the instance in Prometheus' text format 0.0.4."""
        cells = self.rows.totals()
        return "".join(f"{line}\n" for family in self.families.values() for line in family.lines(cells)).encode()

    def _declare(self, family: F) -> F:
        if family.name in self.families or not NAME.fullmatch(family.name):
            raise ValueError(f"not a name for a metric, or taken: {family.name}")
        self.families[family.name] = family
        return family

    def _child(self, make: Callable[[], C]) -> C:
        child = make()
        self.rows.add(child)
        return child
