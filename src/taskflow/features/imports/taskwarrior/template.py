"""What a template has that the task which carries its repetition on is without: no task here has it."""

import json
from collections.abc import Iterator

from taskflow.features.imports.reading import quoted
from taskflow.features.imports.taskwarrior.record import Record
from taskflow.features.imports.taskwarrior.words import shown


def lost(template: Record, carrier: Record) -> Iterator[str]:
    """A sentence for each attribute; an instance's own later wait and schedule are the template's."""
    for what in (*_fields(template, carrier), *_lists(template, carrier), *_own(template, carrier)):
        yield f"{what} left out: the task in line {carrier.line}, in which its repetition goes on, is without it"


def _fields(template: Record, carrier: Record) -> Iterator[str]:
    for name in ("project", "priority", "recur"):
        text = getattr(template, name)
        if text and text != getattr(carrier, name):
            yield f"{name} {quoted(text)}"
    for name in ("start", "wait", "scheduled"):
        if (moment := getattr(template, name)) and not getattr(carrier, name):
            yield f'{name} "{shown(moment)}"'
    if template.until and template.until != carrier.until:
        yield f'until "{shown(template.until)}"'


def _lists(template: Record, carrier: Record) -> Iterator[str]:
    yield from (f"tag {quoted(tag)}" for tag in template.tags if tag not in carrier.tags)
    known = {annotation.text for annotation in carrier.annotations}
    yield from (f"annotation {quoted(one.text)}" for one in template.annotations if one.text not in known)
    yield from (f"dependence on {quoted(uuid)}" for uuid in template.depends if uuid not in carrier.depends)


def _own(template: Record, carrier: Record) -> Iterator[str]:
    for name, value in template.others.items():
        if name not in carrier.others or carrier.others[name] != value:
            text = value if isinstance(value, str) else json.dumps(value)
            yield f"attribute {quoted(name)} ({quoted(text)})"
