"""Every route, asked by everybody for what is theirs, another's, deleted, or never was: a foreign thing is no thing."""

import secrets
from collections.abc import Callable, Container
from http import HTTPStatus
from typing import Any

import pytest
from httpx import Response

from taskflow.api.route import Route
from taskflow.app import routes
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import new_id
from tests.architecture.world import (
    ELSEWHERE,
    MADE_AT,
    PROJECT,
    TASK,
    THINGS,
    World,
    in_space,
    new_task,
    new_world,
    seen,
)
from tests.client import Client

ROUTES = {f"{route.method} {route.path}": route for route in routes().table}
PUBLIC = {
    "GET /.well-known/jwks.json": "the public keys",
    "GET /api/openapi.json": "the interface",
    "GET /healthz": "for the balancer",
    "GET /metrics": "for Prometheus, in private networks",
    "GET /readyz": "for the balancer",
    "POST /api/v1/auth/register": "that an address is taken has to be said, to anybody",
}
BY_SECRET: dict[str, Callable[[Client | None], dict[str, str]]] = {
    "POST /api/v1/auth/login": lambda who: {"email": email_of(who), "password": "not the right one 7"},
    "POST /api/v1/auth/refresh": lambda who: {"refresh_token": f"{session_of(who)}.{secrets.token_hex(48)}"},
    "POST /api/v1/auth/logout": lambda who: {"refresh_token": f"{session_of(who)}.{secrets.token_hex(48)}"},
}
OWN = {
    "GET /api/v1/auth/sessions": "the caller's",
    "GET /api/v1/me": "the caller",
    "GET /api/v1/spaces": "the caller's",
    "PATCH /api/v1/me": "the caller",
    "POST /api/v1/batch": "the caller's requests, each through all layers",
    "POST /api/v1/sync": "the caller's spaces; its commands: test_idor_commands.py",
    "POST /api/v1/spaces": "the caller's, new",
}
WITH_FELLOWS = {"POST /api/v1/sync"}  # it names the members of the spaces that the caller is in
INVITED = {"POST /api/v1/invitations/accept": "who holds an invitation: tests/features/spaces/test_invitations.py"}
TEAM = {  # what a personal space has not
    "DELETE /api/v1/invitations/{id}",
    "DELETE /api/v1/members/{id}",
    "PATCH /api/v1/members/{id}",
    "PATCH /api/v1/space",
    "POST /api/v1/invitations",
    "POST /api/v1/space/hand-over",
}
WITH_A_MEMBER = {"POST /api/v1/space/hand-over"}  # tests/features/spaces/test_members.py does it with one
BY_ID = {name: route for name, route in ROUTES.items() if route.path in THINGS}
IN_A_SPACE = {
    name: route
    for name, route in ROUTES.items()
    if route.spaced and "{" not in route.path and name not in {*OWN, *INVITED}
}
BODIES: dict[str, Any] = {  # called for a new one each time, where it is a function
    "PATCH /api/v1/comments/{id}": {"body": "Eve's"},
    "PATCH /api/v1/labels/{id}": {"color": "red"},
    "PATCH /api/v1/me": {"name": "Eve"},
    "PATCH /api/v1/members/{id}": {"role": "viewer"},
    "PATCH /api/v1/space": lambda: {"name": f"Eve's {new_id()}"},
    "POST /api/v1/invitations": {"role": "viewer"},
    "POST /api/v1/space/hand-over": lambda: {"id": str(new_id())},
    "POST /api/v1/spaces": {"name": "Eve's"},
    "PATCH /api/v1/projects/{id}": {"name": "Eve's"},
    "PATCH /api/v1/sections/{id}": {"name": "Eve's"},
    "PATCH /api/v1/tasks/{id}": {"title": "Eve's"},
    "POST /api/v1/sync": {"cursors": {}, "commands": []},
    "POST /api/v1/batch": {"requests": [{"id": "1", "method": "GET", "path": "/api/v1/tasks"}]},
    "POST /api/v1/comments": {"body": "Eve's", "task_id": TASK},
    "POST /api/v1/labels": lambda: {"name": f"Eve's {new_id()}"},
    "POST /api/v1/projects/{id}/share": {},
    "POST /api/v1/projects": {"name": "Eve's"},
    "POST /api/v1/sections": {"name": "Eve's", "project_id": PROJECT},
    "POST /api/v1/tasks": {"title": "Eve's"},
    "POST /api/v1/tasks/{id}/move": {"to": ELSEWHERE},
    "POST /api/v1/tasks/{id}/skip": {},
    "POST /api/v1/undo": {"kind": "task", "id": TASK},
}


def email_of(who: Client | None) -> str:
    """Somebody's address, or nobody's."""
    return str(who.signed_in["user"]["email"]) if who else f"{new_id().hex}@example.com"


def session_of(who: Client | None) -> str:
    """What a refresh token begins with: somebody's account and session, or nobody's."""
    return str(who.signed_in["refresh_token"]).rpartition(".")[0] if who else f"{new_id().hex}.{new_id().hex}"


@pytest.fixture
async def world(client: Client, backend: Backend) -> World:
    """The callers, and two teams of the owner's."""
    return await new_world(client, backend)


async def ask(who: Client, route: Route, space: str | None = None, thing: str = "", **headers: str) -> Response:
    """Ask a route for a thing in a space."""
    path = route.path.replace("{id}", thing)
    home = space or (who.id if who.signed_in else "")
    body = {"json": body_of(f"{route.method} {route.path}", home)} if route.body else {}
    return await who.call(route.method, path, params=in_space(space), headers=headers, **body)


def takes_an_id(route: Route) -> bool:
    """Whether it makes a thing of an id that the caller may choose."""
    return route.status == HTTPStatus.CREATED and "id" in getattr(route.body, "__struct_fields__", ())


def body_of(name: str, home: str) -> Any:
    """What a route is asked with; a number is that of the task that was made in the space."""
    body = BODIES[name]
    body = body() if callable(body) else body
    return (
        body | {"seq": MADE_AT.get(home, 1)} if "seq" in getattr(ROUTES[name].body, "__struct_fields__", ()) else body
    )


def test_there_is_no_route_that_the_matrix_does_not_know() -> None:
    kinds: list[Container[str]] = [PUBLIC, BY_SECRET, OWN, INVITED, BY_ID, IN_A_SPACE]

    assert {name: sum(name in kind for kind in kinds) for name in ROUTES} == dict.fromkeys(ROUTES, 1)
    assert {name for name, route in ROUTES.items() if route.open} == PUBLIC.keys() | BY_SECRET.keys()
    assert {name for name in (*OWN, *BY_ID, *IN_A_SPACE) if ROUTES[name].body} == BODIES.keys()


@pytest.mark.parametrize("name", [*BY_ID, *IN_A_SPACE, *OWN])
async def test_who_is_not_signed_in_any_more_is_answered_as_who_never_was(world: World, name: str) -> None:
    route = ROUTES[name]
    things = [await thing_of(world.owner, route, space) for space in homes(world, route)[:2]]

    answers = [
        seen(await ask(who, route, space, thing))
        for who in (world.revoked, world.anonymous)
        for space in (None, world.owner.id, world.team, str(new_id()))
        for thing in (*things, str(new_id()))
    ]

    assert {status for status, _, _ in answers} == {401}
    assert all(answer == answers[0] for answer in answers)


def homes(world: World, route: Route) -> tuple[str | None, ...]:
    """The spaces of the owner in which a route could find something, two at least where it speaks of a space."""
    if f"{route.method} {route.path}" in TEAM:
        return world.team, world.second
    return (None, world.team, world.owner.id) if route.spaced else (None,)


async def thing_of(who: Client, route: Route, space: str | None = None) -> str:
    """A new thing that the route could name; '' where it names none."""
    return await THINGS[route.path](who, space) if "{" in route.path else ""


@pytest.mark.parametrize("name", sorted({*BY_ID, *IN_A_SPACE} - WITH_A_MEMBER))
async def test_the_owner_gets_what_was_asked_for(world: World, name: str) -> None:
    route = ROUTES[name]
    spaces = homes(world, route)

    answers = [await ask(world.owner, route, space, await thing_of(world.owner, route, space)) for space in spaces]

    assert [answer.status_code for answer in answers] == [route.status for _ in spaces]


@pytest.mark.parametrize("name", [name for name in BY_ID if name not in TEAM])
async def test_a_foreign_thing_is_answered_as_one_that_never_was(world: World, name: str) -> None:
    route = ROUTES[name]
    theirs = await thing_of(world.owner, route)
    mine = await thing_of(world.other, route)

    foreign = [await ask(world.other, route, None, theirs), await ask(world.owner, route, None, mine)]
    nothing = [await ask(who, route, None, str(new_id())) for who in (world.other, world.owner)]

    assert [answer.status_code for answer in foreign] == [404, 404]
    assert [*map(seen, foreign)] == [*map(seen, nothing)]
    assert (await ask(world.owner, route, None, theirs)).status_code == route.status, "it was still there"


@pytest.mark.parametrize("name", BY_ID)
async def test_a_deleted_thing_is_answered_as_one_that_never_was(world: World, name: str) -> None:
    route = ROUTES[name]
    for space in homes(world, route):
        gone = await thing_of(world.owner, route, space)
        ended = await world.owner.delete(f"{route.path.partition('/{id}')[0]}/{gone}", params=in_space(space))
        assert ended.status_code == 204

        deleted = seen(await ask(world.owner, route, space, gone))
        nothing = seen(await ask(world.owner, route, space, str(new_id())))

        assert deleted[0] == 404
        assert deleted == nothing


@pytest.mark.parametrize("name", [name for name, route in BY_ID.items() if route.spaced])
async def test_a_thing_is_looked_for_in_one_space_alone(world: World, name: str) -> None:
    route = ROUTES[name]
    spaces = homes(world, route)[:2]
    things = [await thing_of(world.owner, route, space) for space in spaces]

    elsewhere = [await ask(world.owner, route, *each) for each in zip(spaces, reversed(things), strict=True)]
    nothing = [await ask(world.owner, route, space, str(new_id())) for space in spaces]

    assert [answer.status_code for answer in elsewhere] == [404, 404]
    assert [*map(seen, elsewhere)] == [*map(seen, nothing)]


@pytest.mark.parametrize("name", [*(name for name, route in BY_ID.items() if route.spaced), *IN_A_SPACE])
@pytest.mark.parametrize("knowing", [False, True], ids=["a stranger", "one who knows numbers and tags"])
async def test_a_foreign_space_is_answered_as_one_that_never_was(
    world: World, backend: Backend, name: str, *, knowing: bool
) -> None:
    route = ROUTES[name]
    for who in (world.other, world.former):
        for space in {world.owner.id, world.team}.intersection(homes(world, route)):
            thing, none = await thing_of(world.owner, route, space), str(new_id())
            before = await told_of(world, backend)
            tags = await known_of(world.owner, route, space) if knowing else {}

            foreign = await ask(who, route, space, thing, **tags)
            nowhere = await ask(who, route, none, str(new_id()), **renamed(tags, none))

            assert foreign.status_code == 404
            assert seen(foreign) == seen(nowhere)
            assert "taskflow-seq" not in foreign.headers
            assert await told_of(world, backend) == before


async def told_of(world: World, backend: Backend) -> list[object]:
    """The numbers of the owner's spaces, as the owner is told them and as every process knows them."""
    spaces = (world.owner.id, world.team)
    told: list[object] = [(await known_of(world.owner, ROUTES["GET /api/v1/tasks"], space)) for space in spaces]
    return told + [await backend.redis.get(f"known:{{{space}}}") for space in spaces]


async def known_of(owner: Client, route: Route, space: str) -> dict[str, str]:
    """Headers with what the owner's own answers had: number, tag and key."""
    listed = await owner.get("/api/v1/tasks", params=in_space(space))
    number = listed.headers["taskflow-seq"]
    tag = {"if-none-match" if route.method == "GET" else "if-match": listed.headers.get("etag", '"1.tasks"')}
    return {"taskflow-seq": number, "idempotency-key": "theirs", **tag}


def renamed(tags: dict[str, str], space: str) -> dict[str, str]:
    """The same headers about another space."""
    return {
        name: f"{space}={text.partition('=')[2]}" if name == "taskflow-seq" else text for name, text in tags.items()
    }


@pytest.mark.parametrize("name", OWN)
async def test_what_is_the_callers_own_has_nothing_of_anothers(world: World, backend: Backend, name: str) -> None:
    route = ROUTES[name]
    await new_task(world.other, None)  # so that their number is larger than the owner's
    before = await told_of(world, backend)

    answer = await ask(world.other, route)
    elsewhere = [await ask(world.other, route, space) for space in (world.owner.id, world.team, str(new_id()))]

    assert answer.status_code == route.status
    foreign = {world.team} if name in WITH_FELLOWS else {world.team, world.owner.id}
    assert not any(each in word for each in foreign for word in (answer.text, str(answer.headers)))
    assert await told_of(world, backend) == before
    assert [found.status_code for found in elsewhere] == [400, 400, 400], "it takes no space"
    assert all(seen(found) == seen(elsewhere[0]) for found in elsewhere)


@pytest.mark.parametrize("name", BY_SECRET)
async def test_a_wrong_secret_of_somebody_is_answered_as_one_of_nobody(world: World, name: str) -> None:
    route, proof = ROUTES[name], BY_SECRET[name]

    answers = [
        seen(await who.call(route.method, route.path, json=proof(whose)))
        for who in (world.anonymous, world.revoked, world.other)
        for whose in (world.owner, world.revoked, None)
    ]

    assert answers[0][0] == 401
    assert all(answer == answers[0] for answer in answers)
    assert (await world.owner.get("/api/v1/me")).status_code == 200, "their session goes on"


@pytest.mark.parametrize("name", [name for name in PUBLIC if name.startswith("GET")])
async def test_what_is_public_is_the_same_for_everybody(world: World, name: str) -> None:
    route = ROUTES[name]

    answers = [await ask(who, route) for who in (world.anonymous, world.revoked, world.owner, world.other)]

    assert {answer.status_code for answer in answers} == {200}
    assert not any(world.owner.id in answer.text for answer in answers)
    assert len({answer.content for answer in answers}) == 1 or name == "GET /metrics"


@pytest.mark.parametrize("name", [name for name, route in IN_A_SPACE.items() if takes_an_id(route)])
async def test_an_id_that_another_space_uses_is_free_here(world: World, name: str) -> None:
    route = ROUTES[name]
    theirs = await THINGS[f"{route.path}/{{id}}"](world.owner, None)

    made = [
        await world.other.post(
            route.path, {**body_of(name, world.other.id), "id": thing}, headers={"idempotency-key": thing}
        )
        for thing in (theirs, str(new_id()))
    ]

    assert [answer.status_code for answer in made] == [201, 201]
    assert "Canary" in (await world.owner.get(f"{route.path}/{theirs}")).text
