"""Nobody waits for a space, or for a person, that they may not write to: neither theirs to hold up nor to watch."""

from collections.abc import Callable

import pytest

from taskflow.features.sharing.model import MoveTask
from taskflow.features.spaces.errors import (
    InvitationNotFound,
    MemberNotFound,
    RoleTooLow,
    SpaceNotFound,
    TeamOnly,
)
from taskflow.features.spaces.invitation import AcceptInvitation, CreateInvitation, Token, read_token
from taskflow.features.spaces.model import ChangeRole, HandOverSpace, RemoveMember, Role
from taskflow.features.tasks.model import CreateTask
from taskflow.features.undo.errors import ChangeNotFound
from taskflow.features.undo.model import Undo
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import Invalid, Refusal
from tests.account import Person, new_person
from tests.features.sharing.rooms import gone, rows, space_of
from tests.features.spaces.team import join, locked, new_team, remove
from tests.things import fresh_id

Asking = Callable[[Id], Args]  # of an id: of a team's space, or of a person and so of their personal one


def changing(member_id: Id) -> Args:
    return ChangeRole(id=member_id, role="viewer")


def removing(member_id: Id) -> Args:
    return RemoveMember(id=member_id)


def handing_over(member_id: Id) -> Args:
    return HandOverSpace(id=member_id)


async def refused(person: Person, args: Args) -> type[Refusal] | None:
    """How an operation is refused."""
    try:
        await person.do(args)
    except Refusal as no:
        return type(no)
    return None


@pytest.fixture
async def team(backend: Backend) -> Person:
    """Somebody else in their team's space."""
    return await new_team(await new_person(backend))


async def test_a_task_does_not_wait_for_a_space_that_it_may_not_go_to(
    person: Person, team: Person, backend: Backend
) -> None:
    await person.do(CreateTask(id=(task := fresh_id()), title="Paint"))
    former = await join(team, person, Role.EDITOR)
    await remove(team, former)

    async with locked(backend, team):
        foreign = await refused(person, MoveTask(id=task, to=space_of(team)))

    assert foreign is await refused(person, MoveTask(id=task, to=fresh_id())) is Invalid


async def test_a_made_up_invitation_does_not_wait_for_the_space_that_it_names(
    person: Person, team: Person, backend: Backend
) -> None:
    real = read_token((await team.do(CreateInvitation()))["token"])
    assert real is not None
    made_up = AcceptInvitation(token=str(Token(real.space_id, real.invitation_id, b"x" * 32)))

    async with locked(backend, team):
        found = await refused(person, made_up)

    assert found is InvitationNotFound


@pytest.mark.parametrize(
    ("asking", "answer"), [(changing, MemberNotFound), (removing, MemberNotFound), (handing_over, Invalid)]
)
async def test_an_owner_waits_for_none_but_members(
    person: Person, team: Person, backend: Backend, asking: Asking, answer: type[Refusal]
) -> None:
    mine, stranger = await new_team(person), await new_person(backend)

    for somewhere in (team, stranger):
        async with locked(backend, somewhere):
            assert await refused(mine, asking(space_of(somewhere))) is answer


@pytest.mark.parametrize("asking", [changing, removing, handing_over])
async def test_who_is_no_owner_waits_for_no_member(
    person: Person, team: Person, backend: Backend, asking: Asking
) -> None:
    editor, other = await join(team, person, Role.EDITOR), await new_person(backend)
    await join(team, other, Role.VIEWER)

    async with locked(backend, other):
        assert await refused(editor, asking(Id(str(other.id)))) is RoleTooLow
        assert await refused(person, asking(Id(str(other.id)))) is TeamOnly


async def test_nobody_waits_for_the_space_to_which_somebody_else_moved_a_task(person: Person, backend: Backend) -> None:
    here, there = await new_team(person), await new_team(person)
    other = await join(here, await new_person(backend), Role.EDITOR)
    seq = await moved(here, task := fresh_id(), there)

    async with locked(backend, there):
        assert await refused(other, Undo(kind="task", id=task, seq=seq)) is ChangeNotFound


async def test_who_has_left_does_not_wait_for_the_space_that_they_moved_a_task_to(
    person: Person, team: Person, backend: Backend
) -> None:
    here, there = await new_team(person), await join(team, person, Role.EDITOR)
    seq = await moved(here, task := fresh_id(), there)
    await remove(team, person)

    async with locked(backend, team):
        assert await refused(here, Undo(kind="task", id=task, seq=seq)) is SpaceNotFound


async def moved(here: Person, task: Id, there: Person) -> int:
    """Make a task, and move it to another space; the number that this took in the first one."""
    await here.do(CreateTask(id=task, title="Paint"))
    await here.do(MoveTask(id=task, to=space_of(there)))
    number: int = gone(await rows(here), "tasks")[str(task)]["seq"]
    return number
