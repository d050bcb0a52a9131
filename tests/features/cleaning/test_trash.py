"""The trash is emptied after 30 days, and what is left of it goes after 90; what lives never notices."""

from typing import Any

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from taskflow.features.cleaning import jobs
from taskflow.features.sync.model import KINDS
from taskflow.features.tasks.model import DeleteTask, UpdateTask
from taskflow.features.trash.model import DeleteComment, DeleteLabel, DeleteProject
from taskflow.foundation.backend import Backend
from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from taskflow.foundation.ids import new_id
from taskflow.foundation.jobs import Attempt
from taskflow.foundation.operation import REGISTRY, Args
from taskflow.foundation.refusal import Refusal
from tests.account import Person, new_person
from tests.features.trash.house import asked, branch, history
from tests.strategies import asked as asked_of
from tests.things import comment, label, project, section, task

BURIED = [kind for kind in KINDS if kind not in {"members", "space"}]
NUMBERED = sorted(name for name, entry in REGISTRY.items() if entry.numbered)
# What a tombstone still says: which row it is, since when and until when it was there, and what a foreign key needs.
KEPT = {
    "space_id", "id", "seq", "created_seq", "deleted_seq", "moved_to", "created_at", "updated_at", "created_by",
    "author_id", "task_id", "sections.project_id", "due_local",
}  # fmt: skip
NOTHING = {"", "stone", "todo", 0, None}


def attempt(backend: Backend) -> Attempt[Backend]:
    return Attempt(new_id(), "", 1, 1, backend)


async def clean(backend: Backend) -> None:
    """What the janitor does every few minutes."""
    await jobs.purge_tombstones(attempt(backend), b"")


async def age(person: Person, days: int, up_to: int = 1 << 53) -> None:
    """Let what happened in the person's space up to a number lie so many days further back."""
    for table, column in [*((kind, "updated_at") for kind in BURIED), ("activity", "at")]:
        moved = f"UPDATE {table} SET {column} = {column} - make_interval(days => $2) WHERE space_id = $1 AND seq <= $3"  # noqa: S608
        await asked(person, moved + " RETURNING space_id", days, up_to)


async def every_row(person: Person, kind: str) -> list[dict[str, Any]]:
    return [dict(row) for row in await asked(person, f"SELECT * FROM {kind} WHERE space_id = $1 ORDER BY 1, 2")]  # noqa: S608


def said(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """What a tombstone says beyond what it may."""
    return {
        name: value
        for name, value in row.items()
        if name not in KEPT and f"{kind}.{name}" not in KEPT and value != [] and value not in NOTHING
    }


async def furnished(person: Person) -> None:
    """Something of each kind in the trash, and something of each that lives."""
    heavy, light = await label(person, "heavy"), await label(person, "light")
    for name in ("gone", "here"):
        house = await project(person, name)
        within = {"project_id": house, "section_id": await section(person, house, name)}
        (first, *_) = await branch(
            person,
            name,
            **within,
            description=name,
            priority=2,
            label_ids=sorted([heavy, light]),
            assignee_id=person.id,
        )
        await person.do(UpdateTask(id=first, title=f"{name} now"))
        await comment(person, first, name)
        if name == "gone":
            await person.do(DeleteProject(id=house))
    await person.do(DeleteLabel(id=heavy))


async def test_after_30_days_a_tombstone_says_nothing_of_what_was_there(backend: Backend) -> None:
    ada, eve = await new_person(backend), await new_person(backend)
    for person in (ada, eve):
        await furnished(person)
        await age(person, 31)
    before = {kind: await every_row(ada, kind) for kind in BURIED}

    await clean(backend)

    for person in (ada, eve):
        for kind in BURIED:
            rows = await every_row(person, kind)
            assert [said(kind, row) for row in rows if row["deleted_seq"]] == [{} for row in rows if row["deleted_seq"]]
            assert any(row["deleted_seq"] for row in rows)
    for kind in BURIED:
        rows = await every_row(ada, kind)
        assert [row for row in rows if not row["deleted_seq"]] == [
            row for row in before[kind] if not row["deleted_seq"]
        ]
        assert [(row["id"], row["seq"], row["updated_at"]) for row in rows] == [
            (row["id"], row["seq"], row["updated_at"]) for row in before[kind]
        ]


async def test_what_was_deleted_29_days_ago_is_whole(person: Person, backend: Backend) -> None:
    await furnished(person)
    await age(person, 29)
    before = {kind: await every_row(person, kind) for kind in (*BURIED, "activity")}

    await clean(backend)

    assert {kind: await every_row(person, kind) for kind in (*BURIED, "activity")} == before


async def test_the_history_of_what_is_emptied_goes_with_it_and_that_of_what_lives_stays(
    person: Person, backend: Backend
) -> None:
    gone, here = await task(person, "Gone"), await task(person, "Here")
    note, remark = await comment(person, gone, "Note"), await comment(person, here, "Remark")
    for each in (gone, here):
        await person.do(UpdateTask(id=each, priority=3))
    await person.do(DeleteTask(id=gone))
    await person.do(DeleteComment(id=remark))
    await age(person, 400)

    await clean(backend)

    assert [len(await history(person, each)) for each in (gone, note, remark, here)] == [0, 0, 0, 1]


@pytest.mark.parametrize(("days", "left"), [(89, True), (91, False)])
async def test_after_90_days_the_tombstones_of_every_kind_are_gone(backend: Backend, days: int, *, left: bool) -> None:
    ada, eve = await new_person(backend), await new_person(backend)
    for person in (ada, eve):
        await furnished(person)
        await age(person, days)
    living = {kind: [row for row in await every_row(ada, kind) if not row["deleted_seq"]] for kind in BURIED}

    await clean(backend)

    for person in (ada, eve):
        tombstones = [row for kind in BURIED for row in await every_row(person, kind) if row["deleted_seq"]]
        assert bool(tombstones) == left
    assert {kind: [row for row in await every_row(ada, kind) if not row["deleted_seq"]] for kind in BURIED} == living


MANY = """
INSERT INTO tasks (space_id, id, title, title_key, status, priority, project_id, parent_id, position,
    created_by, created_at, updated_at, seq, created_seq)
SELECT $1, gen_random_uuid(), 'Task', 'task', 'todo', 0, $2, $3, 'V', $1, now(), now(), n, n
FROM generate_series(1, $4::int) n RETURNING id
"""
REMARKS = """
INSERT INTO comments (space_id, id, task_id, author_id, body, created_at, updated_at, seq, created_seq)
SELECT $1, gen_random_uuid(), id, $1, 'Remark', now(), now(), n, n
FROM unnest($2::uuid[]) WITH ORDINALITY u (id, n) RETURNING id
"""


async def test_more_than_one_batch_of_each_goes_whatever_points_to_what(person: Person, backend: Backend) -> None:
    house = await project(person)
    first = await task(person, "First", project_id=house)
    below = [row["id"] for row in await asked(person, MANY, house, first, jobs.BATCH + 200)]
    await asked(person, REMARKS, below)
    await person.do(DeleteProject(id=house))
    await age(person, 91)

    await clean(backend)

    assert [len(await every_row(person, kind)) for kind in ("comments", "tasks", "projects", "activity")] == [0] * 4


async def test_a_tombstone_that_something_living_points_to_stays_and_keeps_no_other_from_going(
    backend: Backend,
) -> None:
    ada, eve = await new_person(backend), await new_person(backend)
    house = await project(ada)
    await ada.do(DeleteProject(id=house))
    lost = await task(ada, "Lost")
    await asked(ada, "UPDATE tasks SET project_id = $3 WHERE space_id = $1 AND id = $2 RETURNING id", lost, house)
    await eve.do(DeleteProject(id=await project(eve)))
    for person in (ada, eve):
        await age(person, 91)

    await clean(backend)

    assert [len(await every_row(person, "projects")) for person in (ada, eve)] == [1, 0]


@settings(max_examples=25, deadline=None)
@given(doing=some.lists(asked_of(*NUMBERED), max_size=20), cuts=some.tuples(some.floats(0, 1), some.floats(0, 1)))
async def test_whatever_was_done_and_however_long_ago_only_what_has_had_its_time_goes(
    backend: Backend, doing: list[Args], cuts: tuple[float, float]
) -> None:
    person = await new_person(backend)
    for args in doing:
        try:
            await person.answered(args)
        except Refusal:
            continue
    numbers = sorted([row["seq"] for kind in BURIED for row in await every_row(person, kind)]) or [0]
    old, older = sorted((numbers[int(cut * (len(numbers) - 1))] for cut in cuts), reverse=True)
    await age(person, 31, up_to=old)
    await age(person, 60, up_to=older)
    before = {kind: await every_row(person, kind) for kind in BURIED}

    await clean(backend)

    for kind in BURIED:
        after = {row["id"]: row for row in await every_row(person, kind)}
        for row in before[kind]:
            if row["deleted_seq"] is None or row["seq"] > old:
                assert after[row["id"]] == row
            elif row["seq"] > older:
                assert said(kind, after[row["id"]]) == {}
            else:
                assert row["id"] not in after


@pytest.mark.parametrize("kind", BURIED)
async def test_the_janitor_sees_nothing_that_lives_or_lies_in_the_trash(
    person: Person, postgres: EmbeddedPostgres, kind: str
) -> None:
    await furnished(person)
    connection = await asyncpg.connect(postgres.url, server_settings={"role": "taskflow_janitor"})

    seen = await connection.fetchval(f"SELECT count(*) FROM {kind} WHERE space_id = $1", person.id)  # noqa: S608

    await connection.close()
    assert seen == 0


INVITATION = """
INSERT INTO invitations (space_id, id, secret_hash, role, created_by, created_at, expires_at)
SELECT $1, gen_random_uuid(), '', 'editor', $1, now(), now() - make_interval(days => $2)
FROM generate_series(1, $3::int) RETURNING id
"""


async def test_invitations_go_30_days_after_their_end(person: Person, backend: Backend) -> None:
    for days, count in ((31, jobs.BATCH + 1), (29, 2), (-1, 3)):
        await asked(person, INVITATION, days, count)

    await jobs.purge_invitations(attempt(backend), b"")

    assert len(await every_row(person, "invitations")) == 5
