"""What importing is asked to do."""

from typing import Any

import msgspec
from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.imports.model import (
    Came,
    CameComment,
    CameLabel,
    CameProject,
    CameSection,
    CameTask,
    ImportTasks,
)
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args
from tests.drawn import ids, moments, positions, visible
from tests.features.tasks.arguments import new_tasks

maybe_moments = some.none() | moments
maybe_positions = some.none() | positions
COLORS = some.sampled_from(["stone", "red", "pink"])
ALIKE = (
    "id", "title", "description", "status", "priority", "due_date", "due_at", "due_zone", "recurrence", "recurs_from",
)  # fmt: skip
bodies = visible(16 * 1024).filter(lambda body: len(body.encode()) <= 16 * 1024)
labels = some.lists(
    some.builds(CameLabel, id=ids, name=visible(60), color=COLORS, position=maybe_positions), max_size=3
)
projects = some.lists(
    some.builds(CameProject, id=ids, name=visible(120), color=COLORS, archived_at=maybe_moments), max_size=3
)


@some.composite
def imports(draw: some.DrawFn) -> ImportTasks:
    """A file whose parts belong together, as a reader gives them."""
    made = ImportTasks(labels=draw(labels), projects=draw(projects))
    sections = [draw(sections_in(project.id)) for project in made.projects if draw(some.booleans())]
    tasks: list[CameTask] = []
    for _ in range(draw(some.integers(0, 4))):
        tasks.append(draw(task_among(msgspec.structs.replace(made, sections=sections, tasks=tasks))))
    comments = [draw(comments_on(task.id)) for task in tasks if draw(some.booleans())]
    return msgspec.structs.replace(made, sections=sections, tasks=tasks, comments=comments)


def sections_in(project_id: Id) -> SearchStrategy[CameSection]:
    return some.builds(CameSection, id=ids, project_id=some.just(project_id), name=visible(120))


def comments_on(task_id: Id) -> SearchStrategy[CameComment]:
    return some.builds(
        CameComment,
        id=ids,
        task_id=some.just(task_id),
        body=bodies,
        mentioned=some.booleans(),
        created_at=maybe_moments,
    )


@some.composite
def task_among(draw: some.DrawFn, there: ImportTasks) -> CameTask:
    """A task that points to what is there."""
    asked: dict[str, Any] = msgspec.structs.asdict(draw(new_tasks()))
    parent, section = draw(one_of(there.tasks)), draw(one_of(there.sections))
    project = section.project_id if section else id_of(draw(one_of(there.projects)))
    return CameTask(
        **{name: asked[name] for name in ALIKE},
        project_id=parent.project_id if parent else project,
        section_id=parent.section_id if parent else id_of(section),
        parent_id=id_of(parent),
        label_ids=[label.id for label in there.labels if draw(some.booleans())],
        position=draw(maybe_positions),
        created_at=draw(maybe_moments),
        completed_at=draw(maybe_moments),
    )


def one_of(things: list[Any]) -> SearchStrategy[Any]:
    return some.none() | some.sampled_from(things) if things else some.none()


def id_of(thing: Came | None) -> Id | None:
    return thing.id if thing else None


STRATEGIES: dict[str, SearchStrategy[Args]] = {"import_tasks": imports()}
