"""What happens in a history of devices: commands, calls whose answers are lost or late, people who come and go."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.comments.model import CreateComment, UpdateComment
from taskflow.features.sharing.model import MoveTask
from taskflow.features.spaces.model import HandOverSpace
from taskflow.features.sync.taken import NOT_COMMANDS
from taskflow.features.tasks.model import DeleteTask, SkipTask, UpdateTask
from taskflow.features.trash.model import DeleteComment
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import REGISTRY, Args
from tests.drawn import IDS
from tests.features.sync.house import RECURRING, House, name_of
from tests.features.sync.offline import Offline
from tests.strategies import STRATEGIES

TAKEN = sorted({name for name, operation in REGISTRY.items() if operation.numbered} - NOT_COMMANDS.keys())


class Done(NamedTuple):
    """Something is done on a device that may be offline."""

    device: int
    args: Args
    personal: bool
    knowing: bool

    async def step(self, there: House, device: Offline) -> None:
        there.do(device, name_of(self.args), self.args, personal=self.personal, knowing=self.knowing)


class Together(NamedTuple):
    """One thing is changed on every device, before any of them knows of the others."""

    device: int
    changes: Sequence[Args]

    async def step(self, there: House, _: Offline) -> None:
        for device, args in zip(there.devices, self.changes, strict=False):
            there.do(device, name_of(args), args, personal=False, knowing=True)


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
            command, seq = own[-1 - self.nth % len(own)]
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
    """Somebody is taken out of the team, hears of it (or not, before they ask again) and comes back, or not."""

    device: int
    who: int
    heard: bool
    back: bool

    async def step(self, there: House, _: Offline) -> None:
        member = await there.put_out(self.who)
        for device in there.devices if self.heard else []:
            if device.client is member:
                device.hear(await device.ask())
        if self.back:
            await there.let_in(self.who, "editor")


class LetIn(NamedTuple):
    """Somebody comes back into the team; where nobody is out, a member gets another role."""

    device: int
    who: int
    role: str

    async def step(self, there: House, _: Offline) -> None:
        await there.let_in(self.who, self.role)


Step = Done | Together | TakenBack | Asked | Heard | AtOnce | PutOut | LetIn


def one_of_these(strategies: Sequence[SearchStrategy[Step]]) -> SearchStrategy[Step]:
    """One of several, each as often as it stands there (`one_of` takes each once), the first ones a little more."""
    return some.sampled_from(strategies).flatmap(lambda strategy: strategy)


def doing(args: SearchStrategy[Args]) -> SearchStrategy[Step]:
    """Something is done, in the team's space as a rule."""
    return some.builds(
        Done, devices, args, some.sampled_from([False] * 3 + [True]), some.sampled_from([True, True, False])
    )


def asking(*, lost: bool = False, late: bool = False) -> SearchStrategy[Step]:
    """A device speaks to the server."""
    return some.builds(Asked, devices, some.just(lost), some.just(late))


devices, people, members = some.integers(0, 3), some.integers(0, 2), some.integers(0, 1)

# What is done most: to two tasks and two comments that all devices know, so that they meet there.
known = some.sampled_from([IDS[0], IDS[0], IDS[1]])
fresh = some.integers(1, 1 << 32).map(lambda number: Id(str(UUID(int=number))))
words = some.sampled_from(["Rent", "Pay rent", "Pay the rent"])
priorities = some.integers(0, 3)
labels = some.lists(some.sampled_from(IDS[:2]), max_size=2, unique=True)
recurring = some.just(RECURRING.id)
meeting: list[SearchStrategy[Args]] = [
    some.builds(UpdateTask, id=known, title=words),
    some.builds(UpdateTask, id=known, title=words, priority=priorities),
    some.builds(UpdateTask, id=known, priority=priorities),
    some.builds(UpdateTask, id=known, label_ids=labels),
    some.builds(UpdateTask, id=known, add_label_ids=labels),
    some.builds(UpdateTask, id=known, remove_label_ids=labels),
    some.builds(CreateComment, id=fresh, task_id=known, body=words),
    some.builds(CreateComment, id=fresh, task_id=known, body=words),
    some.builds(UpdateComment, id=known, body=words),
    some.builds(MoveTask, id=known, to=known),
    some.builds(MoveTask, id=known, to=known),
    some.builds(UpdateTask, id=recurring, status=some.just("done")),
    some.builds(SkipTask, id=recurring),
    some.builds(DeleteTask, id=known),
    some.builds(DeleteComment, id=known),
]
one = some.just(IDS[0])
changes: SearchStrategy[Args] = some.builds(UpdateTask, id=one, title=words, priority=priorities)
changes |= some.builds(UpdateTask, id=one, label_ids=labels)
changes_together = some.builds(Together, devices, some.lists(changes, min_size=4, max_size=4))
handing_over = some.builds(HandOverSpace, id=some.just(IDS[1]))  # to somebody who is there, mostly
doings = [
    *[doing(args) for args in meeting] * 3,
    *[doing(STRATEGIES[name]) for name in TAKEN],
    *[some.builds(Done, devices, handing_over, some.just(False), some.just(False))] * 2,  # noqa: FBT003 - no keyword
]
askings = [asking(), asking(), asking(), asking(lost=True), asking(lost=True), asking(late=True)]
takings_back = some.builds(TakenBack, devices, some.integers(0, 3))
coming = some.builds(LetIn, devices, members, some.sampled_from(["editor", "editor", "editor", "commenter", "viewer"]))
rest: list[SearchStrategy[Step]] = [
    *[some.builds(AtOnce, devices)] * 2,
    some.builds(Heard, devices, some.integers(0, 3)),
    *[coming] * 2,
    some.builds(PutOut, devices, members, some.booleans(), some.booleans()),
]
kinds = [
    *[one_of_these(doings)] * 8,
    *[one_of_these(askings)] * 5,
    *[one_of_these(rest)] * 2,
    changes_together,
    *[takings_back] * 2,
]
steps = one_of_these(kinds)
owners: SearchStrategy[list[int]] = some.lists(people, min_size=2, max_size=4)
