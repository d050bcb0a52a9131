"""Labels, projects and sections are written where the writer holds what is there, by those who may."""

from typing import Any

import pytest

from taskflow.features.labels.model import CreateLabel, UpdateLabel
from taskflow.features.projects.model import CreateProject, CreateSection, UpdateProject, UpdateSection
from taskflow.features.spaces.errors import PreconditionFailed, RoleTooLow
from taskflow.features.spaces.model import Role
from taskflow.foundation.backend import Backend
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import NotFound
from tests.account import Person
from tests.client import Client
from tests.drawn import IDS
from tests.features.spaces.team import in_team, number_of

CREATES: list[Args] = [
    CreateLabel(id=IDS[0], name="Work"),
    CreateProject(id=IDS[0], name="Home"),
    CreateSection(id=IDS[0], project_id=IDS[0], name="Errands"),
]
UPDATES: list[Any] = [UpdateLabel, UpdateProject, UpdateSection]
PATHS = ["labels", "projects", "sections"]

each = pytest.mark.parametrize("which", range(3), ids=PATHS)


async def all_made(person: Person) -> list[Any]:
    """A label, a project and its section, of one id."""
    return [await person.do(args) for args in CREATES]


@each
async def test_who_holds_an_older_state_does_not_write(person: Person, which: int) -> None:
    made = (await all_made(person))[which]
    change = UPDATES[which](id=IDS[0], name="One")
    now = await person.do(change, if_match=frozenset({made["seq"]}))
    before = await number_of(person)

    for late in (UPDATES[which](id=IDS[0], name="Two"), change):
        with pytest.raises(PreconditionFailed):
            await person.do(late, if_match=frozenset({made["seq"]}))

    assert await number_of(person) == before
    assert await person.do(change, if_match=frozenset({7, now["seq"]})) == now


@each
async def test_over_http_a_tag_that_is_held_says_what_is_there(ada: Client, which: int) -> None:
    for args, path in zip(CREATES, PATHS, strict=True):
        body = {field: str(getattr(args, field)) for field in ("id", "project_id", "name") if hasattr(args, field)}
        made = await ada.post(f"/api/v1/{path}", body)
        assert made.headers["location"] == f"/api/v1/{path}/{IDS[0]}?space={ada.id}"
    path = f"/api/v1/{PATHS[which]}/{IDS[0]}"
    held = (await ada.get(path)).headers["etag"]

    first = await ada.patch(path, {"name": "One"}, headers={"if-match": held})
    second = await ada.patch(path, {"name": "Two"}, headers={"if-match": held})

    assert first.status_code == 200
    assert first.headers["etag"] != held
    assert (second.status_code, second.json()["code"]) == (412, "precondition_failed")
    assert (await ada.get(path, headers={"if-none-match": first.headers["etag"]})).status_code == 304


@each
@pytest.mark.parametrize("role", [Role.VIEWER, Role.COMMENTER])
async def test_who_only_reads_or_comments_changes_none_of_them(
    person: Person, backend: Backend, role: Role, which: int
) -> None:
    member = await in_team(person, role, backend)
    before = await number_of(member)

    for args in (CREATES[which], UPDATES[which](id=IDS[0], name="Mine")):
        with pytest.raises(RoleTooLow):
            await member.do(args)

    assert await number_of(member) == before


@each
async def test_what_is_not_there_is_not_changed(person: Person, which: int) -> None:
    await all_made(person)
    before = await number_of(person)

    with pytest.raises(NotFound):
        await person.do(UPDATES[which](id=IDS[1], name="Another"))

    assert await number_of(person) == before
