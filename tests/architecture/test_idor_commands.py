"""Every command, by HTTP and by socket, sent by everybody for what is theirs, another's, deleted, or never was."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from taskflow.app import Application
from taskflow.features.sync.taken import NOT_COMMANDS
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import new_id
from taskflow.foundation.operation import REGISTRY
from tests.account import signed_in
from tests.architecture.world import (
    ELSEWHERE,
    MADE_AT,
    PROJECT,
    TASK,
    World,
    in_space,
    join,
    left,
    let_in,
    new_comment,
    new_invitation,
    new_label,
    new_member,
    new_project,
    new_section,
    new_series,
    new_task,
    new_world,
)
from tests.client import Client
from tests.features.sync.live.sockets import LONG_S, connected, listening

Ask = Callable[[Client, dict[str, Any]], Awaitable[Any]]
Make = Callable[[Client, str | None], Awaitable[str]]

# What each command is sent with beside the id of a thing, which is made by this (None: it names none of its own).
COMMANDS: dict[str, tuple[Make | None, dict[str, Any]]] = {
    "change_role": (new_member, {"role": "viewer"}),
    "create_comment": (None, {"body": "Eve's", "task_id": TASK}),
    "create_label": (None, {"name": "Eve's"}),
    "create_project": (None, {"name": "Eve's"}),
    "create_section": (None, {"name": "Eve's", "project_id": PROJECT}),
    "create_space": (None, {"name": "Eve's"}),
    "create_task": (None, {"title": "Eve's"}),
    "delete_comment": (new_comment, {}),
    "delete_label": (new_label, {}),
    "delete_project": (new_project, {}),
    "delete_section": (new_section, {}),
    "delete_task": (new_task, {}),
    "hand_over_space": (new_member, {}),
    "move_task": (new_task, {"to": ELSEWHERE}),
    "remove_member": (new_member, {}),
    "revoke_invitation": (new_invitation, {}),
    "share_project": (new_project, {}),
    "skip_task": (new_series, {}),
    "undo": (None, {"kind": "task", "id": TASK}),  # with the number that the task was made at
    "update_comment": (new_comment, {"body": "Eve's"}),
    "update_label": (new_label, {"color": "red"}),
    "update_project": (new_project, {"name": "Eve's"}),
    "update_section": (new_section, {"name": "Eve's"}),
    "update_space": (None, {"name": "Eve's"}),
    "update_task": (new_task, {"title": "Eve's"}),
}
TEAM = {"change_role", "hand_over_space", "remove_member", "revoke_invitation", "update_space"}
HOME = {"create_space"}  # done in one's own space alone
BY_ID = sorted(name for name, (make, _) in COMMANDS.items() if make)
KINDS = {"task", "project", "section", "label", "comment"}
WITH_TOMBSTONES = [name for name in BY_ID if name.partition("_")[2] in KINDS]
COMMENTING = {"create_comment", "update_comment", "delete_comment"}


@pytest.fixture
async def world(client: Client, backend: Backend) -> World:
    """The callers, and two teams of the owner's."""
    return await new_world(client, backend)


async def by_http(who: Client, command: dict[str, Any]) -> Any:
    """What a command is answered in a call of sync."""
    answer = await who.post("/api/v1/sync", {"commands": [command]})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"][0]


def by_socket(port: int) -> Ask:
    """What a command is answered on a live socket of its own."""

    async def ask(who: Client, command: dict[str, Any]) -> Any:
        async with connected(port) as live:
            await live.hello(who)
            await live.say(type="commands", commands=[command])
            return (await live.until("results"))["results"][0]

    return ask


@pytest.fixture(scope="module")
async def port(application: Application) -> AsyncIterator[int]:
    """Where the application takes live sockets."""
    async with listening(application, LONG_S) as there:
        yield there


@pytest.fixture(params=["http", pytest.param("socket", marks=pytest.mark.slow)])
def ask(request: pytest.FixtureRequest, port: int) -> Ask:
    """Each of the ways in which a command comes."""
    return by_http if request.param == "http" else by_socket(port)


async def somebody(world: World, backend: Backend, role: str) -> Client:
    """Somebody new in the owner's team."""
    who = Client(world.owner.http, await signed_in(backend))
    await join(world.owner, who, world.team, role)
    return who


async def send(
    ask: Ask, who: Client, name: str, space: str | None, thing: str | None = None, **named: Any
) -> dict[str, Any]:
    """What one command is answered, less what is new in each."""
    args = {**COMMANDS[name][1], **({"id": thing} if thing else {}), **({"space_id": space} if space else {})}
    if name == "undo":
        args["seq"] = MADE_AT.get(space or who.id, 1)
    if name == "create_label":
        args["name"] = f"Eve's {uuid4()}"
    command = {"id": str(uuid4()), "type": name, "args": args, **named}
    result = await ask(who, command)
    assert result.pop("id") == command["id"]
    result.get("problem", {}).pop("request_id", None)
    told: dict[str, Any] = result
    return told


def homes(world: World, name: str) -> list[str | None]:
    """The spaces of the owner in which a command could find something."""
    return [world.team] if name in TEAM else [None] if name in HOME else [None, world.team]


async def deleted(owner: Client, name: str, space: str | None) -> str:
    """A thing of the command's kind that was there."""
    make = COMMANDS[name][0]
    assert make
    thing = await make(owner, space)
    listed = {"space": "members", "role": "members", "member": "members", "over_space": "members"}
    kind = name.partition("_")[2]
    path = listed.get(kind, f"{kind}s")
    ended = await owner.delete(f"/api/v1/{path}/{thing}", params=in_space(space))
    assert ended.status_code == 204, ended.text
    return thing


async def state(owner: Client, *spaces: str) -> list[Any]:
    """The numbers of spaces, as their owner is told them."""
    answer = await owner.post("/api/v1/sync", {})
    return [answer.json()["spaces"][space]["seq"] for space in spaces]


def test_there_is_no_command_that_the_matrix_does_not_know() -> None:
    assert COMMANDS.keys() == {name for name, entry in REGISTRY.items() if entry.numbered} - NOT_COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
async def test_the_owner_s_command_is_done(world: World, ask: Ask, name: str) -> None:
    make = COMMANDS[name][0]
    for space in homes(world, name):
        thing = await make(world.owner, space) if make else None

        answered = await send(ask, world.owner, name, space, thing)

        assert answered["ok"], answered


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_foreign_space_is_answered_as_one_that_never_was(world: World, ask: Ask, name: str) -> None:
    make = COMMANDS[name][0]
    for who in (world.other, world.former):
        for space in (world.owner.id, world.team):
            own = None if space == world.owner.id else space
            things = (
                [await make(world.owner, own), await deleted(world.owner, name, own), str(new_id())]
                if make and (own or name not in TEAM)
                else [None]
            )
            before = await state(world.owner, world.owner.id, world.team)

            answered = [await send(ask, who, name, space, thing) for thing in things]
            knowing = await send(ask, who, name, space, things[0], base=before[1])
            nowhere = await send(ask, who, name, str(new_id()), things[0])

            assert nowhere["problem"]["code"] == "space_not_found"
            assert all(each == nowhere for each in [*answered, knowing])
            assert await state(world.owner, world.owner.id, world.team) == before


@pytest.mark.parametrize("name", BY_ID)
async def test_a_foreign_thing_is_answered_as_one_that_never_was(world: World, ask: Ask, name: str) -> None:
    make = COMMANDS[name][0]
    assert make
    space = world.team if name in TEAM else None
    theirs = await make(world.owner, space)
    gone = await deleted(world.owner, name, space)

    answered = [await send(ask, world.other, name, None, thing) for thing in (theirs, gone)]
    nothing = await send(ask, world.other, name, None, str(new_id()))

    assert not nothing["ok"]
    assert all(each == nothing for each in answered)
    assert (await send(ask, world.owner, name, space, theirs))["ok"], "it was still there"


@pytest.mark.parametrize("name", BY_ID)
async def test_a_thing_is_looked_for_in_one_space_alone(world: World, ask: Ask, name: str) -> None:
    make = COMMANDS[name][0]
    assert make
    space, elsewhere = (world.team, world.second) if name in TEAM else (None, world.team)
    thing = await make(world.owner, space)

    answered = await send(ask, world.owner, name, elsewhere, thing)
    nothing = await send(ask, world.owner, name, elsewhere, str(new_id()))

    assert not answered["ok"]
    assert answered == nothing


@pytest.mark.parametrize("name", sorted({*BY_ID} - {"hand_over_space"}))  # its member is an argument: 422
async def test_the_owner_is_told_that_something_was_deleted_where_it_was(world: World, ask: Ask, name: str) -> None:
    for space in homes(world, name):
        gone = await deleted(world.owner, name, space)

        answered = await send(ask, world.owner, name, space, gone)
        nothing = await send(ask, world.owner, name, space, str(new_id()))

        assert not answered["ok"]
        assert not nothing["ok"]
        assert answered["problem"]["status"] == nothing["problem"]["status"] == 404
        assert nothing["problem"]["code"].endswith("_not_found")
        assert answered["problem"]["code"] == ("deleted" if name in WITH_TOMBSTONES else nothing["problem"]["code"])


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_viewer_changes_nothing_and_is_told_the_same_of_everything(
    world: World, ask: Ask, backend: Backend, name: str
) -> None:
    viewer = await somebody(world, backend, "viewer")
    make = COMMANDS[name][0]
    things = (
        [await make(world.owner, world.team), await deleted(world.owner, name, world.team), str(new_id())]
        if make
        else [None]
    )
    before = await state(world.owner, world.team)

    answered = [await send(ask, viewer, name, world.team, thing) for thing in things]

    assert {each["ok"] for each in answered} == {False}
    codes = {each["problem"]["code"] for each in answered}
    assert codes <= ({"personal_only", "role_too_low"} if name in HOME else {"role_too_low"})
    assert all(each == answered[0] for each in answered)
    assert await state(world.owner, world.team) == before


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - COMMENTING - TEAM - HOME - {"share_project"}))
async def test_a_former_editor_s_repeat_is_answered_and_not_run_again(
    world: World, ask: Ask, backend: Backend, name: str
) -> None:
    editor = await somebody(world, backend, "editor")
    await let_in(backend, editor)
    make, args = COMMANDS[name]
    thing = await make(world.owner, world.team) if make else None
    command = {
        "id": str(uuid4()),
        "type": name,
        "args": {**args, "space_id": world.team, **({"id": thing} if thing else {})}
        | ({"seq": MADE_AT[world.team]} if name == "undo" else {}),
    }
    first = await ask(editor, command)
    await left(editor, world.team)
    before = await state(world.owner, world.team)

    again = await ask(editor, command)
    anew = await send(ask, editor, name, world.team, thing)

    assert first["ok"] or name == "undo"
    assert {**again, "problem": None} == {**first, "problem": None}
    assert anew["problem"]["code"] == "space_not_found"
    assert await state(world.owner, world.team) == before


@pytest.mark.parametrize("name", [name for name in WITH_TOMBSTONES if name.endswith("_task")])
async def test_where_something_has_gone_is_told_to_who_is_there_and_to_nobody_else(
    world: World, ask: Ask, backend: Backend, name: str
) -> None:
    editor = await somebody(world, backend, "editor")
    things = [await new_series(world.owner, world.team) for _ in range(2)]
    for thing, to in zip(things, (world.owner.id, ELSEWHERE), strict=True):
        moved = await world.owner.post(f"/api/v1/tasks/{thing}/move", {"to": to}, params=in_space(world.team))
        assert moved.status_code == 200, moved.text

    mine = [(await send(ask, world.owner, name, world.team, thing))["problem"] for thing in things]
    theirs = [(await send(ask, editor, name, world.team, thing))["problem"] for thing in things]

    assert [each["code"] for each in mine] == ["moved", "moved"]
    assert [each["space_id"] for each in mine] == [world.owner.id, ELSEWHERE]
    assert [each["code"] for each in theirs] == ["deleted", "deleted"]
    assert not any(place in str(theirs) for place in (world.owner.id, ELSEWHERE))


async def test_the_id_of_another_s_command_is_free(world: World, ask: Ask) -> None:
    command = {"id": str(uuid4()), "type": "create_task", "args": {"title": "Canary"}}

    theirs = await ask(world.owner, command)
    mine = await ask(world.other, command | {"args": {"title": "Eve's"}})
    shown = (await world.other.post("/api/v1/sync", {})).json()["spaces"]

    assert theirs["ok"]
    assert mine["ok"]
    assert [task["title"] for task in shown[world.other.id]["tasks"]].count("Eve's") == 1
    assert world.owner.id not in shown
