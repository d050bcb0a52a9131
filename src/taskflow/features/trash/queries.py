"""The statements that delete."""

from taskflow.features.spaces.numbered import Reader
from taskflow.features.trash.model import Deleted
from taskflow.foundation.statements import Statements, only

read_at = Reader(Deleted)

sql = Statements(__name__)

tasks_below = sql.many("tasks_below", only)
tasks_of_project = sql.many("tasks_of_project", only)
tasks_of_section = sql.many("tasks_of_section", only)
tasks_with_label = sql.many("tasks_with_label", only)
comments_on = sql.many("comments_on", only)
sections_of_project = sql.many("sections_of_project", only)
take_label_off = sql.run("take_label_off")
bury_tasks = sql.run("bury_tasks")
bury_comments = sql.run("bury_comments")
bury_sections = sql.run("bury_sections")
bury_projects = sql.run("bury_projects")
bury_labels = sql.run("bury_labels")
list_trash = sql.many("list_trash", read_at)
