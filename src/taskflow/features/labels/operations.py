"""What can be done with labels; to delete one stands in `trash`, for tasks carry it."""

from uuid import UUID

import msgspec

from taskflow.features.activity.record import Named, difference, made_so, record
from taskflow.features.labels import queries
from taskflow.features.labels.errors import LabelExists, LabelNameTaken, LabelNotFound
from taskflow.features.labels.model import CreateLabel, Label, UpdateLabel
from taskflow.features.labels.queries import insert_label, label, label_known, label_named
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.work import Changed, Work
from taskflow.foundation import positions
from taskflow.foundation.operation import given, operation


@operation("create_label", inverse="delete")
async def create_label(work: Work, access: Access, args: CreateLabel) -> Changed[Label]:
    """Make a label; the same create again (id and content) is the same label."""
    await work.take(1)
    await access.require(work, Role.EDITOR)
    what = (args.name, args.color, positions.or_last(args.position, work.now))
    made = await insert_label(work, access.space_id, args.id, *what, access.account_id, work.now, work.next)
    if made is None:
        return Changed(await same_as_before(work, args))
    work.stamp()
    return Changed(made)


async def same_as_before(work: Work, args: CreateLabel) -> Label:
    """The label that this very create made before; raises LabelExists, or LabelNameTaken where its id is free."""
    if await label_known(work, work.space_id, args.id) is None:
        raise LabelNameTaken
    there = await label(work, work.space_id, args.id)
    if there is None or not await made_so(work, there, msgspec.structs.asdict(args)):
        raise LabelExists
    return there


@operation("update_label", inverse="rewrite")
async def update_label(work: Work, access: Access, args: UpdateLabel) -> Changed[Label]:
    """Change fields of a label; a change of nothing takes no number."""
    await work.take(1)
    await access.require(work, Role.EDITOR)
    before = await find_label(work, args.id)
    wanted = msgspec.structs.replace(before, **given(args))
    if wanted == before:
        return Changed(before)
    await require_free_name(work, wanted)
    after = await rewrite_label(work, wanted, work.stamp())
    await record(work, access, "update_label", Named("label", after.id), difference(before, after))
    return Changed(after)


async def find_label(work: Work, label_id: UUID) -> Label:
    """The label to write to; raises LabelNotFound, or PreconditionFailed where the writer holds an older state."""
    return await work.find(label, label_id, LabelNotFound)


async def require_free_name(work: Work, wanted: Label) -> None:
    """Raise LabelNameTaken where another label has the name; whoever renames one or brings one back asks this first."""
    there = await label_named(work, work.space_id, wanted.name)
    if there is not None and there.id != wanted.id:
        raise LabelNameTaken


async def rewrite_label(work: Work, wanted: Label, seq: int) -> Label:
    """A label as it is from now on, under its new number."""
    fields = (wanted.name, wanted.color, wanted.position)
    return await queries.rewrite_label(work, work.space_id, wanted.id, *fields, work.now, seq)
