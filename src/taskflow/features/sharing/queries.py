"""The statements that carry rows from one space to another, as JSON: each statement stands in one."""

from uuid import UUID

import msgspec
from msgspec import Struct

from taskflow.features.sharing.model import Row
from taskflow.foundation.statements import Statements, only


class Same(Struct, frozen=True):
    """A label of elsewhere, and the one that has its name here."""

    theirs: UUID
    ours: UUID


def read_row(text: str) -> Row:
    """A row's columns, as PostgreSQL writes them in JSON."""
    return msgspec.json.decode(text, type=Row)


sql = Statements(__name__)

going_project = sql.many("going_project", read_row)
going_sections = sql.many("going_sections", read_row)
ids_of_project = sql.many("ids_of_project", only)
ids_below = sql.many("ids_below", only)
going_tasks = sql.many("going_tasks", read_row)
going_comments = sql.many("going_comments", read_row)
going_activity = sql.many("going_activity", read_row)
going_labels = sql.many("going_labels", read_row)
going_people = sql.many("going_people", read_row)
labels_of_names = sql.many("labels_of_names", Same)
taken_task_ids = sql.many("taken_task_ids", only)
taken_comment_ids = sql.many("taken_comment_ids", only)
arrive_people = sql.run("arrive_people")
arrive_activity = sql.run("arrive_activity")
leave_projects = sql.run("leave_projects")
leave_sections = sql.run("leave_sections")
leave_tasks = sql.run("leave_tasks")
leave_comments = sql.run("leave_comments")
leave_activity = sql.run("leave_activity")
left_tasks = sql.many("left_tasks", read_row)
still_here = sql.many("still_here", only)
labels_left_over = sql.many("labels_left_over", only)
