"""What goes to another space: a project with all that is in it, or a task with all that hangs on it."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from taskflow.features.spaces.model import SpaceName
from taskflow.features.tasks.model import Task
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args

Row = dict[str, Any]  # a row's columns, as JSON has them


class ShareProject(Args, frozen=True, kw_only=True):
    """The project that gets a space of its own; the space is called as the project is, or as `name` says."""

    id: Id
    name: SpaceName | UnsetType = UNSET


class MoveTask(Args, frozen=True, kw_only=True):
    """The task that goes to another space, and where it is to be there."""

    id: Id
    to: Id
    project_id: Id | None = None
    section_id: Id | None = None


class Load(Struct, frozen=True):
    """The rows that go, what is pointed at before what points to it; the labels and people that they name stay."""

    tasks: list[Row]
    comments: list[Row]
    activity: list[Row]
    labels: list[Row]
    people: list[Row]
    sections: list[Row] = []
    projects: list[Row] = []


class Fit(Struct, frozen=True):
    """What a load finds in the space that it goes to: its labels by name, and who is a member there.

    `coming` are its tasks, `made` the labels that are missing there, `strangers` the people of whom it has no name.
    """

    coming: set[str]
    labels: dict[str, str]
    members: set[str]
    made: list[Row]
    strangers: list[Row]


class Back(Struct, frozen=True):
    """A task that is back where it was, and the fields that are not as they were there."""

    task: Task
    kept: list[str]
