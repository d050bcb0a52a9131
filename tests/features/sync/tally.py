"""What happened in many histories: counted, so that a campaign in which nothing meets does not pass for one."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.features.sync.house import House
from tests.features.sync.offline import Results
from tests.features.sync.steps import TAKEN, Asked, Step

# At least so many of a thousand commands; about half of what is seen.
PER_MILLE = {
    "done": 200,
    "refused": 200,
    "repeats": 100,
    "moved": 15,
    "deleted": 30,
    "overwrote": 10,
    "kept": 0.5,
    "undo done": 5,
    "answers lost": 50,
    "answers late": 20,
    "spaces left": 5,
    "spaces come back to": 0.5,
}
NEVER = {"revoke_invitation done"}  # an invitation is made by no command, so that no device knows of one


class Tally:
    """How often something happened, over all histories that were counted."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def count(self, there: House, history: Sequence[Step]) -> None:
        """One more history, which has been lived through."""
        self.counts["histories"] += 1
        self.counts["answers lost"] += sum(isinstance(step, Asked) and step.lost for step in history)
        self.counts["answers late"] += sum(isinstance(step, Asked) and step.late for step in history)
        for device in there.devices:
            self.counts["repeats"] += device.repeats
            self.counts["spaces left"] += len(device.left)
            self.counts["spaces come back to"] += len(device.left & device.spaces.keys())
            for command in device.sent.values():
                self.tell(command["type"], there.answered[command["id"]])

    def tell(self, kind: str, result: Results) -> None:
        """What became of a command."""
        done = result["ok"]
        for name in ("commands", kind, "done" if done else "refused", f"{kind} {'done' if done else 'refused'}"):
            self.counts[name] += 1
        if not done:
            self.counts[result["problem"]["code"]] += 1
        self.counts["overwrote"] += "overwrote" in result
        self.counts["kept"] += "kept" in result

    def told(self) -> Iterator[tuple[str, int]]:
        """The counts of a thing for which there is a bound."""
        for name in ("histories", "commands", *PER_MILLE):
            yield name, self.counts[name]

    def assert_eventful(self) -> None:
        """Each command was done at times and refused at times, and enough of all else happened."""
        rare = {
            name: self.counts[name]
            for name, least in PER_MILLE.items()
            if self.counts[name] < least * self.counts["commands"] / 1000
        }
        outcomes = {f"{name} {outcome}" for name in TAKEN for outcome in ("done", "refused")}
        assert (rare, outcomes - self.counts.keys()) == ({}, NEVER), self.counts
