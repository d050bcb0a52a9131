"""One task of Taskwarrior's, its attributes read and held to their forms."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from taskflow.features.imports.files.json_file import Object
from taskflow.features.imports.reading import Refused, quoted
from taskflow.features.tasks.due import in_utc
from taskflow.foundation.refusal import Invalid

T = TypeVar("T")

STATUSES = ("pending", "waiting", "recurring", "completed", "deleted")
FORMS = {
    re.compile(r"\d{8}T\d{6}Z", re.ASCII): "%Y%m%dT%H%M%SZ",
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII): "%Y-%m-%dT%H:%M:%SZ",
}
# Reckoned by Taskwarrior from the rest, or told by other attributes.
RECKONED = {"id", "urgency", "modified", "mask", "imask", "rtype", "template", "last"}


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note on a task, and when it was written."""

    text: str
    entry: datetime | None


@dataclass(frozen=True, slots=True)
class Record:
    """A task as Taskwarrior holds it; `others` are attributes of the user's own."""

    line: int
    uuid: str
    title: str
    status: str
    entry: datetime | None
    modified: datetime | None
    end: datetime | None
    start: datetime | None
    due: datetime | None
    wait: datetime | None
    scheduled: datetime | None
    until: datetime | None
    project: str
    priority: str
    tags: list[str]
    annotations: list[Annotation]
    depends: list[str]
    recur: str
    parent: str | None
    mask: str
    others: Object


def read_record(line: int, found: Object) -> Record:
    """Read one object; raises Refused where an attribute is not of its form."""
    source = _Attributes(line, dict(found))
    record = Record(
        line=line,
        uuid=source.uuid("uuid") or source.refuse("it has no uuid: is this the file of a `task export`?"),
        title=source.text("description").strip() or source.refuse("the task has no description"),
        status=source.text("status"),
        **{
            name: source.moment(name)
            for name in ("entry", "modified", "end", "start", "due", "wait", "scheduled", "until")
        },
        project=source.text("project").strip(),
        priority=source.text("priority"),
        tags=source.texts("tags"),
        annotations=source.annotations(),
        depends=source.texts("depends"),
        recur=source.text("recur").strip(),
        parent=source.uuid("parent"),
        mask=source.text("mask"),
        others={name: value for name, value in source.left.items() if name not in RECKONED},
    )
    if record.status not in STATUSES:
        source.refuse(f"status is {quoted(record.status)}, not one of {', '.join(STATUSES)}")
    return record


@dataclass(slots=True)
class _Attributes:
    """The attributes that are not read yet."""

    line: int
    left: Object

    def text(self, name: str) -> str:
        return self._one(name, str, "a text") or ""

    def uuid(self, name: str) -> str | None:
        text = self.text(name)
        try:
            return str(UUID(text)) if text else None
        except ValueError:
            return self.refuse(f"{name} is {quoted(text)}, not a UUID")

    def moment(self, name: str) -> datetime | None:
        text = self.text(name)
        return self.read_moment(name, text) if text else None

    def texts(self, name: str) -> list[str]:
        """A list, or in older versions a text with commas."""
        if isinstance(self.left.get(name), str):
            return [part for part in self.text(name).split(",") if part]
        found: list[Any] = self._one(name, list, "a list") or []
        return [
            one if isinstance(one, str) else self.refuse(f"{name} has something in it that is no text") for one in found
        ]

    def annotations(self) -> list[Annotation]:
        found: list[Any] = self._one("annotations", list, "a list") or []
        return [self._annotation(one) for one in found]

    def _annotation(self, one: object) -> Annotation:
        if (
            not isinstance(one, dict)
            or not isinstance(one.get("description"), str)
            or not one.keys() <= {"entry", "description"}
        ):
            return self.refuse("an annotation is not of the form {entry, description}")
        entry = one.get("entry")
        if entry is not None and not isinstance(entry, str):
            return self.refuse("the entry of an annotation is no text")
        return Annotation(one["description"], self.read_moment("entry of an annotation", entry) if entry else None)

    def read_moment(self, name: str, text: str) -> datetime:
        form = next((form for pattern, form in FORMS.items() if pattern.fullmatch(text)), None)
        try:
            return in_utc(datetime.strptime(text, form or "").replace(tzinfo=UTC), "UTC")
        except (ValueError, Invalid):
            return self.refuse(f"{name} is {quoted(text)}, not a time like 20261124T101125Z")

    def _one(self, name: str, kind: type[T], noun: str) -> T | None:
        value = self.left.pop(name, None)
        if value is None or isinstance(value, kind):
            return value
        return self.refuse(f"{name} is {quoted(str(value))}, not {noun}")

    def refuse(self, sentence: str) -> NoReturn:
        raise Refused(self.line, sentence)
