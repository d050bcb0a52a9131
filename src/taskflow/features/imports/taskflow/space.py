"""One space of an export: its things under keys that keep their ids."""

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any, Literal
from uuid import UUID

from taskflow.features.comments.model import BODY_BYTES
from taskflow.features.imports.asking import KEPT
from taskflow.features.imports.reading import (
    Read,
    ReadComment,
    Reading,
    ReadLabel,
    ReadProject,
    ReadSection,
    ReadTask,
    Refused,
    Remark,
    quoted,
)
from taskflow.features.imports.taskflow.forms import (
    CommentForm,
    Form,
    LabelForm,
    PersonForm,
    ProjectForm,
    SectionForm,
    SpaceForm,
    TaskForm,
)
from taskflow.features.tasks.model import DEPTH_MOST

Place = tuple[str | None, str | None]  # the keys of a project and of a section


class Space:
    """Goes through the things of a space; `used` are the ids of the spaces before it."""

    def __init__(self, form: SpaceForm, account: PersonForm, reading: Reading, used: set[tuple[str, str]]) -> None:
        """Begin with the space's people."""
        self.form = form
        self.account = account
        self.reading = reading
        self.used = used
        self.names = {member.id: member.name for member in form.members}
        self.keys: dict[tuple[str, str], str] = {}
        self.places: dict[str, Place] = {}

    def labels(self, lines: Iterable[tuple[int, LabelForm]]) -> None:
        """Add the labels."""
        for line, form in lines:
            label = ReadLabel(**self._same(line, "labels", form, ReadLabel))
            self.reading.labels[label.key] = label

    def projects(self, lines: Iterable[tuple[int, ProjectForm]]) -> None:
        """Add the projects."""
        for line, form in lines:
            self.reading.projects.append(ReadProject(**self._same(line, "projects", form, ReadProject)))

    def sections(self, lines: Iterable[tuple[int, SectionForm]]) -> None:
        """Add the sections whose projects are in the file."""
        for line, form in lines:
            project = self._key("projects", form.project_id)
            if project is None:
                self._remark(line, "left out", f"left out: its project {form.project_id} is not in the file")
                continue
            section = ReadSection(**self._same(line, "sections", form, ReadSection), project=project)
            self.reading.sections.append(section)

    def tasks(self, lines: list[tuple[int, TaskForm]]) -> None:
        """Add the tasks, parents first; raises Refused for a ring of sub-tasks."""
        for line, form in parents_first(lines):
            self.reading.tasks.append(self._task(line, form))

    def comments(self, lines: Iterable[tuple[int, CommentForm]]) -> None:
        """Add the comments whose tasks are in the file."""
        for line, form in lines:
            task = self._key("tasks", form.task_id)
            if task is None:
                self._remark(line, "left out", f"left out: its task {form.task_id} is not in the file")
                continue
            fields = self._same(line, "comments", form, ReadComment) | {"body": self._body(line, form)}
            self.reading.comments.append(
                ReadComment(**fields, task=task, mentioned=self.account.id in form.mention_ids)
            )

    def _task(self, line: int, form: TaskForm) -> ReadTask:
        if form.assignee_id and form.assignee_id != self.account.id:
            name = quoted(self.names.get(form.assignee_id, ""))
            self._remark(line, "left out", f"assignee {name} left out: the space is yours alone")
        fields = self._same(line, "tasks", form, ReadTask)
        labels = [self._there(line, "labels", label) for label in form.label_ids]
        parent = self._there(line, "tasks", form.parent_id)
        self.places[fields["key"]] = project, section = self._place(line, form, parent)
        return ReadTask(
            **fields,
            series=None if form.series_id is None else KEPT + str(form.series_id),
            project=project,
            section=section,
            parent=parent,
            labels=tuple(label for label in labels if label),
            assigned=form.assignee_id == self.account.id,
        )

    def _place(self, line: int, form: TaskForm, parent: str | None) -> Place:
        """The project and the section; those of its parent, where it has one."""
        place = self._there(line, "projects", form.project_id), self._there(line, "sections", form.section_id)
        if parent is None or self.places[parent] == place:
            return place
        self._remark(line, "changed", "it goes to the project and section of the task that it is a part of")
        return self.places[parent]

    def _body(self, line: int, form: CommentForm) -> str:
        """What another one said begins with their name, where there is room for it."""
        if form.author_id == self.account.id:
            return form.body
        name = self.names.get(form.author_id, "")
        body = f"**{name}:** {form.body}" if name else form.body
        if not name or len(body.encode()) > BODY_BYTES:
            self._remark(line, "left out", f"the author {quoted(name)} left out: all that is imported is yours")
            return form.body
        sentence = f"it begins with the name of its author, {quoted(name)}: all that is imported is yours"
        self._remark(line, "changed", sentence)
        return body

    def _same(self, line: int, kind: str, form: Form, read: type[Read]) -> dict[str, Any]:
        """The key, and the fields that have the same name in both; raises Refused where an id stands twice."""
        thing = (kind, str(form.id))
        if thing in self.keys:
            raise Refused(line, f"the id {form.id} stands twice among the {kind}")
        self.keys[thing] = f"taskflow:{self.form.id}:{kind}:{form.id}" if thing in self.used else KEPT + str(form.id)
        self.used.add(thing)
        names = {field.name for field in dataclasses.fields(read)} & {*form.__struct_fields__}
        return {"line": line, "key": self.keys[thing]} | {name: getattr(form, name) for name in names}

    def _key(self, kind: str, thing_id: object) -> str | None:
        return self.keys.get((kind, str(thing_id)))

    def _there(self, line: int, kind: str, thing_id: object) -> str | None:
        """The key of what a task points to, where it is in the file."""
        key = None if thing_id is None else self._key(kind, thing_id)
        if key is None and thing_id is not None:
            self._remark(line, "left out", f"its place among the {kind} left out: {thing_id} is not in the file")
        return key

    def _remark(self, line: int, kind: Literal["changed", "left out"], sentence: str) -> None:
        self.reading.remarks.append(Remark(line, kind, sentence))


def parents_first(lines: list[tuple[int, TaskForm]]) -> Iterator[tuple[int, TaskForm]]:
    """The tasks in their order, but for parents, which come before; raises Refused for a ring of sub-tasks."""
    by_id: dict[UUID, tuple[int, TaskForm]] = {}
    for line, form in lines:
        if by_id.setdefault(form.id, (line, form))[1] is not form:
            raise Refused(line, f"the id {form.id} stands twice among the tasks")
    done = set[UUID]()
    for line, form in lines:
        chain: dict[UUID, tuple[int, TaskForm]] = {}
        here: tuple[int, TaskForm] | None = (line, form)
        while here is not None and here[1].id not in done:
            if here[1].id in chain:
                raise Refused(line, "it is a sub-task of one of its own sub-tasks")
            chain[here[1].id] = here
            if len(chain) > DEPTH_MOST:
                raise Refused(line, f"it lies below more than {DEPTH_MOST} levels of tasks")
            here = by_id.get(here[1].parent_id) if here[1].parent_id else None
        done.update(chain)  # `|=` with a view makes a new set each time
        yield from reversed(chain.values())
