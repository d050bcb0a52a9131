"""What was published and not heard is made up for."""

from dataclasses import replace
from uuid import uuid4

from taskflow.features.sync.live.times import Times
from taskflow.foundation.redis import keys
from taskflow.foundation.settings import Settings
from tests.client import Client
from tests.features.sync.live.sockets import Serving, serving
from tests.foundation.redis.store import Store

TASKS = "/api/v1/tasks"


async def test_a_publish_that_is_lost_is_made_up_for(settings: Settings, ada: Client, store: Store) -> None:
    there = replace(settings, redis_url=store.url, workers=2)
    async with serving(there, Times(numbers_s=0.1)) as process, process.socket() as live:
        await live.hello(ada)
        with store.client() as redis:
            redis.delete(keys.known(ada.id))
        process.turn.dying = True
        task_id = str(uuid4())

        answer = await process.client(ada).post(TASKS, {"id": task_id, "title": "Untold"})

        assert answer.status_code == 500  # Died
        assert await live.brings(task_id)


async def test_a_redis_that_was_killed_is_found_again_and_what_happened_meanwhile_arrives(
    both: list[Serving], ada: Client, store: Store
) -> None:
    async with both[1].socket() as live:
        await live.hello(ada)

        store.kill()
        meanwhile = await ada.task("Meanwhile")
        store.start()
        assert await live.brings(meanwhile["id"])
        after = await ada.task("After")
        assert await live.brings(after["id"])
