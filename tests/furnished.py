"""A space with a few things of each kind, of the ids that are drawn: what is done next finds something."""

from taskflow.features.comments.model import CreateComment
from taskflow.features.labels.model import CreateLabel
from taskflow.features.projects.model import CreateProject, CreateSection
from taskflow.features.tasks.model import CreateTask
from taskflow.foundation.operation import Args
from tests.drawn import IDS

FURNISHED: list[Args] = [
    *(CreateProject(id=project_id, name="Home") for project_id in IDS[:2]),
    *(CreateSection(id=section_id, project_id=IDS[0], name="Errands") for section_id in IDS[:2]),
    *(CreateLabel(id=label_id, name=f"Label {label_id}") for label_id in IDS[:2]),
    CreateTask(id=IDS[0], title="Pay rent", project_id=IDS[0], section_id=IDS[0], label_ids=[IDS[0]]),
    CreateTask(id=IDS[1], title="By bank", parent_id=IDS[0], label_ids=[IDS[1]]),
    *(CreateComment(id=comment_id, task_id=IDS[0], body="By bank") for comment_id in IDS[:2]),
]
