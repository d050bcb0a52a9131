"""Families of metrics in Prometheus' text format 0.0.4."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from taskflow.foundation.telemetry.cells import Amount, Child, Count, Spread

C = TypeVar("C", bound=Child)


class Family(Generic[C]):
    """A name, its help and its labels; a child for each label set."""

    kind: ClassVar[str]

    def __init__(self, name: str, about: str, labels: Sequence[str], make: Callable[[], C]) -> None:
        self.name, self.about, self.labels, self.make = name, about, tuple(labels), make
        self.children: dict[tuple[str, ...], C] = {}

    def child(self, **labels: str) -> C:
        """The child of this label set, made the first time; DeclaredTooLate if that is after `Metrics.start`."""
        if labels.keys() != set(self.labels):
            raise ValueError(f"{self.name} has the labels ({', '.join(self.labels)}), not ({', '.join(labels)})")
        key = tuple(labels[name] for name in self.labels)
        if key not in self.children:
            self.children[key] = self.make()
        return self.children[key]

    def lines(self, cells: Sequence[float]) -> Iterator[str]:
        """The family as text, out of the summed cells."""
        yield from head(self.name, self.about, self.kind)
        for values, child in self.children.items():
            yield from self.samples(inside(zip(self.labels, values, strict=True)), child, cells)

    def samples(self, labels: str, child: C, cells: Sequence[float]) -> Iterator[str]:
        """One child as text."""
        yield sample(self.name, labels, cells[child.at])


class Counter(Family[Count]):
    """Counts, which only grow."""

    kind = "counter"


class Level(Family[Amount]):
    """Amounts, which go up and down in each process; the sum of those that live."""

    kind = "gauge"


class Histogram(Family[Spread]):
    """Spreads over buckets."""

    kind = "histogram"

    def samples(self, labels: str, child: Spread, cells: Sequence[float]) -> Iterator[str]:
        """Nothing while it is empty: routes x methods x classes are thousands of lines, few of them ever used."""
        counts = cells[child.at + 1 : child.at + child.width]
        if not any(counts):
            return
        total, before = 0.0, f"{self.name}_bucket{{{labels}{',' if labels else ''}le="
        for bound, count in zip(map(number, (*child.bounds, math.inf)), counts, strict=True):
            total += count
            yield f'{before}"{bound}"}} {number(total)}'
        yield sample(f"{self.name}_sum", labels, cells[child.at])
        yield sample(f"{self.name}_count", labels, total)


class Gauge:
    """A value that the process which answers the scrape reads at that moment."""

    def __init__(self, name: str, about: str, read: Callable[[], float], labels: Mapping[str, str]) -> None:
        self.name, self.about, self.read, self.labels = name, about, read, labels

    def lines(self, _cells: Sequence[float]) -> Iterator[str]:
        yield from head(self.name, self.about, "gauge")
        yield sample(self.name, inside(self.labels.items()), self.read())


def head(name: str, about: str, kind: str) -> Iterator[str]:
    one_line = about.replace("\\", r"\\").replace("\n", r"\n")
    yield f"# HELP {name} {one_line}"
    yield f"# TYPE {name} {kind}"


def inside(labels: Iterable[tuple[str, str]]) -> str:
    """What stands between the braces."""
    return ",".join(f'{label}="{escaped(text)}"' for label, text in labels)


def sample(name: str, labels: str, value: float) -> str:
    return f"{name}{{{labels}}} {number(value)}" if labels else f"{name} {number(value)}"


def escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def number(value: float) -> str:
    """Whole numbers without a point, the rest in Python's shortest form that reads back the same."""
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if float(value).is_integer() else repr(value)
