"""What can be refused about projects and their sections."""

from taskflow.foundation.refusal import Conflict, NotFound


class ProjectNotFound(NotFound):
    """There is no such project."""


class ProjectExists(Conflict):
    """There is a project with this id already."""


class SectionNotFound(NotFound):
    """There is no such section."""


class SectionExists(Conflict):
    """There is a section with this id already."""
