"""Old state and changes make the new state, for every command by itself and for first loads of any size, over HTTP."""

from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from taskflow.app import Application
from taskflow.features.accounts.model import Account
from taskflow.features.imports.model import CameTask, ImportTasks
from taskflow.features.spaces.access import enter
from taskflow.foundation.backend import Backend
from taskflow.foundation.operation import REGISTRY, Args
from tests.account import Person
from tests.features.sync.house import furnish, house
from tests.features.sync.offline import Offline
from tests.furnished import FURNISHED
from tests.strategies import STRATEGIES
from tests.things import fresh_id

NUMBERED = sorted(name for name, operation in REGISTRY.items() if operation.numbered and name != "import_tasks")
quick = settings(max_examples=4, deadline=None)


@pytest.mark.parametrize("name", NUMBERED)
@quick
@given(data=some.data())
async def test_a_device_that_takes_the_changes_of_a_command_holds_what_a_full_load_and_rest_show(
    name: str, application: Application, backend: Backend, data: some.DataObject
) -> None:
    asked: list[tuple[Args, bool]] = data.draw(
        some.lists(some.tuples(STRATEGIES[name], some.booleans()), min_size=1, max_size=4)
    )
    async with house(application, backend, 3, furnished=True) as there:
        await furnish(Offline(there.people[0], {}), there.people[0].id, FURNISHED)
        writer, watching, other = there.device(0), there.device(0), there.device(1)
        for device in there.devices:
            await device.sync()

        for args, personal in asked:
            there.do(writer, name, args, personal=personal, knowing=True)

        await there.settle()
        fresh = there.device(0)
        await fresh.sync()
        assert held(fresh) == held(watching) == held(writer)
        assert there.team not in other.spaces or held(other)[there.team] == held(fresh)[there.team]  # or taken out


def held(device: Offline) -> dict[str, object]:
    """All that a device holds, of each space."""
    return {space: (there.rows, there.at) for space, there in device.spaces.items()}


async def test_an_import_of_one_transaction_comes_in_pages_whole(application: Application, backend: Backend) -> None:
    async with house(application, backend, 1, furnished=False) as there:
        device, home = there.device(0), UUID(there.people[0].id)
        await device.sync()
        person = Person(
            backend,
            msgspec.convert(there.people[0].signed_in["user"], Account),
            await enter(backend.database, home, home),
        )

        await person.answered(ImportTasks(tasks=[CameTask(id=fresh_id(), title=f"Task {n}") for n in range(1_200)]))
        first = await device.ask()
        device.hear(first)
        renaming = device.do("update_task", {"id": first_task(device), "title": "Meanwhile"})

        assert first.answer["spaces"][str(home)]["more"]
        await there.settle()
        assert there.answered[renaming]["ok"]
        assert sum(kind == "tasks" for kind, _ in device.spaces[str(home)].rows) == 1_200


def first_task(device: Offline) -> str:
    """A task that the device holds of the personal space."""
    return next(key for kind, key in device.spaces[device.client.id].rows if kind == "tasks")
