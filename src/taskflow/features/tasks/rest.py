"""Tasks over HTTP."""

from taskflow.features.spaces.errors import PreconditionFailed
from taskflow.features.spaces.reading import listed, one
from taskflow.features.spaces.writing import write
from taskflow.features.tasks.errors import SeriesEnds, TaskDoesNotRecur, TaskDone, TaskExists, TaskNotFound
from taskflow.features.tasks.lists.pages import Tasks, list_tasks
from taskflow.features.tasks.lists.query import TaskQuery
from taskflow.features.tasks.model import Task
from taskflow.features.tasks.operations import create_task, skip_task, update_task
from taskflow.features.tasks.queries import task_at

PATH = "/api/v1/tasks"

routes = [
    listed(PATH, list_tasks, "A page of tasks.", Tasks, TaskQuery),
    write(create_task, "POST", PATH, Task, status=201, refusals=(TaskExists,)),
    one(PATH, Task, task_at, TaskNotFound),
    write(
        skip_task,
        "POST",
        PATH + "/{id}/skip",
        Task,
        refusals=(TaskNotFound, TaskDoesNotRecur, TaskDone, SeriesEnds, PreconditionFailed),
    ),
    write(update_task, "PATCH", PATH + "/{id}", Task, refusals=(TaskNotFound, PreconditionFailed)),
]
