"""What a command has overwritten: what others wrote in its fields while its client did not know."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from msgspec import UNSET

from taskflow.features.activity.model import Changes
from taskflow.features.spaces.work import Work
from taskflow.features.sync.protocol import Overwritten
from taskflow.features.sync.queries import Written, written_since
from taskflow.features.sync.reading import Order

UNTOLD = {"completed_at"}  # it follows from the status
LOOKED_AT = 1000  # changes of one thing, the newest ones: so many since a base are more than anybody reads
KINDS = {"update_task": "task", "skip_task": "task", "update_project": "project", "update_section": "section"} | {
    "update_label": "label",
    "update_comment": "comment",
}


async def overwritten(work: Work, account_id: UUID, order: Order) -> list[Overwritten]:
    """What others wrote after a command's `base` in the fields that it has just changed, of each field the latest."""
    kind = KINDS.get(order.operation.name) if order.operation else None
    if kind is None or order.base is None or not work.wrote:
        return []
    thing_id = order.args.id  # type: ignore[union-attr] # what changes a thing names it
    found = await written_since(work, work.space_id, thing_id, kind, order.base, LOOKED_AT)
    own = next((each.changes for each in found if each.seq == work.last), {})
    others = [each for each in found if each.by != account_id]
    return [*replaced(own, others, merged=getattr(order.args, "label_ids", UNSET) is UNSET)]


def replaced(own: Changes, others: Sequence[Written], *, merged: bool) -> Iterator[Overwritten]:
    """The fields in which what others wrote last is not what is there now.

    `merged`: labels were added or taken away, which replaces nothing but what others did to the very same ones.
    """
    for field in own.keys() - UNTOLD:
        theirs = [each for each in others if field in each.changes]
        if field == "label_ids" and merged and not any(toggled(own) & toggled(each.changes) for each in theirs):
            continue
        if theirs and theirs[0].changes[field][1] != own[field][1]:
            yield Overwritten(field, theirs[0].changes[field][1], theirs[0].by, theirs[0].seq)


def toggled(changes: Changes) -> set[str]:
    """The labels that a change has added or taken away."""
    old, new = changes["label_ids"]
    return {*old} ^ {*new}
