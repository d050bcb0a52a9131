"""What importing is asked to do."""

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.imports.operations import ImportTasks
from taskflow.foundation.operation import Args
from tests.features.tasks.arguments import new_tasks

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    "import_tasks": some.builds(ImportTasks, tasks=some.lists(new_tasks(), max_size=5)),
}
