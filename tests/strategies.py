"""One strategy for each operation: arguments that its form takes; few ids, so that repeats and conflicts happen."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy
from msgspec import UNSET

from taskflow.features.imports.operations import ImportTasks
from taskflow.features.sessions.model import RefreshToken, RevokeSession
from taskflow.features.sessions.operations import OpenSession, RefreshSession
from taskflow.features.spaces.model import Register, UpdateMe
from taskflow.features.tasks.lists import STATUSES
from taskflow.features.tasks.model import CreateTask, DeleteTask, UpdateTask
from taskflow.foundation.ids import Id
from taskflow.foundation.operation import Args

IDS = [Id(f"0193a000-0000-7000-8000-00000000000{digit}") for digit in range(5)]
TRICKY = (
    "👩‍👩‍👧‍👦 0️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "دفع الإيجار \u202e1 2 3\u202c",
    "Z\u0351\u036b\u0343a\u0362l\u0348g\u0347o\u034e",
    "\u2028\u0085x",
    "ς Σ ß ẞ İ \u0131 ǆ",
    "\ufeff\uffff\U0010ffff",
    "'; DROP TABLE tasks; --",
    '{"a": ["\\u0000", null]}',
    "\\",
    "x" * 500,
)
ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Antarctica/Troll", "Etc/GMT+12")
OFFSETS = (UTC, *(timezone(timedelta(minutes=minutes)) for minutes in (-1439, -210, 0, 345, 840, 1439)))
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

letters = some.characters(exclude_categories=["Cs"], exclude_characters="\0")
ids = some.sampled_from(IDS)


def text(least: int, most: int) -> SearchStrategy[str]:
    """Anything that may be written, and what other programs have tripped over."""
    fitting = [tricky for tricky in TRICKY if least <= len(tricky) <= most]
    return some.sampled_from(fitting) | some.text(letters, min_size=least, max_size=most)


def maybe(fields: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """A field that may be absent."""
    return some.just(UNSET) | fields


def visible(most: int) -> SearchStrategy[str]:
    """Text with something other than white space in it."""
    return text(1, most).filter(lambda written: re.search(r"\S", written) is not None)


titles = visible(500)
descriptions = text(0, 16 * 1024).filter(lambda written: len(written.encode()) <= 16 * 1024)
statuses = some.sampled_from(STATUSES)
priorities = some.integers(0, 3)
positions = some.text(some.sampled_from(DIGITS), min_size=1, max_size=100)
dates = some.sampled_from([date.min, date.max, date(2024, 2, 29)]) | some.dates()
limits = [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
moments = some.sampled_from(limits) | some.datetimes(timezones=some.sampled_from(OFFSETS))
zones = some.sampled_from(ZONES)


@some.composite
def new_tasks(draw: some.DrawFn) -> CreateTask:
    """A task to make, due never, on a day, or at a moment."""
    due = draw(some.sampled_from(["never", "on a day", "at a moment"]))
    return CreateTask(
        id=draw(ids),
        title=draw(titles),
        description=draw(some.just("") | descriptions),
        status=draw(statuses),
        priority=draw(priorities),
        due_date=draw(dates) if due == "on a day" else None,
        due_at=draw(moments) if due == "at a moment" else None,
        due_zone=draw(zones) if due == "at a moment" else None,
        position=draw(maybe(positions)),
    )


changes = some.builds(
    UpdateTask,
    id=ids,
    title=maybe(titles),
    description=maybe(descriptions),
    status=maybe(statuses),
    priority=maybe(priorities),
    due_date=maybe(some.none() | dates),
    due_at=maybe(some.none() | moments),
    due_zone=maybe(some.none() | zones),
    position=maybe(positions),
)
people = visible(120)
locales = some.from_regex(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", fullmatch=True)
emails = some.from_regex(r"[^\s@\x00-\x1f]{1,60}@[^\s@\x00-\x1f]{1,60}\.[^\s@\x00-\x1f]{1,60}", fullmatch=True)
tokens = some.builds(
    RefreshToken, account_id=some.uuids(), session_id=some.uuids(), secret=some.binary(min_size=0, max_size=64)
)
addresses = some.none() | some.ip_addresses().map(str)
shown = some.builds(RefreshSession, token=tokens, address=addresses)

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    "create_task": new_tasks(),
    "update_task": changes,
    "delete_task": some.builds(DeleteTask, id=ids),
    "import_tasks": some.builds(ImportTasks, tasks=some.lists(new_tasks(), max_size=5)),
    "update_me": some.builds(UpdateMe, name=maybe(people), locale=maybe(locales), time_zone=maybe(zones)),
    "register": some.builds(
        Register, email=emails, password=text(8, 128), name=people, locale=locales, time_zone=zones
    ),
    "open_session": some.builds(OpenSession, name=text(1, 200), address=addresses),
    "refresh_session": shown,
    "log_out": shown,
    "revoke_session": some.builds(RevokeSession, id=some.uuids().map(lambda made: Id(str(UUID(int=made.int))))),
}


def asked(*names: str) -> SearchStrategy[Args]:
    """Arguments of any of these operations."""
    return some.one_of([STRATEGIES[name] for name in names])
