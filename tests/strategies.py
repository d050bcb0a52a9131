"""One strategy for each operation: arguments that its form takes; each feature has its own."""

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.foundation.operation import Args
from tests.features.comments import arguments as comments
from tests.features.imports import arguments as imports
from tests.features.labels import arguments as labels
from tests.features.projects import arguments as projects
from tests.features.sessions import arguments as sessions
from tests.features.sharing import arguments as sharing
from tests.features.spaces import arguments as spaces
from tests.features.tasks import arguments as tasks
from tests.features.trash import arguments as trash
from tests.features.undo import arguments as undo

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    **sessions.STRATEGIES,
    **spaces.STRATEGIES,
    **labels.STRATEGIES,
    **projects.STRATEGIES,
    **tasks.STRATEGIES,
    **comments.STRATEGIES,
    **trash.STRATEGIES,
    **sharing.STRATEGIES,
    **undo.STRATEGIES,
    **imports.STRATEGIES,
}


def asked(*names: str) -> SearchStrategy[Args]:
    """Arguments of any of these operations."""
    return some.one_of([STRATEGIES[name] for name in names])
