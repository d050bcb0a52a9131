"""Tasks of one space or many as plain Python holds them: what a list is compared with."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as some

from taskflow.features.tasks.lists.query import SORTS, STATUSES
from taskflow.features.tasks.model import Status
from taskflow.features.tasks.titles import title_key
from tests.drawn import TRICKY, ZONES

# Few of each, so that keys are equal; the moments lie on both sides of midnight in the zones.
TITLES = ("b", "B", "a", "ä", "Straße", "strasse", *TRICKY[:5], "\ufdfa" * 500, "\x01" * 500)
DESCRIPTIONS = ("", "50%", "a_b", "ÄRGER", "\\", "x" * 16_000 + "B")
WORDS = (
    "a",
    "A",
    "ä",
    "Ä",
    "ärger",
    "%",
    "_",
    "a_b",
    "50%",
    "\\",
    "\\\\",
    " ",
    "STRASSE",
    "xB",
    "nowhere",
    "'",
    "\x01" * 200,
)
DAYS = (date.min, date(2026, 3, 29), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2), date.max)
MOMENTS = (
    datetime.fromisoformat("2026-03-29T00:59:59Z"),
    datetime.fromisoformat("2026-03-29T01:00:00Z"),
    datetime.fromisoformat("2026-11-30T23:30:00Z"),
    datetime.fromisoformat("2026-12-01T09:30:00.000001Z"),
    datetime.fromisoformat("2026-12-02T01:00:00Z"),
)
# The same in every space, for a thing's key is both; the section lies in the first project.
PROJECTS = [UUID(f"0193a000-0000-7000-8000-0000000000a{digit}") for digit in range(2)]
SECTION = UUID("0193a000-0000-7000-8000-0000000000b0")
LABELS = [UUID(f"0193a000-0000-7000-8000-0000000000c{digit}") for digit in range(2)]
NOTHING = UUID("0193a000-0000-7000-8000-0000000000d0")


@dataclass(frozen=True)
class Wanted:
    """A task as somebody asks for it; `place`: which of the spaces that there are, counted round."""

    title: str
    status: Status
    priority: int
    position: str
    due_date: date | None = None
    due_at: datetime | None = None
    due_zone: str | None = None
    description: str = ""
    project: UUID | None = None
    section: UUID | None = None
    labels: tuple[UUID, ...] = ()
    mine: bool = False
    place: int = 0

    def body(self, me: str) -> dict[str, Any]:
        """Its fields as a request has them."""
        fields = {
            "title": self.title,
            "status": self.status,
            "priority": self.priority,
            "position": self.position,
            "description": self.description,
            "project_id": str(self.project) if self.project else None,
            "section_id": str(self.section) if self.section else None,
            "label_ids": [str(label) for label in self.labels],
            "assignee_id": me if self.mine else None,
        }
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

    space: UUID
    id: UUID
    born: int
    wanted: Wanted

    def key(self, sort: str) -> Any:
        """What it is sorted by, then its id, then its space."""
        wanted = self.wanted
        return (
            {
                "created": self.born,
                "due": (wanted.wall is None, wanted.wall),
                "priority": wanted.priority,
                "title": title_key(wanted.title),
                "position": wanted.position,
            }[sort.removeprefix("-")],
            self.id,
            self.space,
        )


@dataclass(frozen=True)
class Asked:
    """A list as it is asked for; `over`: of no space named, of these (counted round), or of all."""

    sort: str = "-created"
    status: frozenset[str] = frozenset()
    due_before: date | None = None
    due_after: date | None = None
    q: str | None = None
    project: UUID | str | None = None
    section: UUID | str | None = None
    label: UUID | None = None
    assignee: str | None = None
    over: tuple[int, ...] | str = "own"

    def params(self) -> dict[str, str]:
        """The query's parameters, but for the spaces."""
        given: dict[str, object] = {
            "sort": self.sort,
            "status": ",".join(sorted(self.status)),
            "q": self.q,
            "assignee": self.assignee,
        }
        given |= {"due_before": self.due_before, "due_after": self.due_after}
        given |= {"project": self.project, "section": self.section, "label": self.label}
        return {name: str(value) for name, value in given.items() if value}

    def takes(self, wanted: Wanted) -> bool:
        """Whether a task is in the list, as far as its space goes."""
        return (
            (not self.status or wanted.status in self.status)
            and self.takes_day(wanted)
            and (not self.q or any(folded(self.q) in folded(text) for text in (wanted.title, wanted.description)))
            and (not self.project or wanted.project == (None if self.project == "none" else self.project))
            and (not self.section or wanted.section == (None if self.section == "none" else self.section))
            and (not self.label or self.label in wanted.labels)
            and (not self.assignee or wanted.mine == (self.assignee == "me"))
        )

    def takes_day(self, wanted: Wanted) -> bool:
        """Whether a task is due when the list says."""
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


def folded(text: str) -> str:
    """Text in lower case, a letter for a letter."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


@some.composite
def wanted_tasks(draw: some.DrawFn) -> Wanted:
    project = draw(some.sampled_from([None, *PROJECTS]))
    made = Wanted(
        draw(some.sampled_from(TITLES)),
        draw(some.sampled_from(STATUSES)),
        draw(some.integers(0, 3)),
        draw(some.sampled_from(["A", "Az", "B", "a", "0z"])),
        description=draw(some.sampled_from(DESCRIPTIONS)),
        project=project,
        section=draw(some.sampled_from([None, SECTION])) if project == PROJECTS[0] else None,
        labels=tuple(draw(some.lists(some.sampled_from(LABELS), unique=True))),
        mine=draw(some.booleans()),
        place=draw(some.integers(0, 3)),
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
    q=some.none() | some.sampled_from(WORDS),
    project=some.none() | some.sampled_from([*PROJECTS, NOTHING, "none"]),
    section=some.none() | some.sampled_from([SECTION, "none"]),
    label=some.none() | some.sampled_from([*LABELS, NOTHING]),
    assignee=some.none() | some.sampled_from(["me", "none"]),
    over=some.sampled_from(["own", "all"]) | some.lists(some.integers(0, 3), min_size=2, max_size=4).map(tuple),
)
