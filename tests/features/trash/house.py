"""Things to delete, and what is left of them."""

from typing import Any
from uuid import UUID

from taskflow.foundation.ids import Id
from tests.account import Person
from tests.things import comment, task

ROWS = """
SELECT 'tasks' AS kind, t.id, t.seq, t.deleted_seq, t.title AS said FROM tasks t WHERE t.space_id = $1
UNION ALL SELECT 'projects', p.id, p.seq, p.deleted_seq, p.name FROM projects p WHERE p.space_id = $1
UNION ALL SELECT 'sections', n.id, n.seq, n.deleted_seq, n.name FROM sections n WHERE n.space_id = $1
UNION ALL SELECT 'labels', l.id, l.seq, l.deleted_seq, l.name FROM labels l WHERE l.space_id = $1
UNION ALL SELECT 'comments', c.id, c.seq, c.deleted_seq, c.body FROM comments c WHERE c.space_id = $1
ORDER BY seq
"""
# What lives and points at something that does not.
STRAY = """
SELECT 'a task of a deleted project' FROM tasks t JOIN projects p ON p.space_id = t.space_id AND p.id = t.project_id
WHERE t.space_id = $1 AND t.deleted_seq IS NULL AND p.deleted_seq IS NOT NULL
UNION ALL
SELECT 'a task of a deleted section' FROM tasks t JOIN sections n ON n.space_id = t.space_id AND n.id = t.section_id
WHERE t.space_id = $1 AND t.deleted_seq IS NULL AND n.deleted_seq IS NOT NULL
UNION ALL
SELECT 'a task below a deleted one' FROM tasks t JOIN tasks o ON o.space_id = t.space_id AND o.id = t.parent_id
WHERE t.space_id = $1 AND t.deleted_seq IS NULL AND o.deleted_seq IS NOT NULL
UNION ALL
SELECT 'a task with a deleted label' FROM tasks t JOIN labels l ON l.space_id = t.space_id AND l.id = ANY(t.label_ids)
WHERE t.space_id = $1 AND t.deleted_seq IS NULL AND l.deleted_seq IS NOT NULL
UNION ALL
SELECT 'a section of a deleted project' FROM sections n
JOIN projects p ON p.space_id = n.space_id AND p.id = n.project_id
WHERE n.space_id = $1 AND n.deleted_seq IS NULL AND p.deleted_seq IS NOT NULL
UNION ALL
SELECT 'a comment on a deleted task' FROM comments c JOIN tasks t ON t.space_id = c.space_id AND t.id = c.task_id
WHERE c.space_id = $1 AND c.deleted_seq IS NULL AND t.deleted_seq IS NOT NULL
"""


async def rows(person: Person) -> list[Any]:
    """Every row of the person's space, tombstones too, in the order of their numbers."""
    return await asked(person, ROWS)


async def strays(person: Person) -> list[str]:
    """What lives in the person's space and points at something deleted."""
    return [row[0] for row in await asked(person, STRAY)]


async def asked(person: Person, sql: str, *args: object) -> list[Any]:
    """Ask the database inside of the person's space."""
    async with person.backend.database.transaction(person.access.space_id) as transaction:
        found: list[Any] = await transaction.connection.fetch(sql, person.access.space_id, *args)
    return found


async def living(person: Person) -> set[str]:
    """The titles, names and bodies of all that is not deleted."""
    return {row["said"] for row in await rows(person) if row["deleted_seq"] is None}


async def branch(person: Person, title: str, **fields: Any) -> list[Id]:
    """A task with a sub-task that has one itself, each with a comment."""
    made: list[Id] = []
    for depth in ("", ".1", ".1.1"):
        above = {"parent_id": made[-1]} if made else fields
        made.append(await task(person, title + depth, **above))
        await comment(person, made[-1], f"On {title}{depth}")
    return made


def said_of(title: str) -> set[str]:
    """What a branch says."""
    return {f"{on}{title}{depth}" for depth in ("", ".1", ".1.1") for on in ("", "On ")}


async def history(person: Person, entity_id: UUID) -> list[Any]:
    """The activity of a thing, the oldest first."""
    return await asked(person, "SELECT * FROM activity WHERE space_id = $1 AND entity_id = $2 ORDER BY seq", entity_id)
