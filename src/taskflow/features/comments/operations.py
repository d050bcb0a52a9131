"""What can be done with comments; to delete one stands in `trash`."""

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec

from taskflow.features.activity.record import Named, difference, made_so, record
from taskflow.features.comments.errors import CommentExists, CommentNotFound, CommentNotYours
from taskflow.features.comments.model import Comment, CreateComment, UpdateComment, said
from taskflow.features.comments.queries import comment, insert_comment, present_members, rewrite_row
from taskflow.features.spaces.access import Access
from taskflow.features.spaces.model import Role
from taskflow.features.spaces.work import Changed, Work
from taskflow.features.tasks.queries import task
from taskflow.foundation.operation import given, operation
from taskflow.foundation.refusal import Fault, Invalid, invalid


@operation("create_comment", inverse="delete")
async def create_comment(work: Work, access: Access, args: CreateComment) -> Changed[Comment]:
    """Say something about a task; the same create again (id and content) is the same comment."""
    await work.take(1)
    await access.require(work, Role.COMMENTER)
    about = (args.id, args.task_id, access.account_id)
    what = (said(args.body), args.mention_ids, work.now, work.next)
    made = await insert_comment(work, access.space_id, *about, *what) if await has_place(work, args) else None
    if made is None:
        return Changed(await same_as_before(work, access, args))
    work.stamp()
    return Changed(made)


async def has_place(work: Work, args: CreateComment) -> bool:
    """Whether all that a new comment names is there; raises Invalid where it is not, unless it was made before."""
    try:
        if await task(work, work.space_id, args.task_id) is None:
            raise invalid("/task_id", "is no task of this space")
        await check_mentions(work, args.mention_ids)
    except Invalid:
        if await comment(work, work.space_id, args.id) is None:
            raise
        return False
    return True


async def check_mentions(work: Work, mentioned: Sequence[UUID], known: Collection[UUID] = ()) -> None:
    """Raise Invalid where somebody is named twice or, beside those `known` from before, is not in the space."""
    if len(set(mentioned)) < len(mentioned):
        raise invalid("/mention_ids", "names somebody twice")
    new = [account_id for account_id in mentioned if account_id not in known]
    present = set(await present_members(work, work.space_id, new)) if new else set()
    faults = [
        Fault(f"/mention_ids/{place}", "is no member of this space")
        for place, account_id in enumerate(mentioned)
        if account_id not in present and account_id not in known
    ]
    if faults:
        raise Invalid(*faults)


async def same_as_before(work: Work, access: Access, args: CreateComment) -> Comment:
    """The comment that this very create made before; raises CommentExists where another has, or had, the id."""
    there = await comment(work, work.space_id, args.id)
    if there is None or there.author_id != access.account_id:
        raise CommentExists
    if not await made_so(work, there, msgspec.structs.asdict(args)):
        raise CommentExists
    return there


@operation("update_comment", inverse="rewrite")
async def update_comment(work: Work, access: Access, args: UpdateComment) -> Changed[Comment]:
    """Change what a comment says, by who wrote it; a change of nothing takes no number."""
    await work.take(1)
    await access.require(work, Role.COMMENTER)
    before = await find_comment(work, args.id)
    if before.author_id != access.account_id:
        raise CommentNotYours
    wanted = changed(before, args)
    if wanted == before:
        return Changed(before)
    await check_mentions(work, wanted.mention_ids, known=before.mention_ids)
    after = await rewrite_comment(work, wanted, work.stamp())
    await record(work, access, "update_comment", Named("comment", after.id, after.task_id), difference(before, after))
    return Changed(after)


async def find_comment(work: Work, comment_id: UUID) -> Comment:
    """The comment to write to; raises CommentNotFound, or PreconditionFailed where the writer holds an older state."""
    return await work.find(comment, comment_id, CommentNotFound)


def changed(before: Comment, args: UpdateComment) -> Comment:
    """The comment as the arguments want it; raises Invalid."""
    wanted = msgspec.structs.replace(before, **given(args))
    said(wanted.body)
    return wanted


async def rewrite_comment(work: Work, wanted: Comment, seq: int) -> Comment:
    """Write all of a comment that can change."""
    return await rewrite_row(work, work.space_id, wanted.id, wanted.body, wanted.mention_ids, work.now, seq)
