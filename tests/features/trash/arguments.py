"""What the operations that delete are asked to do."""

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.tasks.model import DeleteTask
from taskflow.features.trash.model import DeleteComment, DeleteLabel, DeleteProject, DeleteSection
from taskflow.foundation.operation import Args
from tests.drawn import ids

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    "delete_task": some.builds(DeleteTask, id=ids),
    "delete_project": some.builds(DeleteProject, id=ids),
    "delete_section": some.builds(DeleteSection, id=ids),
    "delete_label": some.builds(DeleteLabel, id=ids),
    "delete_comment": some.builds(DeleteComment, id=ids),
}
