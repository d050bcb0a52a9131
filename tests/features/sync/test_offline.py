"""Devices that were offline: whatever was done on them, in any order of arrival, all end as the server is."""

import asyncio
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.app import Application
from taskflow.features.sync.taken import NOT_COMMANDS
from taskflow.foundation.backend import Backend
from taskflow.foundation.operation import REGISTRY, Args
from tests.features.sync.house import House, house, name_of
from tests.features.sync.offline import Offline
from tests.strategies import STRATEGIES

TAKEN = sorted({name for name, operation in REGISTRY.items() if operation.numbered} - NOT_COMMANDS.keys())
OFTEN = ["create_task", "update_task", "update_task", "update_comment", "delete_task", "move_task", "move_task"]
DRAWN = [*TAKEN, *OFTEN * 3]
quick = settings(max_examples=40, deadline=None)
full = settings(max_examples=10_000, deadline=None)


class Done(NamedTuple):
    """Something is done on a device that may be offline."""

    device: int
    args: Args
    personal: bool
    knowing: bool

    async def step(self, there: House, device: Offline) -> None:
        there.do(device, name_of(self.args), self.args, personal=self.personal, knowing=self.knowing)


class TakenBack(NamedTuple):
    """Something that was done by the same account is taken back."""

    device: int
    nth: int

    async def step(self, _: House, device: Offline) -> None:
        own = [
            (command, seq)
            for key, command in device.sent.items()
            if (seq := device.result(key).get("seq")) and "id" in command["args"]
        ]
        if own:
            command, seq = own[self.nth % len(own)]
            kind = command["args"]["kind"] if command["type"] == "undo" else command["type"].partition("_")[2]
            asked = {"kind": kind, "id": command["args"]["id"], "seq": seq}
            device.do("undo", asked, command["args"].get("space_id"))


class Asked(NamedTuple):
    """A device speaks to the server: `lost` before its answer came, or heard `late`."""

    device: int
    lost: bool
    late: bool

    async def step(self, _: House, device: Offline) -> None:
        exchange = await device.ask()
        if self.late:
            device.late.append(exchange)
        elif not self.lost:
            device.hear(exchange)


class Heard(NamedTuple):
    """An answer comes late."""

    device: int
    nth: int

    async def step(self, _: House, device: Offline) -> None:
        if device.late:
            device.hear(device.late.pop(self.nth % len(device.late)))


class AtOnce(NamedTuple):
    """All devices speak to the server at once."""

    device: int

    async def step(self, there: House, _: Offline) -> None:
        exchanges = await asyncio.gather(*(device.ask() for device in there.devices))
        for device, exchange in zip(there.devices, exchanges, strict=True):
            device.hear(exchange)


class PutOut(NamedTuple):
    """Somebody is taken out of the team."""

    device: int
    who: int

    async def step(self, there: House, _: Offline) -> None:
        await there.put_out(self.who)


class LetIn(NamedTuple):
    """Somebody comes into the team, or gets another role."""

    device: int
    who: int
    role: str

    async def step(self, there: House, _: Offline) -> None:
        await there.let_in(self.who, self.role)


Step = Done | TakenBack | Asked | Heard | AtOnce | PutOut | LetIn
devices = some.integers(0, 3)
people = some.integers(0, 2)
doings = some.builds(
    Done,
    devices,
    some.sampled_from(DRAWN).flatmap(STRATEGIES.__getitem__),
    some.sampled_from([False, False, True]),
    some.booleans(),
)
askings = some.sampled_from([(True, False), (True, False), (False, True), (False, False)]).flatmap(
    lambda how: some.builds(Asked, devices, *map(some.just, how))
)
rest: list[SearchStrategy[Step]] = [
    some.builds(TakenBack, devices, some.integers(0, 20)),
    some.builds(Heard, devices, some.integers(0, 3)),
    some.builds(AtOnce, devices),
    some.builds(PutOut, devices, people),
    some.builds(LetIn, devices, people, some.sampled_from(["viewer", "commenter", "editor"])),
]
# Not `one_of`, which takes each strategy once: commands and calls are to come more often than the rest.
kinds: list[SearchStrategy[Step]] = [*[doings] * 6, *[askings] * 4, *rest]
steps: SearchStrategy[Step] = some.sampled_from(kinds).flatmap(lambda kind: kind)
owners: SearchStrategy[list[int]] = some.lists(people, min_size=2, max_size=4)


async def check(application: Application, backend: Backend, owners: list[int], history: list[Step]) -> None:
    """Live a history through, and compare every device with the server."""
    async with house(application, backend, max(owners) + 1, furnished=True) as there:
        for owner in owners:
            await there.device(owner).sync()

        for step in history:
            await step.step(there, there.devices[step.device % len(owners)])

        await there.settle()


@quick
@given(owners=owners, history=some.lists(steps, min_size=12, max_size=24))
async def test_all_devices_end_as_the_server_is(
    application: Application, backend: Backend, owners: list[int], history: list[Step]
) -> None:
    await check(application, backend, owners, history)


@pytest.mark.long
@full
@given(owners=owners, history=some.lists(steps, min_size=8, max_size=30))
async def test_all_devices_end_as_the_server_is_after_ten_thousand_histories(
    application: Application, backend: Backend, owners: list[int], history: list[Step]
) -> None:
    await check(application, backend, owners, history)
