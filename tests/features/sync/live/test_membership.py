"""Who leaves a space hears no more of it, and who comes hears all of it."""

from typing import Any

from tests.client import Client
from tests.features.sync.live.sockets import Serving
from tests.features.sync.live.team import team

TASKS = "/api/v1/tasks"


async def test_a_member_who_is_removed_is_told_that_the_space_is_gone_and_nothing_after(
    both: list[Serving], ada: Client, mia: Client
) -> None:
    space = await team(ada, mia)
    async with both[0].socket() as hers, both[1].socket() as gone:
        await hers.hello(ada)
        await gone.hello(mia)

        await ada.delete(f"/api/v1/members/{mia.id}?space={space}")
        task = (await ada.post(f"{TASKS}?space={space}", {"title": "Secret"})).json()
        own = await mia.task("Own")

        told: list[Any] = []
        while not any(own["id"] == thing["id"] for page in told for thing in page.get("tasks", [])):
            told += [{**page, "of": of} for of, page in (await gone.until("changes"))["spaces"].items()]
        assert [page for page in told if page["of"] == space] == [{"gone": True, "of": space}]
        assert await hers.brings(task["id"])


async def test_a_space_that_somebody_joins_flows_from_its_beginning(
    both: list[Serving], ada: Client, mia: Client
) -> None:
    async with both[1].socket() as live:
        await live.hello(mia)

        space = await team(ada)
        before = (await ada.post(f"{TASKS}?space={space}", {"title": "Before"})).json()
        made = (await ada.post(f"/api/v1/invitations?space={space}", {"role": "editor"})).json()
        await mia.post("/api/v1/invitations/accept", {"token": made["token"]})
        assert await live.brings(before["id"])
        after = (await ada.post(f"{TASKS}?space={space}", {"title": "After"})).json()
        assert await live.brings(after["id"])
