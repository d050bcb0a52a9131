"""What each role may do: every operation on a space says who may ask for it, and nobody with less is heard."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.app import routes
from taskflow.features.imports.model import ImportTasks
from taskflow.features.spaces.access import enter
from taskflow.features.spaces.errors import RoleTooLow
from taskflow.features.spaces.invitation import AcceptInvitation, new_token
from taskflow.features.spaces.model import Role
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import new_id
from taskflow.foundation.operation import REGISTRY, Args
from taskflow.foundation.refusal import Refusal
from tests.account import Person, new_person, signed_in
from tests.architecture.world import join as come_in
from tests.client import Client
from tests.features.spaces.team import join, new_team, number_of
from tests.strategies import STRATEGIES

ROLES = [Role.VIEWER, Role.COMMENTER, Role.EDITOR, Role.OWNER]
LEAST: dict[str, Role | Callable[[Any], Role]] = {
    "accept_invitation": Role.OWNER,  # of one's personal space, as are create_space and update_me
    "change_role": Role.OWNER,
    "create_comment": Role.COMMENTER,
    "create_invitation": Role.OWNER,
    "create_label": Role.EDITOR,
    "create_project": Role.EDITOR,
    "create_section": Role.EDITOR,
    "create_space": Role.OWNER,
    "create_task": Role.EDITOR,
    "delete_comment": Role.COMMENTER,
    "delete_label": Role.EDITOR,
    "delete_project": Role.EDITOR,
    "delete_section": Role.EDITOR,
    "delete_task": Role.EDITOR,
    "hand_over_space": Role.OWNER,
    "import_tasks": Role.EDITOR,
    "move_task": Role.EDITOR,
    "remove_member": Role.OWNER,  # but oneself: tests/features/spaces/test_members.py
    "rename_member": Role.VIEWER,  # oneself, by the profile
    "revoke_invitation": Role.OWNER,
    "share_project": Role.OWNER,
    "skip_task": Role.EDITOR,
    "undo": lambda args: Role.COMMENTER if args.kind == "comment" else Role.EDITOR,
    "update_comment": Role.COMMENTER,
    "update_label": Role.EDITOR,
    "update_me": Role.OWNER,
    "update_project": Role.EDITOR,
    "update_section": Role.EDITOR,
    "update_space": Role.OWNER,
    "update_task": Role.EDITOR,
}
PLAIN: dict[str, SearchStrategy[Args]] = {
    "accept_invitation": some.builds(lambda: AcceptInvitation(token=str(new_token(new_id(), new_id())))),
    "import_tasks": some.just(ImportTasks()),  # a file is checked before the space is locked for it
}
NUMBERED = sorted(name for name, entry in REGISTRY.items() if entry.numbered)


@pytest.fixture(scope="module")
async def team(backend: Backend) -> dict[Role, Person]:
    """A member of each role in one team; another owner stays whatever is asked."""
    first = await new_team(await new_person(backend))
    return {role: await join(first, await new_person(backend), role) for role in ROLES}


def test_every_operation_that_takes_numbers_says_who_may_ask_for_it() -> None:
    assert set(NUMBERED) == LEAST.keys()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", NUMBERED)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
async def test_an_operation_is_refused_to_whoever_has_less_than_it_takes_and_to_nobody_else(
    team: dict[Role, Person], backend: Backend, name: str, role: Role, data: some.DataObject
) -> None:
    member = team[role]
    args, before = data.draw(asked(name)), await number_of(member)
    least = LEAST[name]

    refused = await refusal_of(member, args)

    if role < (least if isinstance(least, Role) else least(args)):
        assert refused is RoleTooLow
        assert await number_of(member) == before
    else:
        assert refused is not RoleTooLow
        assert (await enter(backend.database, member.id, member.access.space_id)).role is role, "still who they were"


def asked(name: str) -> SearchStrategy[Args]:
    """Arguments that get as far as the role, of ids of nobody and nothing."""
    return PLAIN[name] if name in PLAIN else STRATEGIES[name]


async def refusal_of(member: Person, args: Args) -> type[Refusal] | None:
    """How an operation is refused to a member, or that it is not."""
    try:
        await member.answered(args)
    except Refusal as refused:
        return type(refused)
    return None


READS = {
    f"{route.method} {route.path}": route
    for route in routes().table
    if route.method == "GET" and "{" not in route.path and "space" in getattr(route.query, "__struct_fields__", ())
}
FOR_OWNERS = {"GET /api/v1/invitations": "who else may come"}


@pytest.mark.parametrize("role", ["viewer", "commenter", "editor", "owner"])
async def test_whoever_is_in_a_space_may_read_all_of_it_but_what_is_for_its_owners(
    ada: Client, client: Client, backend: Backend, role: str
) -> None:
    team, member = await new_id_of_team(ada), Client(client.http, await signed_in(backend))
    await come_in(ada, member, team, "editor" if role == "owner" else role)
    if role == "owner":
        await ada.patch(f"/api/v1/members/{member.id}?space={team}", {"role": role})

    answers = {name: await member.get(route.path, params={"space": team}) for name, route in READS.items()}
    codes = {name: answer.json().get("code") for name, answer in answers.items()}

    refused = {name for name, code in codes.items() if code in {"role_too_low", "space_not_found"}}
    assert refused == (set() if role == "owner" else FOR_OWNERS.keys())


async def new_id_of_team(owner: Client) -> str:
    """The id of a new team's space."""
    made: str = (await owner.post("/api/v1/spaces", {"name": "Home"})).json()["id"]
    return made
