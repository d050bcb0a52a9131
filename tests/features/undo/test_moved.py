"""A move between two spaces taken back, whichever of the two is asked, and by who may write in both."""

import pytest

from taskflow.features.sharing.model import MoveTask
from taskflow.features.spaces.errors import RoleTooLow, SpaceNotFound
from taskflow.features.spaces.model import ChangeRole, Role
from taskflow.features.tasks.errors import TaskNotFound
from taskflow.features.tasks.model import DeleteTask, UpdateTask
from taskflow.features.undo.errors import ChangeNotFound
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from tests.account import Person, new_person
from tests.client import Client
from tests.features.spaces.team import join, new_team, remove
from tests.features.trash.house import branch, living, said_of, strays
from tests.features.undo.changing import last_change, last_undone, undone


async def moved(person: Person, team: Person) -> Id:
    """A task of a person's, with all below it, that went to a team."""
    packing, *_ = await branch(person, "Pack")
    await person.do(MoveTask(id=packing, to=Id(str(team.access.space_id))))
    return packing


@pytest.mark.parametrize("asked", ["where it was", "where it went"])
async def test_a_move_is_taken_back_by_either_space(person: Person, asked: str) -> None:
    team = await new_team(person)
    packing = await moved(person, team)
    who = person if asked == "where it was" else team

    answer = await last_undone(who)

    assert (answer["kept"], answer["thing"]["space_id"]) == ([], str(person.id))
    assert (await living(person), await living(team)) == (said_of("Pack"), set())
    again = await undone(who, {"id": packing, "seq": answer["seq"]})
    assert (again["kept"], again["thing"]["space_id"]) == ([], str(team.access.space_id))
    assert (await living(person), await living(team)) == (set(), said_of("Pack"))
    assert await strays(team) == []


async def test_what_was_changed_in_the_other_space_comes_along(person: Person) -> None:
    team = await new_team(person)
    packing = await moved(person, team)
    undo = await last_change(person)
    await team.do(UpdateTask(id=packing, title="Pack all"))

    answer = await person.do(undo)

    assert answer["thing"]["title"] == "Pack all"
    assert (await living(person), await living(team)) == (said_of("Pack") - {"Pack"} | {"Pack all"}, set())


async def test_what_is_deleted_in_the_other_space_does_not_come_back(person: Person) -> None:
    team = await new_team(person)
    packing = await moved(person, team)
    undos = [(person, await last_change(person)), (team, await last_change(team))]
    await team.do(DeleteTask(id=packing))

    for who, undo in undos:
        with pytest.raises(TaskNotFound):
            await who.do(undo)


async def test_what_went_on_since_does_not_come_back(person: Person) -> None:
    team, other = await new_team(person), await new_team(person)
    packing = await moved(person, team)
    undo = await last_change(person)
    await team.do(MoveTask(id=packing, to=Id(str(other.access.space_id))))

    with pytest.raises(TaskNotFound):
        await person.do(undo)

    assert await living(other) == said_of("Pack")


async def test_a_move_is_taken_back_by_who_made_it_alone(backend: Backend, person: Person) -> None:
    owner = await new_team(person)
    guest = await join(owner, await new_person(backend), Role.EDITOR)
    await moved(person, owner)

    with pytest.raises(ChangeNotFound):
        await guest.do(await last_change(guest))


@pytest.mark.parametrize(("role", "refusal"), [("viewer", RoleTooLow), (None, SpaceNotFound)])
@pytest.mark.parametrize("asked", ["where it was", "where it went"])
async def test_who_may_not_write_in_both_spaces_any_more_takes_no_move_back(
    backend: Backend, person: Person, role: str | None, refusal: type[Exception], asked: str
) -> None:
    owner, friend = await new_team(person), await new_person(backend)
    guest = await join(owner, friend, Role.EDITOR)
    await moved(friend, guest)
    undos = {"where it was": (friend, await last_change(friend)), "where it went": (guest, await last_change(guest))}
    who, undo = undos[asked]
    if role:
        await owner.do(ChangeRole(id=Id(str(friend.id)), role=role))  # type: ignore[arg-type] # one of the names
    else:
        await remove(owner, guest)

    with pytest.raises(refusal):
        await who.do(undo)

    assert (await living(friend), await living(owner)) == (set(), said_of("Pack"))


async def test_over_http_both_spaces_say_their_number(ada: Client) -> None:
    team = (await ada.post("/api/v1/spaces", {"name": "Home"})).json()["id"]
    made = await ada.task("Pay rent")
    move = await ada.post(f"/api/v1/tasks/{made['id']}/move", {"to": team})
    numbers = dict(each.strip().split("=") for each in move.headers["taskflow-seq"].split(","))

    answer = await ada.post("/api/v1/undo", {"kind": "task", "id": made["id"], "seq": int(numbers[ada.id])})

    assert answer.status_code == 200, answer.text
    assert answer.headers["taskflow-seq"].count("=") == 2
    assert answer.json()["thing"] == (await ada.get(f"/api/v1/tasks/{made['id']}")).json()
