"""The statements that delete."""

from taskflow.foundation.statements import Statements

sql = Statements(__name__)

delete_task = sql.run("delete_task")
