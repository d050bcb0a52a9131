"""Access: only the door gives it, and who has none learns nothing."""

import ast
import asyncio
from pathlib import Path
from uuid import UUID

import pytest

import taskflow.features
from taskflow.features.spaces.access import enter
from taskflow.features.spaces.errors import SpaceNotFound
from taskflow.features.spaces.model import Role
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import new_id
from taskflow.foundation.redis import keys
from tests.account import Person, new_person
from tests.client import Client
from tests.features.spaces.team import in_team

NOWHERE = "019ab000-0000-7000-8000-000000000000"  # the same in every process of the suite
REQUESTS = (
    ("GET", "/api/v1/tasks", None),
    ("GET", f"/api/v1/tasks/{NOWHERE}", None),
    ("POST", "/api/v1/tasks", {"title": "Pay rent"}),
    ("PATCH", f"/api/v1/tasks/{NOWHERE}", {"title": "Pay rent"}),
    ("DELETE", f"/api/v1/tasks/{NOWHERE}", None),
)


def test_access_is_made_by_enter_alone() -> None:
    for path in Path(next(iter(taskflow.features.__path__))).parent.rglob("*.py"):
        calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        made = [call for call in calls if isinstance(call, ast.Name) and call.id == "Access"]
        assert not made or path.name == "access.py", path


@pytest.mark.parametrize("role", [Role.VIEWER, Role.COMMENTER, Role.EDITOR, Role.OWNER])
async def test_a_member_enters_with_their_role(person: Person, backend: Backend, role: Role) -> None:
    assert (await in_team(person, role, backend)).access.role is role


async def test_who_was_never_or_is_no_longer_in_a_space_does_not_enter_it(person: Person, backend: Backend) -> None:
    member = await in_team(person, Role.EDITOR, backend)
    async with backend.database.transaction(person.id) as transaction:
        await transaction.connection.execute("UPDATE entries SET role = 'former'")
    stranger = await new_person(backend)

    for space_id in (member.access.space_id, stranger.id, new_id()):
        with pytest.raises(SpaceNotFound):
            await enter(backend.database, person.id, space_id)


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
@pytest.mark.parametrize("seen", [0, 1, 2**53 - 1])
async def test_a_foreign_space_is_answered_as_one_that_never_was(
    ada: Client, client: Client, backend: Backend, method: str, path: str, body: object, seen: int
) -> None:
    eve = await client.registered()
    await eve.get("/api/v1/tasks")
    await asyncio.sleep(0)
    assert await backend.redis.get(keys.known(eve.id)), "the foreign space's number is known"

    answers = []
    for space in (UUID(eve.id), new_id()):
        headers = {"taskflow-seq": f"{space}={seen}"}
        answers.append(await ada.call(method, f"{path}?space={space}", json=body, headers=headers))

    told = [
        (answer.status_code, answer.json()["code"], answer.json()["detail"], sorted(answer.headers))
        for answer in answers
    ]
    assert told[0] == told[1]
    assert (answers[0].status_code, answers[0].json()["code"]) == (404, "space_not_found")
    assert str(UUID(eve.id)) not in answers[0].text + str(answers[0].headers)
