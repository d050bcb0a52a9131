"""A project with something of everything in it, and all rows of a space as the database has them."""

from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from taskflow.features.comments.model import CreateComment
from taskflow.features.labels.model import CreateLabel
from taskflow.features.projects.model import CreateProject, CreateSection
from taskflow.features.tasks.model import CreateTask, UpdateTask
from taskflow.foundation.ids import Id
from tests.account import Person
from tests.things import fresh_id

KINDS = ("tasks", "projects", "sections", "labels", "comments", "activity", "memberships")
Rows = dict[str, list[dict[str, Any]]]


class Room(NamedTuple):
    """The ids of a project's things: a task in a section, one below it, one below that, and a comment on each."""

    project: Id
    section: Id
    label: Id
    task: Id
    below: Id
    deepest: Id
    comment: Id


async def furnished(person: Person, label: str = "Work") -> Room:
    """A project of somebody's with something of everything in it."""
    room = Room(*(fresh_id() for _ in Room._fields))
    await person.do(CreateProject(id=room.project, name="The house", color="teal"))
    await person.do(CreateSection(id=room.section, project_id=room.project, name="Kitchen"))
    await person.do(CreateLabel(id=room.label, name=label, color="red"))
    for task_id, parent_id in ((room.task, None), (room.below, room.task), (room.deepest, room.below)):
        await person.do(
            CreateTask(
                id=task_id,
                title="Paint",
                priority=2,
                project_id=room.project,
                section_id=room.section,
                parent_id=parent_id,
                label_ids=[room.label],
                assignee_id=Id(str(person.id)),
            )
        )
    await person.do(UpdateTask(id=room.task, title="Paint the wall"))
    await person.do(CreateComment(id=room.comment, task_id=room.task, body="White?", mention_ids=[Id(str(person.id))]))
    await person.do(CreateComment(task_id=room.deepest, body="No"))
    return room


async def place(
    person: Person,
    task_id: Id,
    project_id: Id | None,
    section_id: Id | None,
    parent_id: Id | None,
    label_ids: list[Id],
    assignee_id: UUID | None,
) -> None:
    """Put a task into a project, a section, below a task, with labels, on somebody's list."""
    await person.do(
        UpdateTask(
            id=task_id,
            project_id=project_id,
            section_id=section_id,
            parent_id=parent_id,
            label_ids=label_ids,
            assignee_id=None if assignee_id is None else Id(str(assignee_id)),
        )
    )


async def rows(person: Person, space_id: UUID | None = None) -> Rows:
    """All rows of a space that have its numbers."""
    where = space_id or person.access.space_id
    async with person.backend.database.transaction(where) as transaction:
        return {
            kind: [
                msgspec.json.decode(row[0])
                for row in await transaction.connection.fetch(
                    f"SELECT to_jsonb(x) FROM {kind} x WHERE space_id = $1 ORDER BY seq",  # noqa: S608
                    where,
                )
            ]
            for kind in KINDS
        }


def live(found: Rows, kind: str) -> dict[str, dict[str, Any]]:
    """The rows of a kind that are not deleted, by id."""
    return {row["id"]: row for row in found[kind] if row["deleted_seq"] is None}


def gone(found: Rows, kind: str) -> dict[str, dict[str, Any]]:
    """The tombstones of a kind, by id."""
    return {row["id"]: row for row in found[kind] if row["deleted_seq"] is not None}


def without(row: dict[str, Any], *fields: str) -> dict[str, Any]:
    """A row less some of its columns."""
    return {field: value for field, value in row.items() if field not in fields}


def numbers(found: Rows) -> list[int]:
    """The numbers of all rows that devices are told of; history has its own."""
    return [row["seq"] for kind in KINDS if kind != "activity" for row in found[kind]]


def space_of(person: Person) -> Id:
    """The space that somebody stands in."""
    return Id(str(person.access.space_id))
