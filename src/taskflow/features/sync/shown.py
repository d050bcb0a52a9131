"""A page of changes as it is sent: rows by kind, as many as there is room for."""

import sys
from typing import Any

import msgspec
from msgspec import Raw, Struct

from taskflow.api.paging import PAGE_BYTES
from taskflow.features.sync.changes import Page
from taskflow.features.sync.model import Change
from taskflow.features.sync.protocol import SpacePage, Tombstone

WHOLE = sys.maxsize


class Written(Struct, frozen=True):
    """The rows of a page in JSON by kind, how many and how long; else as the page, cut where there was no more room."""

    kinds: dict[str, list[Raw]]
    rows: int
    size: int
    number: int
    more: bool
    seq: int


def shown(page: Page, cursor: str, *, resync: bool = False) -> SpacePage:
    """A whole page, however large."""
    return as_sent(written(page, room=WHOLE), cursor, resync=resync)


def as_sent(rows: Written, cursor: str, *, resync: bool = False) -> SpacePage:
    """A page behind which a device holds this cursor."""
    kinds: dict[str, Any] = {kind: things[0] if kind == "space" else things for kind, things in rows.kinds.items()}
    return SpacePage(cursor, rows.seq, rows.more, resync, **kinds)


def written(page: Page, room: int = PAGE_BYTES) -> Written:
    """As much of a page as there is room for, one row at least."""
    kinds: dict[str, list[Raw]] = {}
    rows = size = 0
    for change in page.changes:
        if rows and size >= room:
            return Written(kinds, rows, size, page.changes[rows - 1].seq, True, page.seq)  # noqa: FBT003 - a field
        row = as_json(change)
        kinds.setdefault(change.kind, []).append(Raw(row))
        rows, size = rows + 1, size + len(row)
    return Written(kinds, rows, size, page.number, page.more, page.seq)


def as_json(change: Change) -> bytes:
    """A row whole, or that it is gone."""
    return msgspec.json.encode(Tombstone(change.id, change.seq) if change.thing is None else change.thing)
