"""Completing a recurring task makes the next one: once, in the same act, whoever completes it how often."""

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from taskflow.features.comments.model import CreateComment
from taskflow.features.spaces.model import Role, UpdateMe
from taskflow.features.tasks.errors import SeriesEnds, TaskDoesNotRecur, TaskDone
from taskflow.features.tasks.model import CreateTask, DeleteTask, SkipTask, Task, UpdateTask
from taskflow.features.tasks.recurrence import next_id
from taskflow.foundation.backend import Backend
from taskflow.foundation.ids import Id
from taskflow.foundation.refusal import Invalid
from tests import things
from tests.account import Person, new_person
from tests.features.spaces.team import join, locked, new_team, number_of, set_role, waiting
from tests.features.sync.device import Device

WEDNESDAY = date(2026, 11, 25)
DAY = timedelta(days=1)


async def daily(person: Person, **fields: Any) -> Id:
    """A task for every day, the first on a Wednesday."""
    return await things.task(person, **{"due_date": WEDNESDAY, "recurrence": "FREQ=DAILY", **fields})


def done(task: Id, today: date = WEDNESDAY) -> UpdateTask:
    return UpdateTask(id=task, status="done", today=today)


def again(task: Id) -> UpdateTask:
    return UpdateTask(id=task, status="todo")


async def tasks_of(person: Person) -> dict[UUID, Task]:
    """All that is there."""
    device = Device(person.backend, person.access)
    await device.catch_up()
    return {thing.id: thing for (kind, _), thing in device.rows.items() if kind == "tasks"}


async def others(person: Person, *known: Id) -> list[Task]:
    """What there is beside these."""
    return sorted(
        (task for task in (await tasks_of(person)).values() if task.id not in known),
        key=lambda task: str(task.due_date),
    )


async def test_a_recurring_task_that_is_done_makes_the_next_one_as_it_was_itself(person: Person) -> None:
    project = await things.project(person)
    section, label = await things.section(person, project), await things.label(person)
    task = await daily(
        person,
        title="Water the plants",
        description="all of them",
        priority=2,
        project_id=project,
        section_id=section,
        label_ids=[label],
        assignee_id=Id(str(person.id)),
        position="V",
    )
    before = await number_of(person)

    completed = await person.do(done(task))

    (following,) = await others(person, task)
    first = (await tasks_of(person))[task]
    assert completed["status"] == "done"
    assert (following.due_date, following.status, following.completed_at) == (WEDNESDAY + DAY, "todo", None)
    same = ("title", "description", "priority", "project_id", "section_id", "label_ids", "assignee_id", "position")
    assert {field: getattr(following, field) for field in same} == {field: getattr(first, field) for field in same}
    assert (following.recurrence, following.recurs_from, following.series_id) == ("FREQ=DAILY", "due", task)
    assert following.id == next_id(task, WEDNESDAY + DAY)
    assert {following.seq, completed["seq"]} == {before + 1, before + 2}
    assert completed["seq"] == before + 2, "what was named has the last number"


async def test_a_series_goes_on_with_one_open_task_at_a_time(person: Person) -> None:
    task = await daily(person, recurrence="FREQ=DAILY;COUNT=3")

    days = []
    while open_ones := [each for each in (await tasks_of(person)).values() if each.status == "todo"]:
        days += [each.due_date for each in open_ones]
        await person.do(done(Id(str(open_ones[0].id)), WEDNESDAY + len(days) * DAY - DAY))

    assert days == [WEDNESDAY, WEDNESDAY + DAY, WEDNESDAY + 2 * DAY]
    assert {each.series_id for each in (await tasks_of(person)).values()} == {task}


async def test_completing_a_second_time_changes_nothing(person: Person) -> None:
    task = await daily(person)
    await person.do(done(task))
    before = await number_of(person)

    await person.do(done(task, WEDNESDAY + 5 * DAY))

    assert await number_of(person) == before
    assert len(await others(person, task)) == 1


async def test_what_is_not_done_after_all_takes_the_next_one_back_and_doing_it_again_brings_it_back(
    person: Person,
) -> None:
    task = await daily(person)
    await person.do(done(task))
    (first,) = await others(person, task)

    await person.do(again(task))
    between = await others(person, task)
    await person.do(done(task))

    (second,) = await others(person, task)
    assert between == []
    assert (second.id, second.due_date) == (first.id, first.due_date)


async def test_done_again_on_a_later_day_it_makes_the_one_of_that_day_and_no_second(person: Person) -> None:
    task = await daily(person)
    await person.do(done(task))
    await person.do(again(task))

    await person.do(done(task, WEDNESDAY + 3 * DAY))

    assert [each.due_date for each in await others(person, task)] == [WEDNESDAY + 4 * DAY]


async def test_a_next_one_that_somebody_has_touched_stays_and_no_second_is_made(person: Person) -> None:
    for touch in ("renamed", "commented", "completed", "divided"):
        task = await daily(person)
        before = set(await tasks_of(person))
        await person.do(done(task))
        (following,) = set(await tasks_of(person)) - before
        next_one = Id(str(following))
        if touch == "renamed":
            await person.do(UpdateTask(id=next_one, title="Water them"))
        elif touch == "commented":
            await person.do(CreateComment(task_id=next_one, body="I did"))
        elif touch == "completed":
            await person.do(done(next_one, WEDNESDAY + DAY))
        else:
            await things.task(person, parent_id=next_one)
        there = set(await tasks_of(person))

        await person.do(again(task))
        await person.do(done(task, WEDNESDAY + 9 * DAY))

        assert set(await tasks_of(person)) == there, touch


async def test_a_next_one_that_was_deleted_comes_back_in_its_row(person: Person) -> None:
    task = await daily(person)
    await person.do(done(task))
    (first,) = await others(person, task)
    await person.do(DeleteTask(id=Id(str(first.id))))
    await person.do(again(task))
    await person.do(UpdateTask(id=task, title="Water them"))

    await person.do(done(task))

    (second,) = await others(person, task)
    assert (second.id, second.title) == (first.id, "Water them")
    assert second.seq > first.seq


async def test_the_end_of_an_old_one_in_the_middle_touches_no_later_one(person: Person) -> None:
    task = await daily(person)
    await person.do(done(task))
    (second,) = await others(person, task)
    await person.do(done(Id(str(second.id)), WEDNESDAY + DAY))

    await person.do(again(task))

    assert [each.due_date for each in await others(person, task)] == [WEDNESDAY + DAY, WEDNESDAY + 2 * DAY]


@pytest.mark.parametrize("rounds", [2, pytest.param(1000, marks=pytest.mark.long)])
async def test_two_who_complete_the_same_at_once_make_one_next(backend: Backend, rounds: int) -> None:
    ada, eve = await new_person(backend), await new_person(backend, "Eve")
    for _ in range(rounds // 50 + 1):
        team = await new_team(ada)
        both = [team, await join(team, eve, Role.EDITOR)]
        for _ in range(min(rounds, 50)):
            task = await daily(team)
            before = set(await tasks_of(team))

            async with locked(backend, team):
                completing = [asyncio.create_task(each.do(done(task))) for each in both]
                await waiting(backend, 2)
            await asyncio.gather(*completing)

            assert len(set(await tasks_of(team)) - before) == 1


async def test_completing_while_another_deletes_leaves_the_next_one_or_none(backend: Backend) -> None:
    team = await new_team(await new_person(backend))
    eve = await join(team, await new_person(backend, "Eve"), Role.EDITOR)
    task = await daily(team)

    async with locked(backend, team):
        both = [asyncio.create_task(team.do(done(task))), asyncio.create_task(eve.do(DeleteTask(id=task)))]
        await waiting(backend, 2)
    results = await asyncio.gather(*both, return_exceptions=True)

    completed = not isinstance(results[0], BaseException)
    assert len(await tasks_of(team)) == int(completed)


async def test_a_next_one_with_that_id_that_is_there_already_is_the_next_one(person: Person) -> None:
    task = await daily(person)
    theirs = Id(str(next_id(task, WEDNESDAY + DAY)))
    await things.task(person, "made by the device itself", id=theirs, due_date=WEDNESDAY + DAY)

    await person.do(done(task))

    assert [each.title for each in await others(person, task)] == ["made by the device itself"]


async def test_the_day_of_completion_is_that_of_the_persons_own_time_zone(backend: Backend) -> None:
    person = await new_person(backend)
    team = await new_team(person)
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):  # always two dates
        await person.do(UpdateMe(time_zone=zone))
        task = await daily(team, due_date=date(2020, 1, 1))
        known = {Id(str(each)) for each in await tasks_of(team)}

        answered = await team.do(UpdateTask(id=task, status="done"))

        (following,) = await others(team, *known)
        there = datetime.fromisoformat(answered["completed_at"]).astimezone(UTC) + offset(zone)
        assert following.due_date == there.date() + DAY


def offset(zone: str) -> timedelta:
    return timedelta(hours=14 if zone == "Pacific/Kiritimati" else -12)


async def test_from_completion_the_interval_begins_on_the_day_it_was_done(person: Person) -> None:
    task = await daily(person, recurrence="FREQ=DAILY;INTERVAL=10", recurs_from="completion")

    await person.do(done(task, date(2026, 12, 1)))

    assert [each.due_date for each in await others(person, task)] == [date(2026, 12, 11)]


async def test_a_time_stays_at_its_hour_where_clocks_are_changed(person: Person) -> None:
    task = await daily(
        person,
        due_date=None,
        due_at=datetime(2026, 10, 24, 7, tzinfo=UTC),
        due_zone="Europe/Berlin",
    )

    await person.do(done(task, date(2026, 10, 24)))

    assert [each.due_at for each in await others(person, task)] == [datetime(2026, 10, 25, 8, tzinfo=UTC)]


async def test_the_next_one_is_not_for_somebody_who_has_left(person: Person, backend: Backend) -> None:
    team = await new_team(person)
    eve = await join(team, await new_person(backend, "Eve"), Role.EDITOR)
    task = await daily(team, assignee_id=Id(str(eve.id)))
    async with backend.database.transaction(team.access.space_id) as transaction:
        await set_role(transaction, eve, Role.FORMER)

    completed = await team.do(done(task))

    assert completed["assignee_id"] == str(eve.id), "what was theirs stays theirs"
    assert [each.assignee_id for each in await others(team, task)] == [None]


async def test_sub_tasks_stay_as_they_are_below_the_one_that_is_done(person: Person) -> None:
    task = await daily(person)
    below = await things.task(person, parent_id=task)

    await person.do(done(task))

    there = await tasks_of(person)
    assert (there[below].status, there[below].parent_id) == ("todo", task)
    assert len(there) == 3


async def test_one_time_is_skipped_and_the_task_stays_itself(person: Person) -> None:
    task = await daily(person, recurrence="FREQ=DAILY;COUNT=2")

    skipped = await person.do(SkipTask(id=task, today=WEDNESDAY))

    assert (skipped["id"], skipped["status"], skipped["due_date"]) == (str(task), "todo", "2026-11-26")
    assert skipped["recurrence"] == "FREQ=DAILY;COUNT=1"
    assert len(await tasks_of(person)) == 1
    with pytest.raises(SeriesEnds):
        await person.do(SkipTask(id=task, today=WEDNESDAY))


async def test_what_does_not_recur_or_is_done_is_not_skipped(person: Person) -> None:
    once = await things.task(person, due_date=WEDNESDAY)
    over = await daily(person, status="done")

    with pytest.raises(TaskDoesNotRecur):
        await person.do(SkipTask(id=once))
    with pytest.raises(TaskDone):
        await person.do(SkipTask(id=over))


async def test_a_rule_is_kept_in_its_one_way_of_writing(person: Person) -> None:
    task = await things.task(person, due_date=WEDNESDAY)

    recurring = await person.do(UpdateTask(id=task, recurrence="rrule:byday=mo,mo;freq=weekly"))
    same = await person.do(UpdateTask(id=task, recurrence="FREQ=WEEKLY;BYDAY=MO;INTERVAL=1"))

    assert (recurring["recurrence"], recurring["recurs_from"]) == ("FREQ=WEEKLY;BYDAY=MO", "due")
    assert recurring["series_id"] == str(task)
    assert same["seq"] == recurring["seq"]


async def test_the_same_create_of_a_recurring_task_is_the_same_task(person: Person) -> None:
    create = CreateTask(id=things.fresh_id(), title="Water", due_date=WEDNESDAY, recurrence="freq=daily")
    await person.do(create)
    before = await number_of(person)

    await person.do(create)

    assert await number_of(person) == before


async def test_without_a_date_nothing_recurs(person: Person) -> None:
    task = await daily(person, recurs_from="completion")

    undated = await person.do(UpdateTask(id=task, due_date=None))

    assert (undated["recurrence"], undated["recurs_from"]) == (None, None)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"recurrence": "FREQ=DAILY", "due_date": None}, "/recurrence"),
        ({"recurrence": "FREQ=HOURLY"}, "/recurrence"),
        ({"recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "/recurrence"),
        ({"recurrence": "FREQ=DAILY;UNTIL=20200101"}, "/recurrence"),
        ({"recurs_from": "completion"}, "/recurs_from"),
        ({"recurrence": None, "recurs_from": "due"}, "/recurs_from"),
    ],
)
async def test_what_can_not_recur_is_refused_and_nothing_is_written(
    person: Person, fields: dict[str, Any], pointer: str
) -> None:
    task = await things.task(person, due_date=WEDNESDAY)
    before = await number_of(person)

    for args in (CreateTask(title="x", **{"due_date": WEDNESDAY, **fields}), UpdateTask(id=task, **fields)):
        with pytest.raises(Invalid) as refusal:
            await person.do(args)
        assert [fault.pointer for fault in refusal.value.errors] == [pointer]
    assert await number_of(person) == before


async def test_a_rule_that_has_come_to_its_end_may_stay_while_the_date_moves(person: Person) -> None:
    task = await daily(person, recurrence="FREQ=DAILY;UNTIL=20261130")

    moved = await person.do(UpdateTask(id=task, due_date=date(2026, 12, 24)))
    await person.do(done(task, date(2026, 12, 24)))

    assert moved["recurrence"] == "FREQ=DAILY;UNTIL=20261130"
    assert await others(person, task) == []


async def test_any_day_of_completion_is_taken(person: Person) -> None:
    for today in (date.min, date.max):
        task = await daily(person)
        with suppress(Invalid):
            await person.do(done(task, today))

    assert all(each.due_date and each.due_date >= WEDNESDAY for each in (await tasks_of(person)).values())
