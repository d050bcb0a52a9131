"""Taking a change of one's own back, and that in turn: which does it again."""

from typing import Any

from taskflow.features.activity.model import Changes, Entry
from taskflow.features.activity.record import DELETED, RESTORED, Named, difference, record
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.work import Changed, Work
from taskflow.features.tasks.model import LABELS_MOST
from taskflow.features.undo import queries
from taskflow.features.undo.fields import before_change
from taskflow.features.undo.finding import own_change
from taskflow.features.undo.kinds import KINDS
from taskflow.features.undo.model import MADE, Outcome, Undo, Undone, builtins
from taskflow.features.undo.moving import beyond, moved_back, spaces_of
from taskflow.features.undo.restoring import bring_back, require_place, width
from taskflow.features.undo.unmaking import bury, untouched
from taskflow.foundation.operation import operation


@operation("undo", inverse="rewrite", several=True)
async def undo(work: Work, access: Access, args: Undo) -> Changed[Undone]:
    """Take back what you changed within 30 days, field by field; what others did since stays."""
    await work.lock(*[space_id async for space_id in spaces_of(work, access, args)])
    await access.require(work, Role.COMMENTER if args.kind == "comment" else Role.EDITOR)
    change = await own_change(work, access, args)
    other = await beyond(work, change)
    if other is not None:
        back = await moved_back(work, access, change, other)
        return Changed(Undone(args.kind, args.id, work.last, sorted(back.kept), builtins(back.task)))
    if change.kind == "comment" and await queries.author(work, access.space_id, change.id) != access.account_id:
        await access.require(work, Role.EDITOR)
    kept = await take_back(work, access, change)
    return Changed(Undone(args.kind, args.id, work.last, sorted(kept), await shown(work, change)))


async def take_back(work: Work, access: Access, change: Entry) -> frozenset[str]:
    """Do the inverse of a change, and record it; what could not be taken back is named."""
    deleted = change.changes.get("deleted")
    if deleted == RESTORED["deleted"]:
        return await delete_again(work, access, change)
    outcome = await (restored(work, change) if deleted == DELETED["deleted"] else rewritten(work, change))
    if outcome.changes:
        await record(work, access, "undo", Named(change.kind, change.id, change.task_id), outcome.changes)
    return outcome.kept


async def delete_again(work: Work, access: Access, change: Entry) -> frozenset[str]:
    """Delete what was made or brought back, with all that hangs on it by now; what is gone already may be so."""
    kind = KINDS[change.kind]
    if await kind.live(work, work.space_id, change.id) is not None:
        await kind.delete(work, access, kind.deleting(id=change.id))
    return frozenset()


async def restored(work: Work, change: Entry) -> Outcome:
    """Bring back what a change deleted; where the thing is gone by another deletion by now, it stays so."""
    await require_place(work, change)
    gone = await queries.gone(work, work.space_id, change.first_seq, change.seq)
    if not gone:
        there = await shown(work, change)
        return Outcome({}, frozenset() if there else frozenset({"deleted"}))
    carrying: list[str] = change.changes.get("task_ids", ([], []))[0]
    tasks = await queries.unlabelled(work, work.space_id, change.id, carrying, LABELS_MOST) if carrying else []
    await work.take(len(tasks) + width(gone))
    if tasks:
        await queries.relabel(work, work.space_id, tasks, work.stamps(len(tasks))[0], change.id, work.now)
    back = await bring_back(work, change, gone)
    changes = {**RESTORED, **back.changes}
    return Outcome(changes, back.kept | {"task_ids"} if len(tasks) < len(carrying) else back.kept)


async def rewritten(work: Work, change: Entry) -> Outcome:
    """Set fields back, and let go what came with the change (or bring it back, where the change was an undo)."""
    brought, made = change.changes.get(MADE, (0, 0))
    gone = await queries.gone(work, work.space_id, change.first_seq, change.seq) if brought else []
    going = await untouched(work, change)
    before, wanted, kept = await former(work, change)
    # The last number is the thing's, or no row's: what comes and goes with it is no entry of the trash by itself.
    await work.take(width(gone) + len(going) + (wanted != before or bool(gone or going)))
    back = await bring_back(work, change, gone)
    numbers = work.stamps(len(going))
    changes = await written(work, change, before, wanted) if wanted != before else {}
    if gone or going:
        if wanted == before:
            work.stamp()
        await bury(work, going, numbers, work.last)
        changes[MADE] = (len(going), width(gone))
    return Outcome(changes, kept | back.kept | {MADE} if len(going) < made else kept | back.kept)


async def written(work: Work, change: Entry, before: Any, wanted: Any) -> Changes:
    """Write the thing as it was, under the next number; what changed in it."""
    return difference(before, await KINDS[change.kind].rewrite(work, wanted, work.stamp()))


async def former(work: Work, change: Entry) -> tuple[Any, Any, frozenset[str]]:
    """The thing that a change was about, as it is and as it would be without it; None of a whole space's."""
    if change.kind not in KINDS:
        return None, None, frozenset()
    kind = KINDS[change.kind]
    before = await kind.find(work, change.id)
    return before, *await before_change(work, kind, before, change.changes)


async def shown(work: Work, change: Entry) -> dict[str, Any] | None:
    """The thing as it is now, None where it is gone."""
    if change.kind not in KINDS:
        return None
    thing = await KINDS[change.kind].live(work, work.space_id, change.id)
    return None if thing is None else builtins(thing)
