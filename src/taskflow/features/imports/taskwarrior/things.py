"""The things that tasks of Taskwarrior's become: tasks, comments, labels, projects with sections."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from taskflow.features.comments.model import BODY_BYTES
from taskflow.features.imports.reading import (
    ReadComment,
    Reading,
    ReadLabel,
    ReadProject,
    ReadSection,
    ReadTask,
    Remark,
    quoted,
)
from taskflow.features.imports.shortened import (
    few,
    label_key,
    named,
    parts,
    title_remarks,
    titled,
)
from taskflow.features.imports.taskwarrior.record import Record
from taskflow.features.imports.taskwarrior.series import Series
from taskflow.features.imports.taskwarrior.words import KEPT, PRIORITIES, PROGRAM, description_of, said, words_of
from taskflow.features.tasks.model import Status


@dataclass(frozen=True, slots=True)
class Place:
    """The keys of a project and of a section in it."""

    project: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Things:
    """What has been made so far; `titles` are those of all tasks of the file."""

    reading: Reading
    titles: dict[str, str]
    series: Series
    at: datetime
    known: set[str] = field(default_factory=set)

    def leave_out(self, record: Record, sentence: str) -> None:
        """Name a task that stays out."""
        self._remark(record, "left out", sentence)

    def make(self, record: Record) -> None:
        """A task of the record, with all that hangs on it; raises Refused."""
        recurrence = self.series.recurrence(record)
        words = [*words_of(record, recurrence), *self._recurrence(record, recurrence), *self._dependencies(record)]
        place = self._place(record)
        self.reading.tasks.append(
            ReadTask(
                line=record.line,
                key=_key(record),
                title=titled(record.title),
                description=description_of(record, [text for text, _ in words]),
                status=_status(record),
                priority=PRIORITIES.get(record.priority, 0),
                due_at=record.due,
                recurrence=recurrence,
                recurs_from="due" if recurrence else None,
                recurs_until=record.until if recurrence else None,
                project=place.project,
                section=place.section,
                labels=tuple(dict.fromkeys(self._labels(record))),
                created_at=record.entry,
                completed_at=self._completed_at(record),
            )
        )
        for sentence in (*title_remarks(record.title), *(sentence for _, sentence in words)):
            self._remark(record, "changed", sentence)
        if carrier := self.series.carried_by(record):
            self._remark(record, "changed", f"one of a series: its repetition goes on in line {carrier.line}")
        self._comments(record)

    def _completed_at(self, record: Record) -> datetime | None:
        return (record.end or record.modified or record.entry or self.at) if record.status == "completed" else None

    def _place(self, record: Record) -> Place:
        """The project of `Home.Bills.Rent` is Home, its section Bills.Rent: what is in Home stays in one place."""
        name, _, inner = record.project.partition(".")
        if not record.project:
            return Place()
        if not name.strip() or not inner.strip():
            name, inner = record.project, ""
        place = Place(f"taskwarrior:project:{name}", f"taskwarrior:project:{name}:section:{inner}" if inner else None)
        self._project(record, place, name)
        self._section(record, place, inner)
        return place

    def _project(self, record: Record, place: Place, name: str) -> None:
        if place.project and place.project not in self.known:
            self.known.add(place.project)
            shown, remarks = named(name.strip(), "project", PROGRAM)
            self.reading.projects.append(ReadProject(line=record.line, key=place.project, name=shown))
            for sentence in remarks:
                self._remark(record, "changed", sentence)

    def _section(self, record: Record, place: Place, name: str) -> None:
        if place.project and place.section and place.section not in self.known:
            self.known.add(place.section)
            shown, remarks = named(name.strip(), "section", PROGRAM)
            section = ReadSection(line=record.line, key=place.section, project=place.project, name=shown)
            self.reading.sections.append(section)
            for sentence in remarks:
                self._remark(record, "changed", sentence)

    def _labels(self, record: Record) -> Iterator[str]:
        tags, sentences = few([*dict.fromkeys(tag for whole in record.tags if (tag := whole.strip()))])
        for tag in tags:
            name, remarks = named(tag, "label", PROGRAM)
            label = ReadLabel(line=record.line, key=label_key(name), name=name)
            self.reading.labels.setdefault(label.key, label)
            sentences += remarks
            yield label.key
        for sentence in sentences:
            self._remark(record, "changed", sentence)

    def _recurrence(self, record: Record, recurrence: str | None) -> Iterator[tuple[str, str]]:
        """The words of a repetition that is no rule here; only one task of a series says them."""
        if record.recur and not recurrence and self.series.carries(record):
            yield said("Recurs", record.recur, "recur")

    def _dependencies(self, record: Record) -> Iterator[tuple[str, str]]:
        if record.depends:
            names = [quoted(self.titles[uuid]) if uuid in self.titles else uuid for uuid in record.depends]
            yield f"Depends on: {', '.join(names)}", f"what it depends on {KEPT}: {len(names)} of the tasks"

    def _comments(self, record: Record) -> None:
        for nth, annotation in enumerate(record.annotations):
            texts = list(parts(annotation.text))
            if not texts:
                self._remark(record, "left out", "annotation without words left out")
            if len(texts) > 1:
                sentence = f"annotation parted into {len(texts)} comments of at most {BODY_BYTES:,} bytes"
                self._remark(record, "changed", sentence)
            for part, text in enumerate(texts):
                key = f"{_key(record)}:annotation:{annotation.entry or nth}:{part}:{text[:500]}"
                comment = ReadComment(
                    line=record.line, key=key, task=_key(record), body=text, created_at=annotation.entry
                )
                self.reading.comments.append(comment)

    def _remark(self, record: Record, kind: Literal["changed", "left out"], sentence: str) -> None:
        self.reading.remarks.append(Remark(record.line, kind, sentence))


def _key(record: Record) -> str:
    return f"taskwarrior:{record.uuid}"


def _status(record: Record) -> Status:
    if record.status == "completed":
        return "done"
    return "in_progress" if record.start and record.status == "pending" else "todo"
