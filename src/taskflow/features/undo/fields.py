"""The fields of a thing, back to what they were, where nobody changed them since."""

from collections.abc import Iterator
from typing import Any

import msgspec

from taskflow.features.activity.model import Changes
from taskflow.features.spaces.work import Work
from taskflow.features.undo.kinds import Kind
from taskflow.features.undo.model import builtins
from taskflow.foundation.refusal import Refusal


async def before_change(work: Work, kind: Kind, thing: Any, changes: Changes) -> tuple[Any, frozenset[str]]:
    """The thing as it would be without a change, and the fields that keep what they have."""
    kept: set[str] = set()
    for fields in as_one(kind, changes):
        form = builtins(thing)
        back = {field: old for field, (old, _) in fields.items() if form[field] != old}
        wanted: Any = msgspec.convert(form | back, kind.form)
        if any(form[field] != fields[field][1] for field in back) or not await possible(work, kind, thing, wanted):
            kept |= back.keys()
        else:
            thing = wanted
    return thing, frozenset(kept)


def as_one(kind: Kind, changes: Changes) -> Iterator[Changes]:
    """The changed fields of a thing's form, those together that go back together."""
    left = {field: pair for field, pair in changes.items() if field in kind.form.__struct_fields__}
    for names in (*kind.together, *(frozenset({field}) for field in left)):
        found = {field: left.pop(field) for field in names & left.keys()}
        if found:
            yield found


async def possible(work: Work, kind: Kind, thing: Any, wanted: Any) -> bool:
    """Whether a thing can be so: what it would point to is there."""
    if wanted == thing:
        return True
    try:
        await kind.check(work, thing, wanted)
    except Refusal:
        return False
    return True
