"""Lists of tasks: page by page against plain Python while others write, and what a cursor is good for."""

from itertools import chain, repeat
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import new_id
from tests.client import Client
from tests.features.tasks.desk import TASKS, Desk, acts, new_desk
from tests.features.tasks.modelled import LABELS, PROJECTS, Asked, Held, Wanted, lists, wanted_tasks

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
full = settings(quick, max_examples=1000)
histories = given(
    teams=some.integers(0, 3),
    first=some.lists(wanted_tasks(), max_size=12),
    asked=lists,
    pages=some.lists(some.tuples(some.integers(1, 7), some.lists(acts, max_size=2)), max_size=8),
)
Pages = list[tuple[int, list[Any]]]


async def follow(desk: Desk, first: list[Wanted], asked: Asked, pages: Pages) -> None:
    """Follow a list to its end while others write; each page is as the model has it at that moment."""
    await desk.bring_in(first)
    spaces, begun, seen = [*desk.spaces], [*desk.within(asked, desk.spaces)], list[tuple[UUID, UUID]]()
    cursor: str | None = None
    behind: Held | None = None
    for limit, meanwhile in chain(pages, repeat((200, []))):
        expected = asked.page([*desk.within(asked, spaces)], behind, limit + 1)

        shown, cursor = await page(desk, {**asked.params(), **desk.over(asked, spaces)}, limit, cursor)

        assert shown == [(task.space, task.id, task.wanted.title) for task in expected[:limit]]
        assert (cursor is None) == (len(expected) <= limit)
        seen += [(space, task_id) for space, task_id, _ in shown]
        if cursor is None:
            break
        behind = expected[limit - 1]
        for act in meanwhile:
            await desk.do(act)
    throughout = [task for task in begun if (task.space, task.id) not in desk.touched]
    assert [each for each in seen if each in {(task.space, task.id) for task in throughout}] == [
        (task.space, task.id) for task in asked.page(throughout, None, 200)
    ]
    assert len(set(seen) - desk.touched) == len([each for each in seen if each not in desk.touched])


async def page(
    desk: Desk, params: dict[str, str], limit: int, cursor: str | None
) -> tuple[list[tuple[UUID, UUID, str]], str | None]:
    """A page over HTTP: spaces, ids and titles, and the cursor behind it."""
    behind = {"cursor": cursor} if cursor else {}
    answer = await desk.client.get(TASKS, params={**params, **behind, "limit": str(limit)})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    shown = [(UUID(task["space_id"]), UUID(task["id"]), task["title"]) for task in found["items"]]
    return shown, found["next_cursor"]


@quick
@histories
async def test_what_was_in_the_list_throughout_is_shown_once_and_in_order(
    client: Client, backend: Backend, teams: int, first: list[Wanted], asked: Asked, pages: Pages
) -> None:
    await follow(await new_desk(client, backend, teams), first, asked, pages)


@pytest.mark.long
@full
@histories
async def test_many_lists_are_followed_to_their_ends(
    client: Client, backend: Backend, teams: int, first: list[Wanted], asked: Asked, pages: Pages
) -> None:
    await follow(await new_desk(client, backend, teams), first, asked, pages)


@pytest.mark.parametrize("title", ["\ufdfa" * 500, "\x01" * 500, "👩" * 500, "ß" * 500])
@pytest.mark.parametrize("over", ["own", "all", (0, 1)], ids=["one's own", "all", "two"])
async def test_the_longest_titles_are_followed_as_well(client: Client, backend: Backend, title: str, over: Any) -> None:
    wanted = [Wanted(title, "todo", 0, "A", place=place) for place in (0, 0, 1, 0)]

    await follow(await new_desk(client, backend, 1), wanted, Asked(sort="title", over=over), [(1, []), (1, [])])


async def listed(client: Client, **params: str) -> list[str]:
    answer = await client.get(TASKS, params=params)
    assert answer.status_code == 200, answer.text
    return [task["title"] for task in answer.json()["items"]]


async def test_before_and_after_a_day_go_by_the_date_in_the_task_s_own_zone(ada: Client) -> None:
    await ada.task("on the 1st", due_date="2026-12-01")
    await ada.task("the 1st in St. John's", due_at="2026-12-02T03:29:00Z", due_zone="America/St_Johns")
    await ada.task("the 2nd in Kathmandu", due_at="2026-12-01T18:15:00Z", due_zone="Asia/Kathmandu")
    await ada.task("whenever")

    assert await listed(ada, sort="due", due_before="2026-12-02") == ["on the 1st", "the 1st in St. John's"]
    assert await listed(ada, sort="due", due_after="2026-12-01") == ["the 2nd in Kathmandu"]
    assert await listed(ada, due_after="2026-11-30", due_before="2026-12-01") == []


async def test_there_is_no_task_on_a_day_that_a_zone_left_out(ada: Client) -> None:
    await ada.task("before", due_at="2011-12-30T09:59:59Z", due_zone="Pacific/Apia")
    await ada.task("after", due_at="2011-12-30T10:00:00Z", due_zone="Pacific/Apia")

    assert await listed(ada, due_after="2011-12-29", due_before="2011-12-31") == []
    assert await listed(ada, sort="due") == ["before", "after"]


async def test_a_page_may_be_of_1_to_200_and_the_last_one_says_so(ada: Client) -> None:
    assert (await ada.get(TASKS, params={"limit": "1"})).json() == {"items": [], "next_cursor": None}
    for number in range(201):
        await ada.task(f"task {number}")

    for limit, more in ((1, True), (200, True)):
        page = (await ada.get(TASKS, params={"limit": str(limit)})).json()
        assert len(page["items"]) == limit
        assert bool(page["next_cursor"]) == more
    rest = (await ada.get(TASKS, params={"limit": "1", "cursor": page["next_cursor"]})).json()
    assert [task["title"] for task in rest["items"]] == ["task 0"]
    assert rest["next_cursor"] is None
    assert len((await ada.get(TASKS)).json()["items"]) == 50


async def test_a_page_of_long_tasks_ends_early_and_goes_on_from_there(ada: Client) -> None:
    titles = [f"task {number}" for number in range(25)]
    for title in titles:
        await ada.task(title, description="\x01" * 16_384)

    seen: list[str] = []
    params = {"sort": "created", "limit": "200"}
    while True:
        answer = await ada.get(TASKS, params=params)
        assert len(answer.content) < 1_200_000
        seen += [task["title"] for task in answer.json()["items"]]
        if answer.json()["next_cursor"] is None:
            break
        assert len(answer.content) > 1 << 20
        params["cursor"] = answer.json()["next_cursor"]

    assert seen == titles


@pytest.mark.parametrize("limit", ["0", "201", "-1", "1.5", "", "٣", " 1", "1_0", "0x10", "null", "9" * 300])
async def test_any_other_limit_is_refused(ada: Client, limit: str) -> None:
    answer = await ada.get(TASKS, params={"limit": limit})

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == "/limit"


async def test_sub_tasks_are_listed_by_their_parent_and_the_others_by_having_none(ada: Client) -> None:
    move = await ada.task("move house")
    await ada.task("pack", parent_id=move["id"])
    van = await ada.task("hire a van", parent_id=move["id"])
    await ada.task("find the licence", parent_id=van["id"])

    assert await listed(ada, sort="created", parent=move["id"]) == ["pack", "hire a van"]
    assert await listed(ada, parent="none") == ["move house"]
    assert await listed(ada, parent=str(new_id())) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            (name, value)
            for name in ("project", "section", "parent", "label", "assignee")
            for value in ("", "x", "me,")
        ),
        *((name, "me") for name in ("project", "section", "parent", "label")),
        ("label", "none"),
        ("project", "0193A000-0000-7000-8000-0000000000A0"),
        ("project", "none\n"),
        ("assignee", "me,none"),
        ("q", ""),
        ("q", "x" * 201),
        ("q", "\0"),
    ],
)
async def test_a_filter_that_is_none_is_refused(ada: Client, name: str, value: str) -> None:
    answer = await ada.get(TASKS, params={name: value})

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == f"/{name}"


async def test_a_filter_by_what_another_space_has_finds_nothing(ada: Client, client: Client, backend: Backend) -> None:
    eve = await new_desk(client, backend)
    await eve.bring_in([Wanted("hers", "todo", 0, "A", project=PROJECTS[0], labels=(LABELS[0],), mine=True)])
    await ada.task("mine")

    for name, value in (("project", PROJECTS[0]), ("label", LABELS[0]), ("assignee", eve.client.id), ("q", "hers")):
        assert await listed(ada, **{name: str(value)}) == []
