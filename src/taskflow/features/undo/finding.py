"""Finding the change that is to be taken back: one's own, not too old, and one that has a way back."""

from datetime import timedelta

from taskflow.features.activity.model import Entry
from taskflow.features.activity.record import RESTORED
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.work import Work
from taskflow.features.undo import queries
from taskflow.features.undo.errors import ChangeNotFound, ChangeTooOld, NotUndoable
from taskflow.features.undo.model import Undo
from taskflow.foundation.operation import REGISTRY

UNDOABLE = timedelta(days=30)  # as long as the trash keeps things


async def own_change(work: Work, access: Access, args: Undo) -> Entry:
    """The caller's change of that thing with that number; raises ChangeNotFound, ChangeTooOld or NotUndoable.

    Another's change is answered as one that never was, however old.
    """
    found = await change_at(work, access, args)
    if found is None or (found.account_id, found.kind, found.id) != (access.account_id, args.kind, args.id):
        raise ChangeNotFound
    if work.now - found.at > UNDOABLE:
        raise ChangeTooOld
    known = REGISTRY.get(found.operation)  # a later release may not know it any more
    if known is None or known.inverse is None:
        raise NotUndoable
    return found


async def change_at(work: Work, access: Access, args: Undo) -> Entry | None:
    """The change that ended with a number: an entry of activity, or a making that looks like one which brought back."""
    found = await queries.change(work, access.space_id, args.seq)
    if found is not None and found.first_seq <= args.seq:
        return found if found.seq == args.seq else None
    made = await queries.creation(work, access.space_id, args.id, args.kind, args.seq)
    if made is None:
        return None
    create = f"create_{args.kind}"
    who = (made.at, made.account_id)
    return Entry(args.seq, args.seq, *who, create, args.kind, args.id, made.task_id, RESTORED)
