"""What undo is asked to do: with few numbers, so that some of them were taken."""

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.undo.model import Undo
from taskflow.foundation.operation import Args
from tests.drawn import ids

FIRST = (1 << 40) + 1  # of a new space: its own row, then its owner's membership
kinds = some.sampled_from(["task", "project", "section", "label", "comment", "space"])

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    "undo": some.builds(Undo, kind=kinds, id=ids, seq=some.integers(FIRST, FIRST + 12)),
}
