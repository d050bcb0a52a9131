"""The job that a changed profile leaves behind."""

from contextlib import suppress

from taskflow.features.spaces.access import enter_all
from taskflow.features.spaces.door import Call, perform
from taskflow.features.spaces.errors import SpaceNotFound
from taskflow.features.spaces.members import rename_member
from taskflow.features.spaces.model import Renamed, RenameMember
from taskflow.foundation.backend import Backend
from taskflow.foundation.jobs import Attempt, job
from taskflow.foundation.operation import entry_of


@job("rename_member")
async def rename_in_teams(attempt: Attempt[Backend], renamed: Renamed) -> None:
    """Show a person to their teams by the profile they have now, one space a transaction; what is so already stays."""
    _, (_, *teams) = await enter_all(attempt.context.database, renamed.account_id)
    for access in teams:
        with suppress(SpaceNotFound):  # who has left meanwhile keeps the name they had
            await perform(attempt.context, Call(access, entry_of(rename_member), RenameMember()))
