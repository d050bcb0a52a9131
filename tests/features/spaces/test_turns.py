"""Many writes to one space at once: they wait for each other, and nobody else for them."""

import asyncio

from taskflow.features.tasks.model import CreateTask
from taskflow.foundation.backend import Backend
from tests.account import new_person
from tests.features.spaces.team import locked, waiting


async def test_those_who_write_to_another_space_get_through(backend: Backend) -> None:
    ada, mia = await new_person(backend), await new_person(backend)
    async with locked(backend, ada):
        writing = [asyncio.create_task(ada.do(CreateTask(title="Pay rent"))) for _ in range(40)]
        await waiting(backend, 4)
        made = await mia.do(CreateTask(title="Buy milk"))
        held = [each for each in writing if not each.done()]

    written = await asyncio.gather(*writing)

    assert made["title"] == "Buy milk"
    assert len(held) == 40
    assert len({each["seq"] for each in written}) == 40
