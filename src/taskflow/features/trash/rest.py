"""Deleting over HTTP."""

from taskflow.features.spaces.errors import PreconditionFailed
from taskflow.features.spaces.writing import write
from taskflow.features.tasks.errors import TaskNotFound
from taskflow.features.tasks.rest import PATH as TASKS
from taskflow.features.trash.operations import delete_task

routes = [
    write(delete_task, "DELETE", TASKS + "/{id}", status=204, refusals=(TaskNotFound, PreconditionFailed)),
]
