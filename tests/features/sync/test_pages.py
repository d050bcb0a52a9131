"""Cursors and pages over HTTP: a load of any size ends, and a cursor that is good no longer begins anew."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from taskflow.features.accounts.model import Account
from taskflow.features.imports.model import CameTask, ImportTasks
from taskflow.features.spaces.access import enter
from taskflow.features.spaces.model import EPOCH_BITS
from taskflow.features.sync.cursor import GOOD_FOR, MILLISECOND, Place, moment, seal, unseal
from taskflow.foundation.backend import Backend
from tests.account import Person
from tests.client import Client
from tests.things import fresh_id

Spaces = dict[str, Any]
BEGINNING = 1 << EPOCH_BITS  # below all numbers of the first epoch


@pytest.fixture
async def ada(client: Client) -> Client:
    """Somebody new."""
    return await client.registered()


async def asked(who: Client, cursors: dict[str, str] | None = None) -> Spaces:
    """What one call without commands answers of the spaces."""
    answer = await who.post("/api/v1/sync", {"cursors": cursors or {}, "commands": []})
    assert answer.status_code == 200, answer.text
    spaces: Spaces = answer.json()["spaces"]
    return spaces


async def loaded(who: Client, cursors: dict[str, str]) -> tuple[dict[str, set[str]], int]:
    """The ids of all tasks of each space, page by page, and how many calls it took; `cursors` go along."""
    tasks: dict[str, set[str]] = {}
    for calls in range(1, 500):
        spaces = await asked(who, cursors)
        for space, page in spaces.items():
            if page["resync"]:
                tasks[space] = set()
            tasks.setdefault(space, set()).update(task["id"] for task in page.get("tasks", []))
        cursors |= {space: page["cursor"] for space, page in spaces.items()}
        if not any(page["more"] for page in spaces.values()):
            return tasks, calls
    raise AssertionError("there is more for ever")


async def bring_in(backend: Backend, who: Client, count: int) -> None:
    """So many tasks come into the personal space in one transaction."""
    home = UUID(who.id)
    account = msgspec.convert(who.signed_in["user"], Account)
    person = Person(backend, account, await enter(backend.database, home, home))
    await person.answered(ImportTasks(tasks=[CameTask(id=fresh_id(), title=f"Task {n}") for n in range(count)]))


async def team(who: Client, tasks: int) -> str:
    """A team's space with some tasks."""
    made = await who.post("/api/v1/spaces", {"name": "Team"})
    space: str = made.json()["id"]
    for start in range(0, tasks, 100):
        commands = [
            {"id": str(uuid4()), "type": "create_task", "args": {"title": f"Task {n}", "space_id": space}}
            for n in range(start, min(tasks, start + 100))
        ]
        answer = await who.post("/api/v1/sync", {"commands": commands})
        assert all(result["ok"] for result in answer.json()["results"]), answer.text
    return space


async def test_a_first_load_of_ten_thousand_tasks_of_one_transaction_comes_in_pages_whole(
    ada: Client, backend: Backend
) -> None:
    await bring_in(backend, ada, 10_000)

    tasks, calls = await loaded(ada, {})

    assert len(tasks[ada.id]) == 10_000
    assert calls == 21  # of 500 rows: the account's own two come first


async def test_a_first_load_over_rows_older_than_tombstones_ends(ada: Client, backend: Backend) -> None:
    await bring_in(backend, ada, 1_200)
    async with backend.database.transaction(UUID(ada.id)) as transaction:
        await transaction.connection.execute("UPDATE tasks SET updated_at = now() - interval '2 years'")

    tasks, _ = await loaded(ada, {})

    assert len(tasks[ada.id]) == 1_200


async def test_a_cursor_older_than_tombstones_begins_anew_and_a_younger_one_goes_on(
    ada: Client, backend: Backend
) -> None:
    made = await ada.task()
    home = UUID(ada.id)

    def held(age: timedelta) -> dict[str, str]:
        return {ada.id: seal(backend.keyring, home, Place(made["seq"], moment() - age // MILLISECOND))}

    old = (await asked(ada, held(GOOD_FOR + timedelta(minutes=1))))[ada.id]
    young = (await asked(ada, held(GOOD_FOR - timedelta(minutes=1))))[ada.id]

    assert old["resync"]
    assert [task["id"] for task in old["tasks"]] == [made["id"]]
    assert not young["resync"]
    assert "tasks" not in young


async def test_a_cursor_keeps_its_time_while_there_is_more(ada: Client, backend: Backend) -> None:
    await bring_in(backend, ada, 600)
    home, before = UUID(ada.id), moment() - timedelta(days=3) // MILLISECOND

    cursor = seal(backend.keyring, home, Place(BEGINNING, before))
    first = (await asked(ada, {ada.id: cursor}))[ada.id]
    last = (await asked(ada, {ada.id: first["cursor"]}))[ada.id]

    places = [unseal(backend.keyring, home, page["cursor"]) for page in (first, last)]
    assert [first["more"], last["more"]] == [True, False]
    assert places[0] is not None
    assert places[0].since == before
    assert places[1] is not None
    assert places[1].since > before


async def test_a_cursor_of_a_future_that_was_lost_begins_anew(ada: Client, backend: Backend) -> None:
    made = await ada.task()
    lost = {ada.id: seal(backend.keyring, UUID(ada.id), Place(made["seq"] + 5, moment()))}

    page = (await asked(ada, lost))[ada.id]

    assert page["resync"]
    assert page["seq"] == made["seq"]


async def test_many_full_spaces_come_one_after_the_other_and_whole(ada: Client) -> None:
    teams = [await team(ada, 300) for _ in range(3)]
    first = await asked(ada)

    tasks, _ = await loaded(ada, {space: page["cursor"] for space, page in first.items()})

    rows = sum(len(page.get("tasks", [])) for page in first.values())
    assert rows <= 500
    assert any(page["more"] for page in first.values())
    held = {space: {task["id"] for task in first[space].get("tasks", [])} | tasks[space] for space in teams}
    assert [len(held[space]) for space in teams] == [300, 300, 300]


async def test_a_space_that_was_left_is_gone_and_a_new_one_comes_by_itself(ada: Client) -> None:
    held = {space: page["cursor"] for space, page in (await asked(ada)).items()}

    space = await team(ada, 1)
    after = await asked(ada, held | {str(uuid4()): "not a cursor"})

    assert len(after[space]["tasks"]) == 1
    assert [page for page in after.values() if page == {"gone": True}] == [{"gone": True}]


async def test_who_holds_everything_is_told_of_nothing(ada: Client) -> None:
    await ada.task()
    cursors: dict[str, str] = {}
    await loaded(ada, cursors)

    page = (await asked(ada, cursors))[ada.id]

    assert page.keys() == {"cursor", "seq", "more", "resync"}
    assert (await ada.post("/api/v1/sync", {"cursors": cursors})).headers["taskflow-seq"] == f"{ada.id}={page['seq']}"
