"""Clients older and newer than the server: yesterday's commands are taken, tomorrow's wait and are not lost."""

from typing import Any

import msgspec
import pytest

from taskflow.app import Application
from taskflow.features.sync.taken import UPGRADES
from taskflow.foundation.backend import Backend
from taskflow.foundation.operation import REGISTRY
from tests.features.sync.house import house


@pytest.fixture
def second_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Since a deploy `create_label` is at its version 2: the first one called the name `title`."""
    monkeypatch.setitem(REGISTRY, "create_label", msgspec.structs.replace(REGISTRY["create_label"], v=2))
    monkeypatch.setitem(UPGRADES, ("create_label", 1), renamed)


def renamed(args: dict[str, Any]) -> dict[str, Any]:
    """Arguments of version 1 as version 2 has them."""
    return {"name" if name == "title" else name: value for name, value in args.items()}


@pytest.mark.usefixtures("second_version")
async def test_yesterday_s_command_is_taken_today(application: Application, backend: Backend) -> None:
    async with house(application, backend, 1, furnished=False) as there:
        device = there.device(0)
        old = device.do("create_label", {"title": "work"}, there.team)
        new = device.do("create_label", {"name": "home"}, there.team)
        device.queue[-1]["v"] = 2

        await device.sync()

        assert [there.answered[each]["ok"] for each in (old, new)] == [True, True]
        labels = [row["name"] for (kind, _), row in device.spaces[there.team].rows.items() if kind == "labels"]
        assert sorted(labels) == ["home", "work"]


@pytest.mark.usefixtures("second_version")
async def test_an_old_command_in_the_new_form_is_refused_by_itself(application: Application, backend: Backend) -> None:
    async with house(application, backend, 1, furnished=False) as there:
        device = there.device(0)
        wrong = device.do("create_label", {"title": 7}, there.team)
        right = device.do("create_task", {"title": "Pay rent"}, there.team)

        await device.sync()

        assert there.answered[wrong]["problem"]["code"] == "invalid"
        assert there.answered[right]["ok"]


@pytest.mark.parametrize("tomorrow", [{"v": 2}, {"type": "paint_task"}, {"v": 2, "args": {"colour": ["red"]}}])
async def test_tomorrow_s_command_waits_until_the_server_knows_it(
    application: Application, backend: Backend, monkeypatch: pytest.MonkeyPatch, tomorrow: dict[str, Any]
) -> None:
    async with house(application, backend, 1, furnished=False) as there:
        device = there.device(0)
        waiting = device.do("create_task", {"title": "Pay rent"}, there.team)
        device.queue[0].update(tomorrow)
        other = device.do("create_task", {"title": "By bank"}, there.team)

        for _ in range(2):
            exchange = await device.ask()
            assert exchange.answer["results"][0]["problem"]["code"] == "upgrade_required"
            device.hear(exchange)
        assert [command["id"] for command in device.queue] == [waiting]
        assert there.answered[other]["ok"]

        create = REGISTRY["create_task"]
        monkeypatch.setitem(REGISTRY, "create_task", msgspec.structs.replace(create, v=2))
        monkeypatch.setitem(REGISTRY, "paint_task", create)
        device.queue[0]["args"] = {"title": "Pay rent", "space_id": there.team}
        await device.sync()

        assert there.answered[waiting]["ok"], "what was not kept as an answer is not in its way now"


async def test_a_version_that_is_taken_no_more_is_refused(
    application: Application, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(REGISTRY, "create_label", msgspec.structs.replace(REGISTRY["create_label"], v=2))
    async with house(application, backend, 1, furnished=False) as there:
        device = there.device(0)
        ancient = device.do("create_label", {"name": "work"}, there.team)

        await device.sync()

        assert there.answered[ancient]["problem"]["code"] == "invalid"
        assert there.answered[ancient]["problem"]["errors"][0]["pointer"] == "/v"
