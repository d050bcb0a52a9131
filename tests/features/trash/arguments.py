"""What the operations that delete are asked to do."""

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.tasks.model import DeleteTask
from taskflow.foundation.operation import Args
from tests.drawn import ids

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    "delete_task": some.builds(DeleteTask, id=ids),
}
