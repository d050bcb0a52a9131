"""The numbers behind the metrics: a row of cells for each process, in memory that forked processes share."""

import mmap
import os
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Cells = memoryview[float] | array[float]

# Whole pages: no two processes write to one cache line.
PAGE = mmap.PAGESIZE // 8


class DeclaredTooLate(RuntimeError):
    """A label set was declared after the rows were laid out."""


class Child:
    """One label set's place in the row of this process."""

    __slots__ = ("at", "cells")
    at: int
    cells: "Cells"
    width = 1


class Count(Child):
    """A number that only grows."""

    __slots__ = ()

    def add(self, n: float = 1.0) -> None:
        self.cells[self.at] += n


class Amount(Child):
    """A number that this process raises, lowers and sets."""

    __slots__ = ()

    def add(self, n: float = 1.0) -> None:
        self.cells[self.at] += n

    def set(self, value: float) -> None:
        self.cells[self.at] = value


class Spread(Child):
    """Cell 0 is the sum of what was observed; then a count for each bucket, the last of them without a bound."""

    __slots__ = ("bounds", "width")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.width = 2 + len(bounds)

    def observe(self, value: float) -> None:
        cells, at = self.cells, self.at
        cells[at] += value
        cells[at + 1 + bisect_left(self.bounds, value)] += 1.0


class Rows:
    """A private row until `start`; then one for each worker and one for the process that called it.

    A process writes to its own row alone, from the thread of its event loop: no write needs a lock.
    Cell 0 of a worker's row is its process id.
    """

    def __init__(self) -> None:
        self.private = array("d", [0.0])
        self.children: list[Child] = []
        self.rows: list[Cells] = [self.private]
        self.started = False

    def add(self, child: Child) -> None:
        """Give a child its cells; DeclaredTooLate after `start`."""
        if self.started:
            raise DeclaredTooLate("declare every label set before start(), which lays out the shared memory")
        child.cells, child.at = self.private, len(self.private)
        self.private.extend([0.0] * child.width)
        self.children.append(child)

    def start(self, workers: int) -> None:
        """Lay the rows out in shared memory; what was counted so far stays in this process's own row."""
        if self.started:
            raise RuntimeError("start() has been called already")
        used, width = len(self.private), -(-len(self.private) // PAGE) * PAGE
        whole = memoryview(mmap.mmap(-1, (workers + 1) * width * 8)).cast("d")
        rows = [whole[at * width : at * width + used] for at in range(workers + 1)]
        rows[-1][:] = memoryview(self.private)
        self.rows, self.started = [*rows], True
        self._write_to(rows[-1])

    def enter(self, worker: int) -> None:
        """In the forked worker: go on in its row, where the one that it replaces stopped."""
        self.leave(worker)
        self.rows[worker][0] = os.getpid()
        self._write_to(self.rows[worker])

    def leave(self, worker: int) -> None:
        """In the parent, when a worker has ended: what it had open is gone, what it counted stays."""
        if not self.started or not 0 <= worker < len(self.rows) - 1:
            raise ValueError(f"start() laid out no row for worker {worker}")
        row = self.rows[worker]
        row[0] = 0.0
        for child in self.children:
            if isinstance(child, Amount):
                row[child.at] = 0.0

    def alive(self) -> int:
        """How many workers entered and did not leave; 1 where none is forked."""
        return sum(row[0] > 0 for row in self.rows) if self.started else 1

    def totals(self) -> Sequence[float]:
        """The sum of all rows."""
        return [sum(column) for column in zip(*(row.tolist() for row in self.rows), strict=True)]

    def _write_to(self, row: "Cells") -> None:
        for child in self.children:
            child.cells = row
