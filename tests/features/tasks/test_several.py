"""Lists over several spaces: what they say of each, and what of one's own is never taken for them."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from httpx import Response

from taskflow.features.spaces.model import MOST_SPACES, Role
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import new_id
from tests.account import new_person
from tests.client import Client
from tests.features.spaces.team import join, new_team, remove
from tests.features.tasks.desk import TASKS, person_of


@pytest.fixture
async def teams(ada: Client, backend: Backend) -> list[str]:
    """Ada's own space, and those of two teams of hers."""
    person = await person_of(ada, backend)
    return [ada.id, *[str((await new_team(person)).access.space_id) for _ in range(2)]]


async def make(client: Client, space: str, title: str, **fields: Any) -> dict[str, Any]:
    answer = await client.post(TASKS, {"title": title, **fields}, params={"space": space})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def listed(client: Client, space: str, **params: str) -> Response:
    answer = await client.get(TASKS, params={"space": space, "sort": "created", **params})
    assert answer.status_code == 200, answer.text
    return answer


def titles(answer: Response) -> list[str]:
    return [task["title"] for task in answer.json()["items"]]


def told(answer: Response) -> dict[str, int]:
    """The numbers that an answer carries."""
    pairs = (pair.split("=") for pair in answer.headers["taskflow-seq"].split(", "))
    return {space: int(number) for space, number in pairs}


async def test_a_list_over_all_has_the_tasks_of_all_and_names_each_space_with_its_number(
    ada: Client, teams: list[str]
) -> None:
    made = [await make(ada, space, f"task {nth}") for nth, space in enumerate(teams)]

    everything, two = await listed(ada, "all"), await listed(ada, f"{teams[2]},{teams[1]}")

    assert titles(everything) == ["task 0", "task 1", "task 2"]
    assert told(everything) == {task["space_id"]: task["seq"] for task in made}
    assert titles(two) == ["task 1", "task 2"]
    assert told(two) == {task["space_id"]: task["seq"] for task in made[1:]}


@pytest.mark.parametrize("over", ["all", "{0},{1}", "{1},{2}", "{0},{0}"])
async def test_a_list_over_several_is_neither_answered_nor_kept_as_one_of_ones_own(
    ada: Client, teams: list[str], over: str
) -> None:
    await make(ada, ada.id, "mine")
    for _ in range(2):
        assert titles(await listed(ada, ada.id)) == ["mine"]
    space = over.format(*teams)
    before = titles(await listed(ada, space))

    await make(ada, teams[1], "ours")
    after = titles(await listed(ada, space))

    assert after == (before if over == "{0},{0}" else [*before, "ours"])
    assert titles(await listed(ada, ada.id)) == ["mine"]


async def test_a_list_over_several_that_has_not_changed_is_not_sent_again(ada: Client, teams: list[str]) -> None:
    for space in teams:
        await make(ada, space, "Pay rent")
    for over in ("all", f"{teams[1]},{teams[2]}"):
        first = await listed(ada, over, limit="2")
        held = {"if-none-match": first.headers["etag"]}

        same = await ada.get(TASKS, params={"space": over, "sort": "created", "limit": "2"}, headers=held)
        other = await ada.get(TASKS, params={"space": over, "sort": "created", "limit": "3"}, headers=held)
        await make(ada, teams[2], "Call the dentist")
        anew = await ada.get(TASKS, params={"space": over, "sort": "created", "limit": "2"}, headers=held)

        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
        assert told(same) == told(first)
        assert [other.status_code, anew.status_code] == [200, 200]
        assert len({answer.headers["etag"] for answer in (first, other, anew)}) == 3


async def test_one_foreign_space_among_several_is_answered_as_one_that_never_was(
    ada: Client, client: Client, teams: list[str], backend: Backend
) -> None:
    eve = await client.registered()
    former = await new_person(backend)
    theirs = await new_team(await person_of(eve, backend))
    await remove(theirs, await join(theirs, await person_of(ada, backend), Role.EDITOR))
    strange = (eve.id, str(theirs.access.space_id), str(former.id), str(new_id()))

    answers = [await ada.get(TASKS, params={"space": f"{teams[1]},{space}"}) for space in strange]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "space_not_found")}
    assert len({(answer.json()["detail"], *sorted(answer.headers)) for answer in answers}) == 1
    assert not any("taskflow-seq" in answer.headers for answer in answers)


@pytest.mark.parametrize("space", ["all,all", "all,{0}", "{0},", ",", ",{0}", "{0},x", "{0} ,{1}", "ALL", "{0},\n{1}"])
async def test_what_names_no_spaces_is_refused(ada: Client, teams: list[str], space: str) -> None:
    answer = await ada.get(TASKS, params={"space": space.format(*teams)})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/space")


async def test_a_list_may_name_as_many_spaces_as_one_can_be_in(ada: Client) -> None:
    answers = [await ada.get(TASKS, params={"space": ",".join([ada.id] * n)}) for n in (MOST_SPACES, MOST_SPACES + 1)]

    assert [answer.status_code for answer in answers] == [200, 422]


@pytest.mark.parametrize("space", ["all", "{0},{1}"])
async def test_nothing_but_a_list_is_about_several_spaces(ada: Client, teams: list[str], space: str) -> None:
    task = await make(ada, ada.id, "mine")
    params = {"space": space.format(*teams)}

    answers = [
        await ada.post(TASKS, {"title": "x"}, params=params),
        await ada.get(f"{TASKS}/{task['id']}", params=params),
        await ada.patch(f"{TASKS}/{task['id']}", {"title": "x"}, params=params),
        await ada.delete(f"{TASKS}/{task['id']}", params=params),
    ]

    assert {answer.status_code for answer in answers} == {422}
    assert titles(await listed(ada, "all")) == ["mine"]


async def test_a_number_of_any_space_that_has_not_arrived_is_waited_for(ada: Client, teams: list[str]) -> None:
    task = await make(ada, teams[1], "First")
    future = {"taskflow-seq": f"{teams[1]}={task['seq'] + 1}, {new_id()}=9"}
    past = {"taskflow-seq": f"{teams[1]}={task['seq']}, {teams[2]}=1"}

    none = await ada.get(TASKS, params={"space": "all"}, headers=future)
    there = await ada.get(TASKS, params={"space": "all"}, headers=past)
    read, _ = await asyncio.gather(
        ada.get(TASKS, params={"space": "all", "sort": "created"}, headers=future), make(ada, teams[1], "Second")
    )

    assert (none.status_code, none.json()["code"], none.headers["retry-after"]) == (503, "not_there_yet", "1")
    assert [there.status_code, titles(read)] == [200, ["First", "Second"]]


async def test_who_comes_and_goes_between_two_pages_goes_on_in_the_spaces_of_then(
    ada: Client, backend: Backend, teams: list[str]
) -> None:
    person, owner = await person_of(ada, backend), await new_team(await new_person(backend))
    left = await join(owner, person, Role.EDITOR)
    for nth, space in enumerate((teams[1], str(left.access.space_id), ada.id, str(left.access.space_id))):
        await make(ada, space, f"task {nth}")
    named = f"{ada.id},{left.access.space_id}"
    cursors = [(await listed(ada, over, limit="1")).json()["next_cursor"] for over in ("all", named)]

    await remove(owner, left)
    joined = await new_team(person)
    await make(ada, str(joined.access.space_id), "task 4")

    assert titles(await listed(ada, "all", cursor=cursors[0])) == ["task 2", "task 4"]
    gone = await ada.get(TASKS, params={"space": named, "sort": "created", "cursor": cursors[1]})
    assert gone.status_code == 404


async def test_a_cursor_is_good_for_its_spaces_in_any_order_and_for_nobody_elses_all(
    ada: Client, client: Client, teams: list[str]
) -> None:
    eve = await client.registered()
    for who, space in ((ada, teams[0]), (ada, teams[1]), (eve, eve.id), (eve, eve.id)):
        await make(who, space, "x")
    cursors = {
        over: (await listed(ada, over, limit="1")).json()["next_cursor"]
        for over in ("all", f"{teams[0]},{teams[1]}", ada.id)
        if over != ada.id
    }

    async def status(who: Client, over: str, of: str, **params: str) -> int:
        asked = {"space": over, "sort": "created", "cursor": cursors[of], **params}
        return (await who.get(TASKS, params=asked)).status_code

    assert await status(ada, f"{teams[1]},{teams[0]}", f"{teams[0]},{teams[1]}") == 200
    assert await status(ada, f"{teams[1]},{teams[0]},{teams[0]}", f"{teams[0]},{teams[1]}") == 200
    assert await status(ada, "all", "all", limit="7") == 200
    for over in (ada.id, ",".join(teams), f"{teams[0]},{teams[1]}", f"{teams[1]},{teams[2]}"):
        assert await status(ada, over, "all") == 400
    assert await status(eve, "all", "all") == 400
    assert await status(ada, "all", "all", q="x") == 400


async def test_what_is_assigned_to_me_is_found_in_all_spaces_by_whoever_asks(
    ada: Client, backend: Backend, client: Client
) -> None:
    bob = await client.registered()
    team = await new_team(await person_of(ada, backend))
    space = str(team.access.space_id)
    await join(team, await person_of(bob, backend), Role.EDITOR)
    await make(ada, space, "Ada's", assignee_id=ada.id)
    await make(ada, space, "Bob's", assignee_id=bob.id)
    await make(ada, space, "anybody's")
    await make(ada, ada.id, "Ada's own", assignee_id=ada.id)

    assert titles(await listed(ada, "all", assignee="me")) == ["Ada's", "Ada's own"]
    assert titles(await listed(ada, "all", assignee=bob.id)) == ["Bob's"]
    assert titles(await listed(bob, "all", assignee="me")) == ["Bob's"]
    assert titles(await listed(ada, space, assignee="none")) == ["anybody's"]
    tags = [(await listed(who, f"{space},{space}", assignee="me")).headers["etag"] for who in (ada, bob)]
    assert tags[0] != tags[1]


@pytest.mark.parametrize("limit", [1, 7, 20, 50, 200])
async def test_a_page_that_one_of_many_spaces_fills_is_filled_by_it(ada: Client, backend: Backend, limit: int) -> None:
    person = await person_of(ada, backend)
    spaces = [ada.id, *[str((await new_team(person)).access.space_id) for _ in range(5)]]
    made = [await make(ada, space, f"old {space}") for space in spaces]
    made += [await make(ada, spaces[3], f"new {nth}") for nth in range(60)]

    seen: list[str] = []
    params = {"space": "all", "sort": "-created", "limit": str(limit)}
    while True:
        page = (await ada.get(TASKS, params=params)).json()
        seen += [task["title"] for task in page["items"]]
        if page["next_cursor"] is None:
            break
        assert len(page["items"]) == limit
        params["cursor"] = page["next_cursor"]

    assert seen == [task["title"] for task in reversed(made)]


async def test_many_lists_at_once_leave_connections_for_everybody_else(ada: Client, backend: Backend) -> None:
    person = await person_of(ada, backend)
    spaces = [ada.id, *[str((await new_team(person)).access.space_id) for _ in range(20)]]
    spare = backend.database.spare

    answers = asyncio.gather(*(ada.get(TASKS, params={"space": "all", "limit": str(1 + n)}) for n in range(30)))
    await asyncio.sleep(0)
    lent = []
    while not answers.done():
        lent.append(spare - backend.database.spare)
        await asyncio.sleep(0)

    assert [answer.status_code for answer in await answers] == [200] * 30
    assert 0 < max(lent) <= spare == backend.database.pool.get_max_size() // 2
    assert backend.database.spare == spare
    assert told((await answers)[0]).keys() == {*spaces}


async def test_when_one_space_can_not_be_read_the_list_is_refused_and_every_connection_comes_back(
    ada: Client, backend: Backend, teams: list[str]
) -> None:
    spare = backend.database.spare
    async with backend.database.transaction(UUID(teams[2])) as transaction:
        await transaction.connection.execute("DELETE FROM memberships")
        await transaction.connection.execute("DELETE FROM spaces")

    answers = [await ada.get(TASKS, params={"space": "all"}) for _ in range(30)]

    assert {answer.status_code for answer in answers} == {404}
    assert backend.database.spare == spare
