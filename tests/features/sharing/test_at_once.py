"""Many who move, share, change and delete at once: all that was made is in one space, whole, and once."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import pytest

from taskflow.features.comments.model import CreateComment
from taskflow.features.projects.model import CreateSection
from taskflow.features.sharing.errors import IdTaken
from taskflow.features.sharing.model import MoveTask, ShareProject
from taskflow.features.spaces.errors import SpaceBusy, SpaceNotFound
from taskflow.features.spaces.model import RemoveMember, Role
from taskflow.features.tasks.model import CreateTask, DeleteTask, UpdateTask
from taskflow.features.trash.model import DeleteProject
from taskflow.features.undo.model import Undo
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args
from taskflow.foundation.refusal import Refusal
from tests.account import Person, new_person
from tests.features.sharing.rooms import Room, furnished, live, rows, space_of
from tests.features.sharing.whole import CARRIED, assert_told, assert_whole, devices_of
from tests.features.spaces.team import join, new_team, standing
from tests.things import fresh_id

pytestmark = pytest.mark.slow

ROUNDS = [30, pytest.param(1_000, marks=pytest.mark.long)]
ROUNDS_A_WORLD, TASKS_LEAST = 10, 6


async def tried(person: Person, args: Args) -> Any:
    """Do it, or be refused; that others are too busy is no refusal but a deadlock."""
    try:
        return await person.do(args)
    except SpaceBusy:
        raise
    except Refusal as refusal:
        return refusal


def done(answers: Sequence[Any]) -> list[Any]:
    """What was not refused."""
    return [answer for answer in answers if not isinstance(answer, Refusal)]


async def ids_in(*spaces: Person) -> set[tuple[str, str]]:
    """All that lives in some spaces, by kind and id."""
    found = [await rows(person) for person in spaces]
    return {(kind, key) for each in found for kind in CARRIED for key in live(each, kind)}


class World:
    """Two people who may both edit the same two teams, and what was made there."""

    def __init__(self, ada: list[Person], eve: list[Person]) -> None:
        self.ada, self.eve = ada, eve
        self.rooms: list[Room] = []
        self.moves: list[tuple[Person, Undo]] = []
        self.made: Counter[tuple[str, str]] = Counter()

    @classmethod
    async def new(cls, backend: Backend) -> "World":
        ada, eve = await new_person(backend, "Ada"), await new_person(backend, "Eve")
        teams = [await new_team(ada), await new_team(ada)]
        world = cls(teams, [await join(team, eve, Role.EDITOR) for team in teams])
        await world.furnish()
        return world

    async def furnish(self) -> None:
        """Something of everything in each of the spaces."""
        for person in self.ada[:2]:
            self.rooms.append(await furnished(person, f"Work {len(self.rooms) // 2}"))
        self.made.update(await ids_in(*self.ada[:2]) - self.made.keys())

    async def tasks(self) -> list[dict[str, Any]]:
        """The tasks that live now, a few at least."""
        found = [row for person in self.spaces for row in live(await rows(person), "tasks").values()]
        if len(found) >= TASKS_LEAST:
            return found
        await self.furnish()
        return await self.tasks()

    def anybody(self, chance: random.Random, space_id: str = "") -> Person:
        """One of the two in one of the spaces, or in this one."""
        return chance.choice([each for each in self.ada + self.eve if space_id in {"", str(each.access.space_id)}])

    async def anything(self, chance: random.Random, live_now: list[dict[str, Any]]) -> None:
        """One of the two does something with a task that lived a moment ago, or with the project that it was in."""
        row = chance.choice(live_now)
        person, to = self.anybody(chance, row["space_id"]), space_of(self.anybody(chance))
        task, room, new = Id(row["id"]), chance.choice(self.rooms), fresh_id()
        project = Id(row["project_id"]) if row["project_id"] else room.project
        acts: list[tuple[int, Args, str]] = [
            (8, MoveTask(id=task, to=to), ""),
            (4, MoveTask(id=task, to=to, project_id=room.project, section_id=room.section), ""),
            (3, UpdateTask(id=task, title=f"{new}"), ""),
            (2, UpdateTask(id=task, parent_id=None, project_id=room.project, section_id=None), ""),
            (3, CreateComment(id=new, task_id=task, body="Now?"), "comments"),
            (2, CreateTask(id=new, title="More", parent_id=task), "tasks"),
            (2, CreateTask(id=new, title="More", project_id=project), "tasks"),
            (1, CreateSection(id=new, project_id=project, name="Hall"), "sections"),
            (1, DeleteTask(id=task), ""),
            (1, DeleteProject(id=project), ""),
            (2, ShareProject(id=project), ""),
            *((4, move, "") for _, move in self.moves[-1:]),
        ]
        _, args, kind = chance.choices(acts, [weight for weight, _, _ in acts])[0]
        if isinstance(args, Undo):
            person, _ = self.moves.pop()
        answer = await tried(person, args)
        if isinstance(answer, Refusal):
            return
        if kind:
            self.made[kind, str(new)] += 1
        own = self.ada if person in self.ada else self.eve
        if isinstance(args, ShareProject):
            own.append(await standing(person, UUID(answer["space_id"])))
        elif isinstance(args, MoveTask):
            arrived = await standing(person, args.to)
            self.moves.append((arrived, Undo(kind="task", id=args.id, seq=answer["seq"])))

    @property
    def spaces(self) -> list[Person]:
        """Each space once."""
        return [*{person.access.space_id: person for person in self.ada + self.eve}.values()]


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_whatever_meets_all_that_was_made_is_in_one_space_whole_and_once(backend: Backend, rounds: int) -> None:
    for nth in range(rounds):
        chance = random.Random(nth)
        if nth % ROUNDS_A_WORLD == 0:
            world = await World.new(backend)
        tasks = await world.tasks()
        devices = devices_of(backend, world.spaces)

        await asyncio.gather(*(world.anything(chance, tasks) for _ in range(6)))

        await assert_whole(world.spaces, world.made)
        await assert_told(devices)


Meeting = Callable[[World], Awaitable[None]]


async def two_take_the_same_task_elsewhere(world: World) -> None:
    """To one space or to two: one of them is too late."""
    (ada, _), (eve, there), room = world.ada, world.eve, world.rooms[0]
    third = await new_team(await standing(ada, ada.id))
    acts = [(ada, MoveTask(id=room.task, to=space_of(to))) for to in (there, third)] + [
        (eve, MoveTask(id=room.task, to=space_of(there)))
    ]

    answers = await asyncio.gather(*(tried(*act) for act in acts))

    assert len(done(answers)) == 1
    world.ada.append(third)


async def two_tasks_cross(world: World) -> None:
    """Each goes to where the other comes from."""
    (ada, _), (_, eve), (mine, theirs) = world.ada, world.eve, world.rooms[:2]
    assert len(world.spaces) == 2

    answers = await asyncio.gather(
        tried(ada, MoveTask(id=mine.task, to=space_of(eve))), tried(eve, MoveTask(id=theirs.task, to=space_of(ada)))
    )

    assert len(done(answers)) == 2
    assert str(mine.task) in live(await rows(eve), "tasks")
    assert str(theirs.task) in live(await rows(ada), "tasks")


async def a_task_goes_there_and_back(world: World) -> None:
    """Whoever is later finds it where the other took it, or not yet."""
    (ada, _), (_, eve), room = world.ada, world.eve, world.rooms[0]

    there, back = await asyncio.gather(
        tried(ada, MoveTask(id=room.task, to=space_of(eve))), tried(eve, MoveTask(id=room.task, to=space_of(ada)))
    )

    assert not isinstance(there, Refusal)
    home = ada if not isinstance(back, Refusal) else eve
    assert str(room.task) in live(await rows(home), "tasks")


async def something_with_the_same_id_is_made_where_a_task_goes(world: World) -> None:
    """Either of them has it there, not both."""
    (ada, there), room = world.ada, world.rooms[0]

    moved, made = await asyncio.gather(
        tried(ada, MoveTask(id=room.task, to=space_of(there))), tried(there, CreateTask(id=room.task, title="Mine"))
    )

    assert isinstance(moved, IdTaken) != isinstance(made, Refusal)
    if isinstance(moved, IdTaken):
        world.made["tasks", str(room.task)] += 1  # one in each space
        assert live(await rows(there), "tasks")[str(room.task)]["title"] == "Mine"
        assert live(await rows(ada), "tasks")[str(room.task)]["title"] == "Paint the wall"


async def a_task_moves_while_others_work_on_it(world: World) -> None:
    """What they did went along, or they were too late."""
    (ada, there), (eve, _), room = world.ada, world.eve, world.rooms[0]
    comment, below = fresh_id(), fresh_id()

    moved, titled, said, added = await asyncio.gather(
        tried(ada, MoveTask(id=room.task, to=space_of(there))),
        tried(eve, UpdateTask(id=room.task, title="Changed")),
        tried(eve, CreateComment(id=comment, task_id=room.below, body="Wait")),
        tried(eve, CreateTask(id=below, title="Before", parent_id=room.deepest)),
    )

    found = await rows(there)
    assert not isinstance(moved, Refusal)
    changed = live(found, "tasks")[str(room.task)]["title"] == "Changed"
    assert changed != isinstance(titled, Refusal)
    assert (str(comment) in live(found, "comments")) != isinstance(said, Refusal)
    assert (str(below) in live(found, "tasks")) != isinstance(added, Refusal)
    world.made["comments", str(comment)] += not isinstance(said, Refusal)
    world.made["tasks", str(below)] += not isinstance(added, Refusal)


async def a_task_moves_while_its_project_is_deleted(world: World) -> None:
    """It is deleted with it, or has gone before."""
    (ada, there), (eve, _), room = world.ada, world.eve, world.rooms[0]

    moved, deleted = await asyncio.gather(
        tried(ada, MoveTask(id=room.task, to=space_of(there))), tried(eve, DeleteProject(id=room.project))
    )

    assert not isinstance(deleted, Refusal)
    assert (str(room.task) in live(await rows(there), "tasks")) != isinstance(moved, Refusal)
    assert not {str(room.task), str(room.deepest)} & live(await rows(ada), "tasks").keys()


async def a_project_is_shared_while_others_add_to_it(world: World) -> None:
    """What came before is shared with it; what comes after finds no project."""
    (ada, _), (eve, _), room = world.ada, world.eve, world.rooms[0]
    new = [fresh_id() for _ in range(4)]

    shared, *added = await asyncio.gather(
        tried(ada, ShareProject(id=room.project)),
        tried(eve, CreateTask(id=new[0], title="More", project_id=room.project)),
        tried(eve, CreateTask(id=new[1], title="Below", parent_id=room.deepest)),
        tried(eve, CreateSection(id=new[2], project_id=room.project, name="Hall")),
        tried(eve, CreateComment(id=new[3], task_id=room.task, body="Mine too?")),
    )

    team = await standing(ada, UUID(shared["space_id"]))
    world.ada.append(team)
    kinds = ("tasks", "tasks", "sections", "comments")
    came = {(kind, str(key)) for kind, key, answer in zip(kinds, new, added, strict=True) if answer in done(added)}
    world.made.update(came)
    assert came <= await ids_in(team)


async def two_share_the_same_project(world: World) -> None:
    """One of them has it."""
    (ada, _), (eve, _), room = world.ada, world.eve, world.rooms[0]

    answers = await asyncio.gather(*(tried(person, ShareProject(id=room.project)) for person in (ada, eve, ada)))

    assert len(done(answers)) == 1
    sharer = (ada, eve, ada)[[isinstance(answer, Refusal) for answer in answers].index(False)]
    world.ada.append(await standing(sharer, UUID(done(answers)[0]["space_id"])))


async def a_project_is_shared_while_it_is_deleted_and_its_tasks_move(world: World) -> None:
    """It is shared or deleted, and each task is with it, or where it went before."""
    (ada, there), (eve, _), room = world.ada, world.eve, world.rooms[0]

    shared, deleted, _ = await asyncio.gather(
        tried(ada, ShareProject(id=room.project)),
        tried(eve, DeleteProject(id=room.project)),
        tried(eve, MoveTask(id=room.below, to=space_of(there))),
    )

    assert isinstance(shared, Refusal) != isinstance(deleted, Refusal)
    if not isinstance(shared, Refusal):
        world.ada.append(await standing(ada, UUID(shared["space_id"])))


async def a_member_is_removed_while_they_move(world: World) -> None:
    """From the space that they move out of, or into: they moved it before, or not at all."""
    (ada, there), (eve, _), (room, _) = world.ada, world.eve, world.rooms[:2]
    leaving = random.choice((ada, there))

    moved, removed, late = await asyncio.gather(
        tried(eve, MoveTask(id=room.task, to=space_of(there))),
        tried(leaving, RemoveMember(id=Id(str(eve.id)))),
        tried(eve, MoveTask(id=room.task, to=space_of(there))),
    )

    assert removed is None
    assert len(done([moved, late])) <= 1
    with pytest.raises(Refusal) as refused:
        await eve.do(MoveTask(id=room.below, to=space_of(there)))
    assert isinstance(refused.value, SpaceNotFound) or leaving is there or not isinstance(moved, Refusal)


MEETINGS: list[Meeting] = [
    two_take_the_same_task_elsewhere,
    two_tasks_cross,
    a_task_goes_there_and_back,
    something_with_the_same_id_is_made_where_a_task_goes,
    a_task_moves_while_others_work_on_it,
    a_task_moves_while_its_project_is_deleted,
    a_project_is_shared_while_others_add_to_it,
    two_share_the_same_project,
    a_project_is_shared_while_it_is_deleted_and_its_tasks_move,
    a_member_is_removed_while_they_move,
]


@pytest.mark.parametrize("rounds", [3, pytest.param(1_000, marks=pytest.mark.long)])
@pytest.mark.parametrize("meet", MEETINGS, ids=lambda meet: meet.__name__)
async def test_where_two_meet(backend: Backend, meet: Meeting, rounds: int) -> None:
    for _ in range(rounds):
        world = await World.new(backend)
        devices = devices_of(backend, world.spaces)

        await meet(world)

        await assert_whole(world.spaces, world.made)
        await assert_told(devices)
