"""Undo while others write: whoever comes first, nothing of theirs is lost and nothing hangs in the air."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable
from typing import Any

import pytest

from taskflow.features.comments.model import CreateComment
from taskflow.features.labels.model import CreateLabel
from taskflow.features.projects.model import CreateSection
from taskflow.features.sharing.model import MoveTask
from taskflow.features.spaces.model import Role
from taskflow.features.tasks.model import CreateTask, DeleteTask, UpdateTask
from taskflow.features.trash.model import DeleteLabel, DeleteProject
from taskflow.features.undo.model import Undo
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from taskflow.foundation.refusal import Refusal
from tests.account import Person, new_person
from tests.features.spaces.team import join, new_team
from tests.features.trash.house import branch, living, rows, strays
from tests.features.undo.changing import last_change
from tests.things import label, project, section, task

pytestmark = pytest.mark.slow

AHEAD = 0.3
ROUNDS = pytest.mark.parametrize("rounds", [30, pytest.param(1_000, marks=pytest.mark.long)])


async def two(backend: Backend) -> tuple[Person, Person]:
    """Two editors of one space."""
    owner = await new_team(await new_person(backend))
    return owner, await join(owner, await new_person(backend), Role.EDITOR)


async def at_once(chance: random.Random, *acts: Awaitable[Any]) -> list[Any]:
    """What becomes of acts that begin together, in their order; a refusal is an answer, any other fault is none.

    Now and then the first is done before the others begin: on a machine of any speed each comes first at times.
    """
    order = [*range(len(acts))]
    chance.shuffle(order)
    begun = {order[0]: asyncio.ensure_future(acts[order[0]])}
    if chance.random() < AHEAD:
        await asyncio.wait(begun.values())
    begun |= {place: asyncio.ensure_future(acts[place]) for place in order[1:]}
    done = await asyncio.gather(*(begun[place] for place in range(len(acts))), return_exceptions=True)
    faults = [each for each in done if isinstance(each, BaseException) and not isinstance(each, Refusal)]
    assert faults == []
    return done


def assert_numbers(found: list[Any]) -> None:
    numbers = [row["seq"] for row in found]
    assert len(numbers) == len(set(numbers)), "no two rows have one number"


@ROUNDS
async def test_what_is_written_at_once_with_an_undo_is_never_lost(backend: Backend, rounds: int) -> None:
    owner, guest = await two(backend)
    chance, kept = random.Random(rounds), Counter[bool]()
    task_id = await task(owner, "Pay rent")

    for nth in range(rounds):
        await owner.do(UpdateTask(id=task_id, title="Rent", priority=nth % 3 + 1))
        undo = await last_change(owner)
        undone, _ = await at_once(chance, owner.do(undo), guest.do(UpdateTask(id=task_id, title=f"Rent {nth}")))

        there = await owner.do(UpdateTask(id=task_id))
        assert there["title"] == f"Rent {nth}"
        assert there["priority"] == 0
        kept["title" in undone["kept"]] += 1
        await owner.do(UpdateTask(id=task_id, title="Pay rent", priority=0))

    assert min(kept[True], kept[False]) > 0, "either came first at times"


@ROUNDS
async def test_a_project_that_comes_back_while_others_write_leaves_no_stray_row(backend: Backend, rounds: int) -> None:
    owner, guest = await two(backend)
    chance, outcomes = random.Random(rounds), Counter[bool]()

    for _ in range(rounds):
        house, heavy, above = await project(owner), await label(owner), await task(owner, "Call")
        packing = await section(owner, house)
        pack, *_ = await branch(owner, "Pack", project_id=house, section_id=packing, label_ids=[heavy])
        await owner.do(DeleteProject(id=house))
        undo = await last_change(owner)
        done = await at_once(
            chance,
            owner.do(undo),
            guest.do(DeleteLabel(id=heavy)),
            guest.do(CreateTask(title="Sell", project_id=house, section_id=packing)),
            guest.do(CreateSection(name="Selling", project_id=house)),
            guest.do(UpdateTask(id=above, project_id=house)),
            guest.do(UpdateTask(id=pack, parent_id=above)),
            guest.do(CreateComment(task_id=pack, body="When?")),
            owner.do(DeleteTask(id=pack)),
        )

        assert not isinstance(done[0], Refusal)
        assert await strays(owner) == []
        assert {"Move house", "Packing"} <= await living(owner)
        outcomes[any(isinstance(each, Refusal) for each in done)] += 1
        await owner.do(DeleteProject(id=house))

    assert_numbers(await rows(owner))
    assert outcomes[True], "somebody always came before the project was back"


@ROUNDS
async def test_a_create_that_is_taken_back_while_others_add_to_it_leaves_no_stray_row(
    backend: Backend, rounds: int
) -> None:
    owner, guest = await two(backend)
    chance = random.Random(rounds)

    for _ in range(rounds):
        other = await task(owner, "Call")
        pack = await task(owner, "Pack")
        undo = await last_change(owner)
        await at_once(
            chance,
            owner.do(undo),
            owner.do(undo),
            guest.do(CreateTask(title="Boxes", parent_id=pack)),
            guest.do(CreateComment(task_id=pack, body="When?")),
            guest.do(UpdateTask(id=other, parent_id=pack)),
            guest.do(UpdateTask(id=pack, title="Pack all")),
        )

        assert await strays(owner) == []
        assert not {"Pack", "Pack all", "Boxes", "When?"} & await living(owner)

    assert_numbers(await rows(owner))


@ROUNDS
async def test_of_a_label_that_comes_back_and_one_of_its_name_there_is_one(backend: Backend, rounds: int) -> None:
    owner, guest = await two(backend)
    chance, first = random.Random(rounds), Counter[str]()

    for nth in range(rounds):
        heavy = await label(owner, f"heavy {nth}")
        pack = await task(owner, f"Pack {nth}", label_ids=[heavy])
        await owner.do(DeleteLabel(id=heavy))
        undo = await last_change(owner)
        back, made = await at_once(chance, owner.do(undo), guest.do(CreateLabel(name=f"HEAVY {nth}")))

        assert isinstance(back, Refusal) != isinstance(made, Refusal)
        refused = back if isinstance(back, Refusal) else made
        assert refused.code == "label_name_taken"
        carried = (await owner.do(UpdateTask(id=pack)))["label_ids"]
        assert carried == ([] if refused is back else [str(heavy)])
        first["back" if refused is made else "made"] += 1

    assert len(first) > 1, "either came first at times"


@ROUNDS
async def test_tasks_that_go_back_into_each_others_space_cross_unharmed(backend: Backend, rounds: int) -> None:
    home = await new_person(backend)
    team = await new_team(home)
    chance = random.Random(rounds)
    there, here = Id(str(team.access.space_id)), Id(str(home.access.space_id))

    for nth in range(rounds):
        going, coming = await task(home, f"Going {nth}"), await task(team, f"Coming {nth}")
        await home.do(MoveTask(id=going, to=there))
        await team.do(MoveTask(id=coming, to=here))
        undos = [await undo_of(home, going), await undo_of(team, going), await undo_of(home, coming)]
        done = await at_once(chance, home.do(undos[0]), team.do(undos[1]), home.do(undos[2]))

        assert not isinstance(done[2], Refusal)
        assert sum(isinstance(each, Refusal) for each in done[:2]) <= 1, "the other one may find it gone"

    assert {title for title in await living(home) if title[0] in "GC"} == {f"Going {nth}" for nth in range(rounds)}
    assert await living(team) == {f"Coming {nth}" for nth in range(rounds)}
    assert [*await strays(home), *await strays(team)] == []


async def undo_of(person: Person, task_id: Id) -> Undo:
    """What takes the last change of a task back, where somebody stands."""
    async with person.backend.database.transaction(person.access.space_id) as transaction:
        seq = await transaction.connection.fetchval(
            "SELECT max(seq) FROM activity WHERE space_id = $1 AND entity_id = $2", person.access.space_id, task_id
        )
    return Undo(kind="task", id=task_id, seq=seq)
