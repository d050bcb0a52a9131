"""The shelf: what was read once is answered again until the space has changed, and never after."""

import asyncio
import tracemalloc
from collections.abc import Callable
from uuid import UUID

import pytest
from httpx import Response

from taskflow.api.shelf import LONG_QUERY, OWN_BYTES, Shelf, weight
from taskflow.foundation.redis import keys
from tests.api.two import Process
from tests.client import Client
from tests.foundation.redis.store import Store

TASKS = "/api/v1/tasks"


def seq(space: str, number: int) -> dict[str, str]:
    return {"taskflow-seq": f"{space}={number}"}


def told(answer: Response, client: Client) -> int:
    """The number that an answer carries."""
    space, _, number = answer.headers["taskflow-seq"].partition("=")
    assert space == client.id
    return int(number)


async def test_a_list_that_has_not_changed_is_not_sent_again(both: list[Client]) -> None:
    ada, _ = both
    await ada.task()
    first = await ada.get(TASKS)
    tag = first.headers["etag"]

    answers = [
        await ada.get(TASKS, headers={"if-none-match": held})
        for held in (tag, f"W/{tag}", f'"other", {tag}', f'"other",{tag}')
    ]

    assert {answer.status_code for answer in answers} == {304}
    assert {(answer.content, answer.headers["etag"], told(answer, ada)) for answer in answers} == {
        (b"", tag, told(first, ada))
    }
    assert tag.startswith(f'"{ada.id}.{told(first, ada)}.')


@pytest.mark.parametrize("path", ["/api/v1/tasks", "/api/v1/labels", "/api/v1/projects"])
async def test_a_teams_list_that_has_not_changed_is_not_sent_again(both: list[Client], path: str) -> None:
    team = (await both[0].post("/api/v1/spaces", {"name": "Home"})).json()["id"]
    await both[0].post("/api/v1/tasks", {"title": "Pay rent"}, params={"space": team})
    first = await both[0].get(path, params={"space": team})
    held = {"if-none-match": first.headers["etag"]}

    same = await both[1].get(path, params={"space": team}, headers=held)
    await both[0].post("/api/v1/tasks", {"title": "Pay rent"}, params={"space": team})
    other = await both[1].get(path, params={"space": team}, headers=held)

    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["taskflow-seq"] == first.headers["taskflow-seq"]
    assert (other.status_code, other.headers["etag"]) != (304, held["if-none-match"])


async def test_after_a_write_in_any_process_the_list_is_sent_anew(both: list[Client]) -> None:
    here, there = both
    held = (await here.get(TASKS)).headers["etag"]

    await there.task("Pay rent")

    for client in both:
        anew = await client.get(TASKS, headers={"if-none-match": held})
        assert (anew.status_code, [task["title"] for task in anew.json()["items"]]) == (200, ["Pay rent"])


async def test_a_tag_is_good_for_its_own_filters_only(both: list[Client]) -> None:
    ada, _ = both
    held = (await ada.get(TASKS)).headers["etag"]

    same = await ada.get(f"{TASKS}?limit=50", headers={"if-none-match": held})
    other = await ada.get(f"{TASKS}?status=done", headers={"if-none-match": held})

    assert [same.status_code, other.status_code] == [304, 200]
    assert other.headers["etag"] != held


async def test_what_one_process_has_read_another_finds_on_the_shelf(
    both: list[Client], processes: list[Process], store: Store
) -> None:
    here, there = both
    task = await here.task()
    answer = await here.get(TASKS)
    key = f"tasks:user:{{{here.id}}}:{task['seq']}:{answer.headers['etag'].strip(chr(34)).rpartition('.')[2]}"
    with store.client() as redis:
        assert redis.get(key) == answer.text
        assert 0 < redis.ttl(key) <= 15 * 60
        redis.set(key, '{"from":"the shelf"}')

    assert (await there.get(TASKS)).json() == {"from": "the shelf"}
    assert (await here.get(TASKS)).json() == answer.json()
    assert key in processes[1].application.shelf.own


async def test_the_shelf_of_a_process_keeps_what_was_used_last(processes: list[Process]) -> None:
    shelf = processes[0].application.shelf
    shelf.keep("key 0", b"x")

    for nth in range(40):
        shelf.keep(f"key {nth % 20}", b"x" * 2 * 1024 * 1024)

    assert shelf.bytes == sum(weight(key, body) for key, body in shelf.own.items()) <= OWN_BYTES
    assert list(shelf.own) == [f"key {nth}" for nth in range(5, 20)]
    while shelf.own:
        shelf.bytes -= weight(*shelf.own.popitem())


def memory(work: Callable[[], None]) -> int:
    """How many bytes are held that were not before."""
    tracemalloc.start()
    try:
        work()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return held


def test_a_shelf_full_of_short_answers_takes_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taskflow.api.shelf.OWN_BYTES", 1 << 20)
    shelf = Shelf(None, None, None)  # type: ignore[arg-type] # it stands before nothing

    def fill() -> None:
        for nth in range(20_000):
            shelf.keep(f"tasks:user:{{{UUID(int=nth)}}}:{nth}:{nth:016x}", b"%d" % nth)

    assert memory(fill) <= 1.2 * (1 << 20)
    assert len(shelf.own) > 1_000


def escaped(text: str) -> str:
    """A query's longest way to write it."""
    return "".join(f"%{letter:02x}" for letter in text.encode())


async def test_long_queries_fill_no_memory(both: list[Client], processes: list[Process]) -> None:
    ada, _ = both
    shelf = processes[0].application.shelf
    ordinary, fields = "?sort=title&limit=7", {"status": "todo,done", "sort": "-due", "limit": "7", "space": ada.id}
    fields |= {"due_after": "2026-01-01", "due_before": "2026-12-31"}
    long = "?" + "&".join(f"{escaped(name)}={escaped(value)}" for name, value in fields.items())
    assert len(long) > LONG_QUERY + 1

    tags = [(await ada.get(TASKS + query)).headers["etag"] for query in (ordinary, long, long)]

    assert tags[1] == tags[2]
    remembered = [query for _, query in shelf.digests]
    assert ordinary[1:].encode() in remembered
    assert max(len(query) for query in remembered) <= LONG_QUERY


async def test_a_client_that_names_a_number_of_the_future_is_told_to_come_back(both: list[Client]) -> None:
    ada, _ = both
    task = await ada.task()

    future = seq(ada.id, task["seq"] + 1)
    answers = await asyncio.gather(
        ada.get(TASKS, headers=future),
        ada.get(f"{TASKS}/{task['id']}", headers=future),
        ada.post(TASKS, {"title": "x"}, headers=future),
    )

    for answer in answers:
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "not_there_yet", "1")
    assert len((await ada.get(TASKS)).json()["items"]) == 1


async def test_a_number_that_arrives_meanwhile_is_waited_for(both: list[Client]) -> None:
    here, there = both
    task = await here.task("First")

    read, _ = await asyncio.gather(here.get(TASKS, headers=seq(here.id, task["seq"] + 1)), there.task("Second"))

    assert [task["title"] for task in read.json()["items"]] == ["Second", "First"]


@pytest.mark.parametrize(
    "seen", ["{space}=1", "{space}={number}", "nonsense", "{space}=-1", "{space}=1e9", "{other}=9"]
)
async def test_a_number_of_the_past_or_none_at_all_changes_nothing(both: list[Client], seen: str) -> None:
    ada, _ = both
    task = await ada.task()
    text = seen.format(space=ada.id, number=task["seq"], other=UUID(int=0))

    answer = await ada.get(TASKS, headers={"taskflow-seq": text})

    assert (answer.status_code, told(answer, ada)) == (200, task["seq"])


async def test_several_numbers_may_be_named_in_one_header_or_in_many(both: list[Client]) -> None:
    ada, _ = both
    task = await ada.task()
    here, elsewhere = f"{ada.id}={task['seq'] + 1}", f"{UUID(int=0)}=9"

    for lines in ([f"{elsewhere}, {here}"], [here, elsewhere], [f"{ada.id}=1", here]):
        answer = await ada.http.get(
            TASKS,
            headers=[
                ("authorization", f"Bearer {ada.signed_in['access_token']}"),
                *(("taskflow-seq", line) for line in lines),
            ],
        )
        assert answer.status_code == 503


async def test_a_redis_that_fell_back_misleads_nobody_who_says_what_they_have_seen(
    both: list[Client], store: Store
) -> None:
    ada, other = both
    first = await ada.task("First")
    assert len((await ada.get(TASKS)).json()["items"]) == 1
    second = await ada.task("Second")
    with store.client() as redis:
        redis.set(keys.known(ada.id), first["seq"], px=30_000)

    answer = await other.get(TASKS, headers=seq(ada.id, second["seq"]))
    later = await ada.get(TASKS)

    assert told(answer, ada) == told(later, ada) == second["seq"]
    assert len(answer.json()["items"]) == len(later.json()["items"]) == 2


async def test_a_known_number_lives_30_s_from_what_set_it_whoever_reads_it(both: list[Client], store: Store) -> None:
    ada, _ = both
    await ada.get(TASKS)
    await ada.task()
    with store.client() as redis:
        key = keys.known(ada.id)
        redis.pexpire(key, 20_000)

        await ada.get(TASKS)
        await ada.get(f"{TASKS}?limit=1")
        unprolonged = redis.pttl(key)
        await ada.task()
        anew = redis.pttl(key)

    assert 0 < unprolonged <= 20_000 < anew <= 30_000


async def test_what_a_writer_that_died_has_left_is_seen_when_the_number_runs_out(
    both: list[Client], processes: list[Process], store: Store
) -> None:
    here, there = both
    task = await here.task("First")
    await there.get(TASKS)
    processes[0].turn.dying = True
    lost = await here.patch(f"{TASKS}/{task['id']}", {"title": "Changed"})
    assert lost.status_code == 500

    with store.client() as redis:
        assert redis.pttl(keys.known(here.id)) <= 30_000
        redis.delete(keys.known(here.id))

    assert [task["title"] for task in (await there.get(TASKS)).json()["items"]] == ["Changed"]


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_who_was_told_that_a_task_is_gone_does_not_see_it_again(
    both: list[Client], processes: list[Process], method: str
) -> None:
    here, there = both
    task = await here.task("First")
    await there.get(TASKS)
    processes[0].turn.dying = True
    await here.delete(f"{TASKS}/{task['id']}")

    gone = await there.call(method, f"{TASKS}/{task['id']}", **({"json": {"title": "x"}} if method == "PATCH" else {}))

    assert gone.status_code == 404
    listed = await there.get(TASKS)
    assert (listed.json()["items"], told(listed, there)) == ([], told(gone, there))


async def test_who_has_seen_one_task_changed_sees_it_changed_in_the_list(
    both: list[Client], processes: list[Process]
) -> None:
    here, there = both
    task = await here.task("First")
    await there.get(TASKS)
    processes[0].turn.dying = True
    await here.patch(f"{TASKS}/{task['id']}", {"title": "Changed"})

    one = (await there.get(f"{TASKS}/{task['id']}")).json()
    listed = (await there.get(TASKS)).json()["items"]

    assert listed == [one]
    assert one["title"] == "Changed"


async def test_who_has_seen_one_task_changed_in_a_list_over_all_sees_it_changed_in_that_of_their_own(
    both: list[Client], processes: list[Process]
) -> None:
    here, there = both
    task = await here.task("First")
    await there.get(TASKS)
    processes[0].turn.dying = True
    await here.patch(f"{TASKS}/{task['id']}", {"title": "Changed"})

    everything = (await there.get(f"{TASKS}?space=all")).json()["items"]
    own = (await there.get(TASKS)).json()["items"]

    assert [task["title"] for task in everything] == ["Changed"]
    assert own == everything
