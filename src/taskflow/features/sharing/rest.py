"""Going to another space, over HTTP."""

from taskflow.features.projects.errors import ProjectNotFound
from taskflow.features.projects.model import Project
from taskflow.features.projects.rest import PROJECTS
from taskflow.features.sharing.errors import IdTaken
from taskflow.features.sharing.operations import move_task, share_project
from taskflow.features.spaces.errors import PreconditionFailed, TooManySpaces
from taskflow.features.spaces.writing import write
from taskflow.features.tasks.errors import TaskNotFound
from taskflow.features.tasks.model import Task
from taskflow.features.tasks.rest import PATH as TASKS

routes = [
    write(
        share_project,
        "POST",
        PROJECTS + "/{id}/share",
        Project,
        status=201,
        refusals=(ProjectNotFound, PreconditionFailed, TooManySpaces),
    ),
    write(move_task, "POST", TASKS + "/{id}/move", Task, refusals=(TaskNotFound, PreconditionFailed, IdTaken)),
]
