"""The statements over activity."""

from taskflow.features.activity.model import read_changes, read_entry
from taskflow.features.spaces.numbered import Reader
from taskflow.foundation.statements import Statements

read_at = Reader(read_entry)

sql = Statements(__name__)

insert_activity = sql.run("insert_activity")
changes_of = sql.many("changes_of", read_changes)
space_history = sql.many("space_history", read_at)
task_history = sql.many("task_history", read_at)
thing_history = sql.many("thing_history", read_at)
