"""Labels, projects and sections are listed in their order by hand, whatever the page's size."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import new_id
from tests.account import signed_in
from tests.client import Client
from tests.drawn import positions

LABELS, PROJECTS, SECTIONS = "/api/v1/labels", "/api/v1/projects", "/api/v1/sections"

few = some.sampled_from(["V", "v", "0V", "VV"])  # so that ids decide
placed = some.lists(few | positions, max_size=7)


async def made(client: Client, path: str, **fields: str) -> str:
    """The id of a new thing."""
    answer = await client.post(path, {"name": f"Home {new_id()}", **fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def listed(client: Client, path: str, limit: int, **params: str) -> list[str]:
    """The ids on all pages of a list."""
    found: list[str] = []
    behind: dict[str, str] = {}
    while True:
        answer = await client.get(path, params={"limit": str(limit), **params, **behind})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= limit
        found += [thing["id"] for thing in page["items"]]
        if page["next_cursor"] is None:
            return found
        behind = {"cursor": page["next_cursor"]}


@pytest.mark.parametrize("path", [LABELS, PROJECTS, SECTIONS])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=placed, limit=some.integers(1, 4))
async def test_pages_of_any_size_are_the_list_by_position_then_id(
    client: Client, backend: Backend, path: str, wanted: list[str], limit: int
) -> None:
    ada = Client(client.http, await signed_in(backend))
    more = {"project_id": await made(ada, PROJECTS)} if path == SECTIONS else {}
    ids = [str(uuid4()) for _ in wanted]  # in no order
    things = [*zip(wanted, ids, strict=True)]
    for position, key in things:
        await made(ada, path, id=key, position=position, **more)

    found = await listed(ada, path, limit)

    assert found == [key for _, key in sorted(things)]


async def test_what_has_no_position_stands_last(ada: Client) -> None:
    things = [await made(ada, PROJECTS) for _ in range(3)]

    assert await listed(ada, PROJECTS, 50) == things


async def test_projects_are_listed_by_whether_they_are_archived(ada: Client) -> None:
    current, old = await made(ada, PROJECTS), await made(ada, PROJECTS)
    await ada.patch(f"{PROJECTS}/{old}", {"archived": True})

    assert await listed(ada, PROJECTS, 1) == [current, old]
    assert await listed(ada, PROJECTS, 1, archived="false") == [current]
    assert await listed(ada, PROJECTS, 1, archived="true") == [old]


async def test_sections_are_listed_for_one_project(ada: Client) -> None:
    home, work = await made(ada, PROJECTS), await made(ada, PROJECTS)
    at_home = [await made(ada, SECTIONS, project_id=home) for _ in range(3)]
    at_work = [await made(ada, SECTIONS, project_id=work)]

    assert await listed(ada, SECTIONS, 2, project=home) == at_home
    assert await listed(ada, SECTIONS, 2, project=work) == at_work
    assert await listed(ada, SECTIONS, 2, project=str(new_id())) == []
    assert await listed(ada, SECTIONS, 2) == [*at_home, *at_work]


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        (PROJECTS, {"archived": "true"}),
        (PROJECTS, {}),
        (SECTIONS, {"project": str(new_id())}),
        (SECTIONS, {}),
        (LABELS, {}),
    ],
)
async def test_a_cursor_of_another_list_or_filter_is_refused(ada: Client, path: str, changed: dict[str, str]) -> None:
    for _ in range(2):
        await made(ada, PROJECTS)
    page: Any = (await ada.get(PROJECTS, params={"limit": "1", "archived": "false"})).json()

    answer = await ada.get(path, params={**changed, "cursor": page["next_cursor"]})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


async def test_a_list_of_another_space_is_none(ada: Client, client: Client) -> None:
    eve = await client.registered()
    for path in (LABELS, PROJECTS, SECTIONS):
        answer = await ada.get(path, params={"space": eve.id})
        assert (answer.status_code, answer.json()["code"]) == (404, "space_not_found")


@pytest.mark.parametrize("path", [LABELS, PROJECTS])
async def test_a_list_is_answered_304_until_something_in_it_changes(ada: Client, path: str) -> None:
    thing = await made(ada, path)
    held = (await ada.get(path)).headers["etag"]

    same = await ada.get(path, headers={"if-none-match": held})
    await ada.patch(f"{path}/{thing}", {"color": "red"})
    changed = await ada.get(path, headers={"if-none-match": held})

    assert (same.status_code, changed.status_code) == (304, 200)
    assert changed.json()["items"][0]["color"] == "red"
