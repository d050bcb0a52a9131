"""The lock of a space comes first: what is read after it is true, and what the database undoes is done again."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from taskflow.features.spaces.door import Answered, Call, once
from taskflow.features.spaces.errors import AlreadyMember, RoleTooLow, SpaceBusy, SpaceNotFound
from taskflow.features.spaces.invitation import AcceptInvitation, CreateInvitation
from taskflow.features.spaces.model import ChangeRole, Role
from taskflow.features.tasks.errors import TaskNotFound
from taskflow.features.tasks.model import CreateTask, UpdateTask
from taskflow.features.trash import queries as trash
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import REGISTRY, Args
from taskflow.foundation.refusal import Refusal
from taskflow.foundation.settings import Settings
from tests.account import Person, new_person
from tests.client import Client
from tests.features.spaces.stumbling import stumbling
from tests.features.spaces.team import in_team, join, locked, number_of, set_role, standing, waiting


async def test_a_change_that_waited_for_a_deletion_finds_nothing(person: Person, backend: Backend) -> None:
    task_id = Id((await person.do(CreateTask(title="Pay rent")))["id"])

    async with locked(backend, person) as deletion:
        change = asyncio.create_task(person.do(UpdateTask(id=task_id, title="Changed")))
        await waiting(backend)
        at = await number_of(person)
        await trash.bury_tasks(deletion, person.id, [task_id], at, at, deletion.now)

    with pytest.raises(TaskNotFound):
        await change


@pytest.mark.parametrize(("role", "refusal"), [(Role.VIEWER, RoleTooLow), (Role.FORMER, SpaceNotFound)])
async def test_who_loses_the_role_while_waiting_for_the_lock_is_refused(
    person: Person, backend: Backend, role: Role, refusal: type[Refusal]
) -> None:
    editor = await in_team(person, Role.EDITOR, backend)
    before = await number_of(editor)

    async with locked(backend, editor) as demotion:
        create = asyncio.create_task(editor.do(CreateTask(title="Pay rent")))
        await waiting(backend)
        await set_role(demotion, editor, role)

    with pytest.raises(refusal):
        await create
    assert await number_of(editor) == before


async def test_who_gains_the_role_while_waiting_for_the_lock_may_write(person: Person, backend: Backend) -> None:
    viewer = await in_team(person, Role.VIEWER, backend)

    async with locked(backend, viewer) as promotion:
        create = asyncio.create_task(viewer.do(CreateTask(title="Pay rent")))
        await waiting(backend)
        await set_role(promotion, viewer, Role.EDITOR)

    assert (await create)["title"] == "Pay rent"


@pytest.mark.parametrize("code", ["40001", "40P01"], ids=["serialization failure", "deadlock"])
async def test_what_the_database_undid_for_another_is_tried_again(
    person: Person, settings: Settings, code: str
) -> None:
    before = await number_of(person)

    async with stumbling(settings, code, times=2):
        made = await person.do(CreateTask(title="stumble"))

    assert made["seq"] == before + 1


async def test_what_the_database_undoes_three_times_is_refused_as_busy(person: Person, settings: Settings) -> None:
    before = await number_of(person)

    async with stumbling(settings, "40P01", times=3):
        with pytest.raises(SpaceBusy) as refused:
            await person.do(CreateTask(title="stumble"))

    assert (refused.value.status, refused.value.retry_after) == (503, 1)
    assert await number_of(person) == before


async def test_a_real_deadlock_ends_with_both_done(person: Person, backend: Backend, settings: Settings) -> None:
    # The change holds the space and waits for the task; who made the task urgent holds that and waits for the space.
    task_id = Id((await person.do(CreateTask(title="Pay rent")))["id"])
    other = await asyncpg.connect(settings.database_url, server_settings={"deadlock_timeout": "1min"})
    await other.execute(f"BEGIN; SET LOCAL app.space = '{person.id}'")
    await other.execute("UPDATE tasks SET priority = 3 WHERE space_id = $1 AND id = $2", person.id, task_id)

    change = asyncio.create_task(person.do(UpdateTask(id=task_id, title="Changed")))
    await waiting(backend)
    await other.execute("UPDATE spaces SET seq = seq + 1 WHERE space_id = $1", person.id)
    await other.execute("COMMIT")
    await other.close()

    changed = await change
    assert (changed["title"], changed["priority"]) == ("Changed", 3)


async def test_who_waits_too_long_for_the_lock_is_told_to_come_back(ada: Client, backend: Backend) -> None:
    async with backend.database.transaction(UUID(ada.id)) as holder:
        await holder.connection.execute("SELECT FROM spaces WHERE space_id = $1 FOR UPDATE", UUID(ada.id))
        plain, keyed = await asyncio.gather(
            ada.post("/api/v1/tasks", {"title": "Pay rent"}),
            ada.post("/api/v1/tasks", {"title": "Pay rent"}, headers={"idempotency-key": "k"}),
        )

    assert (plain.status_code, plain.json()["code"], plain.headers["retry-after"]) == (503, "space_busy", "1")
    assert (keyed.status_code, keyed.json()["code"]) == (409, "key_in_use")
    listed = await ada.get("/api/v1/tasks")
    assert listed.json()["items"] == [], listed.text


@pytest.mark.parametrize("rounds", [20, pytest.param(1_000, marks=pytest.mark.long)])
async def test_two_who_need_the_same_two_spaces_never_wait_for_one_another(
    person: Person, backend: Backend, rounds: int
) -> None:
    # One begins at the member's personal space, the other at the team's; a door that tries again would hide it.
    owner = await in_team(person, Role.OWNER, backend)
    member = await join(owner, await new_person(backend), Role.EDITOR)
    home, token = await standing(member, member.id), (await owner.do(CreateInvitation()))["token"]

    for nth in range(rounds):
        role = ChangeRole(id=Id(str(member.id)), role="viewer" if nth % 2 else "editor")
        crossing = [(home, AcceptInvitation(token=token)), (owner, role)] * 3
        done = await asyncio.gather(*(tried_once(*each) for each in crossing), return_exceptions=True)

        assert {type(each) for each in done} == {AlreadyMember, Answered}


async def tried_once(who: Person, args: Args) -> Answered:
    """Perform an operation without trying it again where the database undoes it."""
    operation = next(entry for entry in REGISTRY.values() if entry.args is type(args))
    return await once(who.backend, Call(who.access, operation, args))
