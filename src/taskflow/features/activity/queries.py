"""The statements over activity."""

from typing import Any

import msgspec

from taskflow.foundation.statements import Statements

Changes = dict[str, tuple[Any, Any]]  # field: (old, new), as JSON has them


def read_changes(text: str) -> Changes:
    """The stored changes of one row."""
    return msgspec.json.decode(text, type=Changes)


sql = Statements(__name__)

insert_activity = sql.run("insert_activity")
changes_of = sql.many("changes_of", read_changes)
