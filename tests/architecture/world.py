"""A person with a team, and those who have no business with either: the callers of the matrix."""

import base64
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple
from uuid import UUID

from httpx import Response

from taskflow.features.spaces.door import make_known
from taskflow.features.spaces.queries import insert_member, insert_space, number, write_entry
from taskflow.features.spaces.work import Work
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import new_id
from tests.account import signed_in
from tests.client import PASSWORD, Client

PROJECT, TASK = str(new_id()), str(new_id())  # in each of these spaces there is one of this id
MADE_AT: dict[str, int] = {}  # the number that this task took in a space
ELSEWHERE = str(new_id())  # a team's space in which all who have something may put it


class World(NamedTuple):
    """Everybody by what they are to the owner, and the owner's teams."""

    owner: Client
    other: Client
    former: Client
    revoked: Client
    anonymous: Client
    team: str
    second: str


async def new_world(client: Client, backend: Backend) -> World:
    """All of them, new."""
    owner, other, former, revoked = [Client(client.http, await signed_in(backend)) for _ in range(4)]
    team, second = [str((await owner.post("/api/v1/spaces", {"name": "The team"})).json()["id"]) for _ in range(2)]
    await join(owner, former, team)
    await left(former, team)
    for who, space in ((owner, None), (owner, team), (other, None)):
        await made(who, "/api/v1/projects", {"id": PROJECT, "name": "Canary"}, space)
        await made(who, "/api/v1/tasks", {"id": TASK, "title": "Canary"}, space)
    await let_in(backend, owner, other)
    assert (await revoked.post("/api/v1/auth/logout")).status_code == 204
    return World(owner, other, former, revoked, client, team, second)


async def join(owner: Client, who: Client, team: str, role: str = "editor") -> None:
    """Somebody comes into a team by an invitation of its owner's."""
    invitation = await owner.post("/api/v1/invitations", {"role": role}, params=in_space(team))
    accepted = await who.post("/api/v1/invitations/accept", {"token": invitation.json()["token"]})
    assert accepted.status_code == 200, accepted.text


async def let_in(backend: Backend, *editors: Client) -> None:
    """The space that is elsewhere has these editors too."""
    async with Work(backend.database, UUID(ELSEWHERE)) as work:
        if await number(work, work.space_id) is None:
            await insert_space(work, work.space_id, "team", "Elsewhere", 1 << 40, 1 << 40, work.space_id, work.now)
    await admit(backend, UUID(ELSEWHERE), editors)


async def admit(backend: Backend, team: UUID, editors: Sequence[Client]) -> None:
    """A team has these editors too: all in one transaction, without an invitation for each."""
    async with Work(backend.database, team) as work:
        await work.take(len(editors))
        for who in editors:
            await insert_member(work, team, UUID(who.id), "editor", "Ada", None, work.stamp(), work.now)
        for who in editors:
            await work.step(UUID(who.id))
            await work.take(1)
            await write_entry(work, work.space_id, team, "editor", work.stamp())
    await make_known(backend, {space_id: held.now for space_id, held in work.spaces.items()})


async def left(who: Client, team: str) -> None:
    """Somebody leaves a team."""
    answer = await who.delete(f"/api/v1/members/{who.id}", params=in_space(team))
    assert answer.status_code == 204, answer.text


async def made(client: Client, path: str, body: dict[str, str], space: str | None) -> str:
    """The id of a new thing of somebody's."""
    answer = await client.post(path, body, params=in_space(space))
    assert answer.status_code == 201, answer.text
    thing = answer.json()
    if thing["id"] == TASK:
        MADE_AT[thing["space_id"]] = thing["seq"]
    return str(thing["id"])


async def new_task(client: Client, space: str | None) -> str:
    """A task of somebody's."""
    return await made(client, "/api/v1/tasks", {"title": "Canary"}, space)


async def new_series(client: Client, space: str | None) -> str:
    """A task of somebody's that recurs."""
    recurring = {"title": "Canary", "due_date": "2026-11-25", "recurrence": "FREQ=DAILY"}
    return await made(client, "/api/v1/tasks", recurring, space)


async def new_label(client: Client, space: str | None) -> str:
    """A label of somebody's, with a name of its own."""
    return await made(client, "/api/v1/labels", {"name": f"Canary {new_id()}"}, space)


async def new_project(client: Client, space: str | None) -> str:
    """A project of somebody's."""
    return await made(client, "/api/v1/projects", {"name": "Canary"}, space)


async def new_section(client: Client, space: str | None) -> str:
    """A section of somebody's."""
    return await made(client, "/api/v1/sections", {"name": "Canary", "project_id": PROJECT}, space)


async def new_comment(client: Client, space: str | None) -> str:
    """A comment of somebody's."""
    return await made(client, "/api/v1/comments", {"body": "Canary", "task_id": TASK}, space)


async def new_invitation(client: Client, team: str | None) -> str:
    """An invitation to somebody's team."""
    return await made(client, "/api/v1/invitations", {"role": "viewer"}, team)


async def new_member(client: Client, team: str | None) -> str:
    """Another member of somebody's team."""
    who = await Client(client.http).registered()
    await join(client, who, str(team), "editor")
    return who.id


async def new_session(client: Client, _space: str | None) -> str:
    """Another session of somebody's."""
    again = await client.post("/api/v1/auth/login", {"email": client.signed_in["user"]["email"], "password": PASSWORD})
    assert again.status_code == 200, again.text
    claims = again.json()["access_token"].split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(claims + "==="))["sid"])


# How a thing is made that a path with an id can name.
THINGS: dict[str, Callable[[Client, str | None], Awaitable[str]]] = {
    "/api/v1/comments/{id}": new_comment,
    "/api/v1/invitations/{id}": new_invitation,
    "/api/v1/labels/{id}": new_label,
    "/api/v1/members/{id}": new_member,
    "/api/v1/projects/{id}": new_project,
    "/api/v1/projects/{id}/share": new_project,
    "/api/v1/sections/{id}": new_section,
    "/api/v1/tasks/{id}": new_task,
    "/api/v1/tasks/{id}/move": new_task,
    "/api/v1/tasks/{id}/skip": new_series,
    "/api/v1/auth/sessions/{id}": new_session,
}


def in_space(space: str | None) -> dict[str, str]:
    """The query that names a space."""
    return {"space": space} if space else {}


def seen(answer: Response) -> tuple[int, dict[str, str], object]:
    """What an answer gives away: status, headers and body, but for what is new in each or is the caller's own."""
    own = {"content-length", "date", "etag", "location", "taskflow-seq", "x-request-id"}
    headers = {name: "..." if name in own else text for name, text in answer.headers.items() if "ratelimit" not in name}
    if "json" not in answer.headers.get("content-type", ""):
        return answer.status_code, headers, answer.content
    body = answer.json()
    return answer.status_code, headers, {name: value for name, value in body.items() if name != "request_id"}
