"""TaskFlow's own export, read back: ids, order, times and all."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from taskflow.api.misfit import misplaced
from taskflow.features.exports.model import VERSION
from taskflow.features.imports.files.text_lines import Progress, file_chunks, whole_text
from taskflow.features.imports.reading import Reading, Refused, harmless, in_short
from taskflow.features.imports.taskflow.forms import (
    CommentForm,
    DocumentForm,
    Form,
    LabelForm,
    ProjectForm,
    SectionForm,
    TaskForm,
    VersionForm,
)
from taskflow.features.imports.taskflow.space import Space
from taskflow.foundation.operation import read_id

F = TypeVar("F", bound=Form)

FILE_MOST = 256 * 1024 * 1024  # some 400,000 tasks


def read(path: Path, progress: Progress) -> Reading:
    """All that the document has, of all its spaces; raises Refused."""
    content = whole_text(file_chunks(path, progress, FILE_MOST)).encode()
    document = _document(content)
    reading, used = Reading(), set[tuple[str, str]]()
    things = _Things(content)
    for form in document.spaces:
        space = Space(form, document.account, reading, used)
        space.labels(things.read(form.labels, LabelForm))
        space.projects(things.read(form.projects, ProjectForm))
        space.sections(things.read(form.sections, SectionForm))
        space.tasks([*things.read(form.tasks, TaskForm)])
        space.comments(things.read(form.comments, CommentForm))
    return reading


def _document(content: bytes) -> DocumentForm:
    """What stands around the things; another version is told before its form is held to be ours."""
    if not content.strip():
        raise Refused(None, "it is empty")
    try:
        version = msgspec.json.decode(content, type=VersionForm).version
        if version != VERSION:
            raise Refused(None, f"it is of version {version} of the format, and this release reads {VERSION}")
        return msgspec.json.decode(content, type=DocumentForm, dec_hook=read_id)
    except msgspec.ValidationError as wrong:
        raise Refused(None, f"it is no export of TaskFlow: {harmless(str(wrong))}") from None
    except msgspec.DecodeError as wrong:
        raise Refused(None, f"it is no JSON: {harmless(str(wrong))}") from None
    except RecursionError:
        raise Refused(None, "it is nested too deep") from None


class _Things:
    """Reads things one by one, and tells on which line of the file each of them begins."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0
        self.line = 1

    def read(self, raws: list[msgspec.Raw], form: type[F]) -> Iterator[tuple[int, F]]:
        for raw in raws:
            line = self._line_of(bytes(raw))
            try:
                thing = msgspec.json.decode(raw, type=form, dec_hook=read_id)
            except msgspec.ValidationError as wrong:
                raise Refused(line, harmless(in_short(misplaced(str(wrong)).errors[0]))) from None
            if any(isinstance(value, str) and "\0" in value for value in msgspec.structs.astuple(thing)):
                raise Refused(line, "a NUL character stands in a text")
            yield line, thing

    def _line_of(self, raw: bytes) -> int:
        """They are read in the order in which an export has them; in another one the search begins anew."""
        found = self.content.find(raw, self.at)
        if found < 0:
            self.at, self.line, found = 0, 1, self.content.find(raw)
        self.line += self.content.count(b"\n", self.at, found)
        line, self.at = self.line, found + len(raw)
        self.line += raw.count(b"\n")
        return line
