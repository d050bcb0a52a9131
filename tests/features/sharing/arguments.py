"""What the operations that go to another space are asked to do."""

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.sharing.model import MoveTask, ShareProject
from taskflow.foundation.operation import Args
from tests.drawn import ids, maybe, visible

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    "share_project": some.builds(ShareProject, id=ids, name=maybe(visible(120))),
    "move_task": some.builds(MoveTask, id=ids, to=ids, project_id=some.none() | ids, section_id=some.none() | ids),
}
