"""What the operations on projects and sections are asked to do."""

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.projects.model import CreateProject, CreateSection, UpdateProject, UpdateSection
from taskflow.foundation.operation import Args
from tests.drawn import IDS, ids, maybe, positions, visible
from tests.features.labels.arguments import colors

names = visible(120)
projects = some.sampled_from(IDS[:2])  # so few that what points at one often finds it

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    "create_project": some.builds(CreateProject, id=projects, name=names, color=colors, position=maybe(positions)),
    "update_project": some.builds(
        UpdateProject,
        id=projects,
        name=maybe(names),
        color=maybe(colors),
        position=maybe(positions),
        archived=maybe(some.booleans()),
    ),
    "create_section": some.builds(CreateSection, id=ids, project_id=projects, name=names, position=maybe(positions)),
    "update_section": some.builds(
        UpdateSection, id=ids, name=maybe(names), position=maybe(positions), archived=maybe(some.booleans())
    ),
}
