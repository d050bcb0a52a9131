"""What a change made, away again: what nobody has touched since, and nothing of others' hangs on."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from taskflow.features.activity.model import Entry
from taskflow.features.spaces.work import Work
from taskflow.features.trash import queries as trash
from taskflow.features.undo import queries
from taskflow.features.undo.model import MADE
from taskflow.features.undo.queries import Key, Made
from taskflow.foundation.statements import Run

BURY: dict[str, Run] = {
    "comment": trash.bury_comments,
    "task": trash.bury_tasks,
    "section": trash.bury_sections,
    "project": trash.bury_projects,
    "label": trash.bury_labels,
}


async def untouched(work: Work, change: Entry) -> list[Made]:
    """What a change made beside the thing it was about, and may go."""
    brought_back = change.changes.get(MADE, (0, 0))[1]
    numbers = (change.first_seq, change.seq, change.first_seq - 1 + brought_back)
    made = await queries.made(work, work.space_id, *numbers, change.kind)
    if not made:
        return []
    ids = [ids_of(made, kind) for kind in ("task", "project", "section", "label", "comment")]
    staying = staying_with(made, await queries.held(work, work.space_id, *ids))
    return [each for each in made if each.key not in staying]


def ids_of(made: Iterable[Made], kind: str) -> list[UUID]:
    """The ids of one kind."""
    return [each.id for each in made if each.kind == kind]


def staying_with(made: Sequence[Made], held: Sequence[Key]) -> set[Key]:
    """What stays because others hang on it, and what that hangs on in turn."""
    by_key = {each.key: each for each in made}
    staying: set[Key] = set()
    asked = [*held]
    while asked:
        key = asked.pop()
        if key in by_key and key not in staying:
            staying.add(key)
            asked += by_key[key].holds
    return staying


async def bury(work: Work, made: Sequence[Made], numbers: range, deleted_seq: int) -> None:
    """Make tombstones of rows, as the trash does it, each under a number of its own."""
    for kind, statement in BURY.items():
        ids = ids_of(made, kind)
        if ids:
            await statement(work, work.space_id, ids, numbers[0], deleted_seq, work.now)
            numbers = numbers[len(ids) :]
