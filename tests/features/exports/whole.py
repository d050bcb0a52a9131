"""All that a person has, as their export says it."""

from typing import Any
from uuid import UUID

import msgspec

from taskflow.features.exports.document import document
from taskflow.features.exports.model import KINDS, Exporter
from tests.account import Person

# What another space numbers and owns for itself.
OF_THE_SPACE = {"space_id", "seq", "created_by", "author_id"}


async def exported(person: Person, *space_ids: UUID) -> bytes:
    """The document of these spaces, or of the personal one."""
    exporter = Exporter(person.account.id, person.account.name)
    async with person.backend.database.snapshot(person.id) as transaction:
        pieces = document(transaction, exporter, space_ids or [person.id])
        return b"".join([piece async for piece, _ in pieces])


async def everything(person: Person) -> dict[str, list[dict[str, Any]]]:
    """The things of the personal space, kind by kind."""
    space = msgspec.json.decode(await exported(person))["spaces"][0]
    return {kind: space[kind] for kind in KINDS}


def compared(person: Person, things: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, dict[str, Any]]]:
    """The things by kind and id, without what is its space's own; who owns them is called me."""
    own = str(person.id)
    return {
        kind: {
            row["id"]: {
                field: "me"
                if value == own
                else ["me" if one == own else one for one in value]
                if isinstance(value, list)
                else value
                for field, value in row.items()
                if field not in OF_THE_SPACE
            }
            for row in rows
        }
        for kind, rows in things.items()
    }
