"""A member who is taken out while they write: what they wrote was before it, or is refused."""

import asyncio
import random
from typing import Any
from uuid import UUID

import pytest

from taskflow.features.spaces.access import enter
from taskflow.features.spaces.errors import RoleTooLow, SpaceNotFound
from taskflow.features.spaces.model import ChangeRole, Role
from taskflow.features.tasks.model import CreateTask, DeleteTask, UpdateTask
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id, new_id
from taskflow.foundation.operation import Args
from tests.account import Person, new_person
from tests.features.spaces.team import join, number_of, remove
from tests.features.sync.device import Device, fresh

ROUNDS = [30, pytest.param(1_000, marks=pytest.mark.long)]
MOST = 300  # writes of one connection: access ends long before that
Written = list[tuple[Any, int]]  # what was asked, and the number at which it was answered


async def write_until_refused(person: Person, written: Written, seed: int) -> Exception:
    """Make, change and delete tasks as fast as the space takes it, until there is no more access to it."""
    chance, mine = random.Random(seed), list[Id]()
    for _ in range(MOST):
        args: Args = CreateTask(id=Id(str(new_id())), title="Pay rent")
        if mine and chance.random() < 0.5:
            task_id = chance.choice(mine)
            args = chance.choice([UpdateTask(id=task_id, title=f"Changed {chance.random()}"), DeleteTask(id=task_id)])
        try:
            number = (await person.answered(args)).number
        except (SpaceNotFound, RoleTooLow) as refused:
            return refused
        written.append((args, number))
        if isinstance(args, CreateTask):
            mine.append(args.id)
        elif isinstance(args, DeleteTask):
            mine.remove(args.id)
    raise AssertionError("there was always access")


async def writing(member: Person, chance: random.Random, end: Any) -> tuple[Written, list[Exception]]:
    """Three connections of a member write while something ends that."""
    written: Written = []
    writers = [asyncio.create_task(write_until_refused(member, written, chance.randrange(10**6))) for _ in range(3)]
    while len(written) < chance.randrange(10):  # noqa: ASYNC110 - at any moment, not at one that is told
        await asyncio.sleep(0)
    await end
    return written, await asyncio.gather(*writers)


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_a_member_who_is_taken_out_while_writing_leaves_nothing_behind_it(
    owner: Person, backend: Backend, rounds: int
) -> None:
    chance, grace = random.Random(rounds), await new_person(backend)
    for _ in range(rounds):
        member = await join(owner, grace, Role.EDITOR)

        written, refused = await writing(member, chance, remove(owner, member))

        last = await removed_at(owner, member)
        assert {type(each) for each in refused} == {SpaceNotFound}
        assert [number for _, number in written if number >= last] == []
        assert await number_of(owner) == last, "nothing was written after it"
        assert await there(owner, member.id) == left_by(written)
        with pytest.raises(SpaceNotFound):
            await enter(backend.database, grace.id, owner.access.space_id)
        await forget(owner)

    device = Device(backend, owner.access)
    await device.catch_up()
    assert device.rows == (await fresh(device)).rows


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_a_member_who_may_only_look_from_now_on_has_written_before_it(
    owner: Person, backend: Backend, rounds: int
) -> None:
    chance, member = random.Random(rounds), await join(owner, await new_person(backend), Role.EDITOR)
    for _ in range(rounds):
        await owner.do(ChangeRole(id=Id(str(member.id)), role="editor"))
        demotion = owner.do(ChangeRole(id=Id(str(member.id)), role="viewer"))

        written, refused = await writing(member, chance, demotion)

        last = await removed_at(owner, member)
        assert {type(each) for each in refused} == {RoleTooLow}
        assert [number for _, number in written if number >= last] == []
        assert await number_of(owner) == last
        assert await there(owner, member.id) == left_by(written)
        await forget(owner)


async def removed_at(owner: Person, member: Person) -> int:
    """The number that the member's row took last."""
    async with owner.backend.database.transaction(owner.access.space_id) as transaction:
        number: int = await transaction.connection.fetchval(
            "SELECT seq FROM memberships WHERE account_id = $1", member.id
        )
    return number


async def there(owner: Person, author: UUID) -> dict[UUID, int]:
    """The tasks of somebody that are not deleted, and their numbers."""
    async with owner.backend.database.transaction(owner.access.space_id) as transaction:
        rows = await transaction.connection.fetch(
            "SELECT id, seq FROM tasks WHERE created_by = $1 AND deleted_seq IS NULL", author
        )
    return {UUID(bytes=row["id"].bytes): row["seq"] for row in rows}


def left_by(written: Written) -> dict[UUID, int]:
    """The tasks that remain of what was answered, each at the number of its last change."""
    left: dict[UUID, int] = {}
    for args, number in sorted(written, key=lambda each: each[1]):
        if isinstance(args, DeleteTask):
            left.pop(args.id)
        else:
            left[args.id] = number
    return left


async def forget(owner: Person) -> None:
    """The next round begins with an empty space."""
    async with owner.backend.database.transaction(owner.access.space_id) as transaction:
        await transaction.connection.execute("DELETE FROM activity")
        await transaction.connection.execute("DELETE FROM tasks")
