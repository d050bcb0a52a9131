"""What the operations on comments are asked to do."""

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.comments.model import CreateComment, UpdateComment
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args
from tests.drawn import ids, maybe, visible

bodies = visible(16 * 1024).filter(lambda written: len(written.encode()) <= 16 * 1024)
mentions: SearchStrategy[list[Id]] = some.just([]) | some.lists(ids, max_size=2)  # nobody has one of these ids

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    "create_comment": some.builds(CreateComment, id=ids, task_id=ids, body=bodies, mention_ids=mentions),
    "update_comment": some.builds(UpdateComment, id=ids, body=maybe(bodies), mention_ids=maybe(mentions)),
}
