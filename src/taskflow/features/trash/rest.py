"""Deleting over HTTP."""

from taskflow.features.comments.errors import CommentNotFound
from taskflow.features.comments.rest import PATH as COMMENTS
from taskflow.features.labels.errors import LabelNotFound
from taskflow.features.labels.rest import PATH as LABELS
from taskflow.features.projects.errors import ProjectNotFound, SectionNotFound
from taskflow.features.projects.rest import PROJECTS, SECTIONS
from taskflow.features.spaces.errors import PreconditionFailed
from taskflow.features.spaces.writing import write
from taskflow.features.tasks.errors import TaskNotFound
from taskflow.features.tasks.rest import PATH as TASKS
from taskflow.features.trash.operations import (
    delete_comment,
    delete_label,
    delete_project,
    delete_section,
    delete_task,
)

routes = [
    write(delete_task, "DELETE", TASKS + "/{id}", status=204, refusals=(TaskNotFound, PreconditionFailed)),
    write(delete_project, "DELETE", PROJECTS + "/{id}", status=204, refusals=(ProjectNotFound, PreconditionFailed)),
    write(delete_section, "DELETE", SECTIONS + "/{id}", status=204, refusals=(SectionNotFound, PreconditionFailed)),
    write(delete_label, "DELETE", LABELS + "/{id}", status=204, refusals=(LabelNotFound, PreconditionFailed)),
    write(delete_comment, "DELETE", COMMENTS + "/{id}", status=204, refusals=(CommentNotFound, PreconditionFailed)),
]
