"""The statements that bring much in at once."""

from taskflow.foundation.statements import Statements, only

sql = Statements(__name__)

taken_ids = sql.many("taken_ids", only)
insert_tasks = sql.run("insert_tasks")
