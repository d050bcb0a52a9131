"""What can be refused about commands."""

from uuid import UUID

from taskflow.foundation.refusal import Conflict, NotFound


class CommandIdReused(Conflict):
    """A command with this id came before, with other content: a new command has a new id."""


class UpgradeRequired(Conflict):
    """This server does not know that kind of command yet: keep it, and send it again later."""


class NotACommand(Conflict):
    """That is not done by a command: ask for it by a request of its own."""


class NotStorable(Conflict):
    """That contradicts what is stored: nothing of it was done."""


class Deleted(NotFound):
    """It has been deleted since."""


class Moved(NotFound):
    """It has gone to another space since: send the command there, under a new id."""

    def __init__(self, space_id: UUID) -> None:
        """Say where."""
        super().__init__()
        self.space_id = space_id
