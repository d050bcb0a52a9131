"""A space's tasks as plain Python holds them: what a list is compared with."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as some

from taskflow.features.tasks.lists import SORTS, STATUSES
from taskflow.features.tasks.model import Status
from taskflow.features.tasks.order import title_key
from tests.drawn import TRICKY, ZONES

# Few of each, so that keys are equal; the moments lie on both sides of midnight in the zones.
TITLES = ("b", "B", "a", "ä", "Straße", "strasse", *TRICKY[:5], "\ufdfa" * 500, "\x01" * 500)
DAYS = (date.min, date(2026, 3, 29), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2), date.max)
MOMENTS = (
    datetime.fromisoformat("2026-03-29T00:59:59Z"),
    datetime.fromisoformat("2026-03-29T01:00:00Z"),
    datetime.fromisoformat("2026-11-30T23:30:00Z"),
    datetime.fromisoformat("2026-12-01T09:30:00.000001Z"),
    datetime.fromisoformat("2026-12-02T01:00:00Z"),
)


@dataclass(frozen=True)
class Wanted:
    """A task as somebody asks for it."""

    title: str
    status: Status
    priority: int
    position: str
    due_date: date | None = None
    due_at: datetime | None = None
    due_zone: str | None = None

    def body(self) -> dict[str, Any]:
        """Its fields as a request has them."""
        fields = {"title": self.title, "status": self.status, "priority": self.priority, "position": self.position}
        if self.due_date:
            return {**fields, "due_date": str(self.due_date)}
        if self.due_at:
            return {**fields, "due_at": self.due_at.isoformat(), "due_zone": self.due_zone}
        return fields

    @property
    def wall(self) -> datetime | None:
        """What the clock and calendar on its wall show when it is due."""
        if self.due_at and self.due_zone:
            return self.due_at.astimezone(ZoneInfo(self.due_zone)).replace(tzinfo=None)
        return datetime.combine(self.due_date, time()) if self.due_date else None


@dataclass(frozen=True)
class Held:
    """A task that is there; `born`: how many acts of making there were before it was made."""

    id: UUID
    born: int
    wanted: Wanted

    def key(self, sort: str) -> Any:
        """What it is sorted by, then its id."""
        wanted = self.wanted
        return {
            "created": self.born,
            "due": (wanted.wall is None, wanted.wall),
            "priority": wanted.priority,
            "title": title_key(wanted.title),
            "position": wanted.position,
        }[sort.removeprefix("-")], self.id


@dataclass(frozen=True)
class Asked:
    """A list as it is asked for."""

    sort: str = "-created"
    status: frozenset[str] = frozenset()
    due_before: date | None = None
    due_after: date | None = None

    def params(self) -> dict[str, str]:
        """The query's parameters."""
        given = {"sort": self.sort, "status": ",".join(sorted(self.status))}
        given |= {"due_before": str(self.due_before or ""), "due_after": str(self.due_after or "")}
        return {name: text for name, text in given.items() if text}

    def takes(self, wanted: Wanted) -> bool:
        """Whether a task is in the list."""
        if self.status and wanted.status not in self.status:
            return False
        if (self.due_before or self.due_after) and not wanted.wall:
            return False
        day = wanted.wall.date() if wanted.wall else date.min
        return (not self.due_before or day < self.due_before) and (not self.due_after or day > self.due_after)

    def page(self, tasks: list[Held], behind: Held | None, limit: int) -> list[Held]:
        """The page behind a task, as it was when it was listed."""
        fitting = [task for task in tasks if self.takes(task.wanted)]
        ordered = sorted(fitting, key=lambda task: task.key(self.sort), reverse=self.descending)
        if behind:
            place = behind.key(self.sort)
            ordered = [
                task
                for task in ordered
                if (task.key(self.sort) < place if self.descending else task.key(self.sort) > place)
            ]
        return ordered[:limit]

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")


@some.composite
def wanted_tasks(draw: some.DrawFn) -> Wanted:
    made = Wanted(
        draw(some.sampled_from(TITLES)),
        draw(some.sampled_from(STATUSES)),
        draw(some.integers(0, 3)),
        draw(some.sampled_from(["A", "Az", "B", "a", "0z"])),
    )
    due = draw(some.sampled_from(["never", "on a day", "at a moment"]))
    if due == "on a day":
        return replace(made, due_date=draw(some.sampled_from(DAYS)))
    if due == "at a moment":
        return replace(made, due_at=draw(some.sampled_from(MOMENTS)), due_zone=draw(some.sampled_from(ZONES)))
    return made


lists = some.builds(
    Asked,
    sort=some.sampled_from(SORTS),
    status=some.just(frozenset()) | some.frozensets(some.sampled_from(STATUSES)),
    due_before=some.none() | some.sampled_from(DAYS),
    due_after=some.none() | some.sampled_from(DAYS[:-1]),
)
