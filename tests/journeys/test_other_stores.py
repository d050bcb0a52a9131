"""The same product on stores that an operator runs: Debian's PostgreSQL and Redis."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from taskflow.foundation.migrations import shipped
from tests.journeys.debian import PASSWORD as DATABASE_PASSWORD
from tests.journeys.debian import Postgres, Redis
from tests.journeys.writing import TASKS, Writers
from tests.served import PASSWORD, PROGRAM, Answer, Served, scratch

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with scratch() as folder:
        yield folder


@pytest.fixture(scope="module")
def postgres(place: Path) -> Iterator[Postgres]:
    server = Postgres(folder(place, "pg"))
    server.make()
    server.start()
    yield server
    server.stop("immediate")


@pytest.fixture(scope="module")
def redis(place: Path) -> Iterator[Redis]:
    server = Redis(folder(place, "redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def stores(postgres: Postgres, redis: Redis) -> dict[str, str]:
    """What names them: a database that is not set up yet."""
    return {"TASKFLOW_DATABASE_URL": postgres.url(), "TASKFLOW_REDIS_URL": redis.url}


@pytest.fixture(scope="module")
def migrated(place: Path, stores: dict[str, str]) -> dict[str, str]:
    """They, once the database is up to date."""
    assert ran("migrate", Served(place, 1, **stores)).returncode == 0
    return stores


@pytest.fixture(scope="module")
def both(place: Path, postgres: Postgres, migrated: dict[str, str]) -> Iterator[list[Served]]:
    """Two instances on the same stores: one logs in as the superuser, one as who may be the application and no more."""
    asyncio.run(postgres.ask(f"CREATE ROLE clerk LOGIN PASSWORD '{DATABASE_PASSWORD}' IN ROLE taskflow_app"))
    instances = [
        Served(folder(place, "a"), 1, **migrated),
        Served(folder(place, "b"), 1, **migrated | {"TASKFLOW_DATABASE_URL": postgres.url("clerk")}),
    ]
    try:
        for instance in instances:
            instance.start()
        yield instances
    finally:
        for instance in instances:
            instance.kill()


def folder(place: Path, name: str) -> Path:
    (place / name).mkdir()
    return place / name


def ran(command: str, served: Served) -> subprocess.CompletedProcess[str]:
    words: list[str | Path] = [PROGRAM, *command.split()]
    return subprocess.run(words, env=served.environment, cwd=served.folder, capture_output=True, text=True, check=False)


def test_it_does_not_serve_a_database_that_is_behind_and_says_what_to_do(place: Path, stores: dict[str, str]) -> None:
    served = Served(place, 1, **stores)

    refused = ran("serve", served)

    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1), refused.stderr
    assert refused.stderr.endswith(": run `taskflow migrate` first\n")
    assert served.processes("taskflow serve") == []


def test_it_is_brought_up_to_date_once(place: Path, stores: dict[str, str]) -> None:
    served = Served(place, 1, **stores)

    first, again = ran("migrate", served), ran("migrate", served)

    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert first.stdout == f"{len(shipped())} migrations ran; the database is up to date\n"
    assert again.stdout == "the database is up to date\n"
    assert first.stderr.splitlines() == [f"migrating: {file.name}" for file in shipped()]


def test_a_day_with_the_product(both: list[Served], tmp_path: Path) -> None:
    served, _ = both
    somebody = served.register()
    token, email = somebody["access_token"], somebody["user"]["email"]

    made = served.call("POST", TASKS, {"title": "Straße", "due_date": "2026-12-01"}, token)
    changed = served.call(
        "PATCH", made.headers["location"], {"status": "done"}, token, {"if-match": made.headers["etag"]}
    )
    again = served.call("POST", "/api/v1/auth/refresh", {"refresh_token": somebody["refresh_token"]})
    wrong = served.call("POST", "/api/v1/auth/login", {"email": email, "password": "no " + PASSWORD})
    (tmp_path / "more.csv").write_text("TYPE,CONTENT\ntask,strasse\n")
    imported = ran(f"import todoist {tmp_path / 'more.csv'} --account {email}", served)
    listed = served.call("GET", f"{TASKS}?sort=title", token=again.body["access_token"])
    gone = served.call("DELETE", made.headers["location"], token=token)

    assert (made.status, changed.status, again.status, wrong.status, gone.status) == (201, 200, 200, 401, 204)
    assert imported.stdout == '1 project made: "more"\n1 task made: line 2\n', imported.stderr
    assert sorted(task["title"] for task in listed.body["items"]) == ["Straße", "strasse"]


def test_what_one_instance_writes_the_other_shows_at_once(both: list[Served]) -> None:
    one, other = both
    token = one.register()["access_token"]
    assert titles(one, token) == titles(other, token) == []

    for number in range(20):
        one, other = other, one
        assert one.call("POST", TASKS, {"title": str(number)}, token).status == 201
        assert len(titles(other, token)) == len(titles(one, token)) == number + 1


def test_who_signs_out_at_one_is_signed_out_at_the_other(both: list[Served]) -> None:
    one, other = both
    token = one.register()["access_token"]
    assert other.call("GET", TASKS, token=token).status == 200

    assert one.call("POST", "/api/v1/auth/logout", token=token).status == 204

    assert other.call("GET", TASKS, token=token).status == 401


async def test_a_superuser_s_login_serves_as_the_application(both: list[Served], postgres: Postgres) -> None:
    token = both[0].register()["access_token"]
    await postgres.ask("ALTER TABLE tasks ADD COLUMN made_as name DEFAULT current_user")

    task = both[0].call("POST", TASKS, {"title": "Pay rent"}, token).body

    rows = await postgres.ask("SELECT made_as, current_user AS we FROM tasks WHERE id = $1", task["id"])
    assert dict(rows[0]) == {"made_as": "taskflow_app", "we": "postgres"}


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_while_the_database_is_away_it_says_so_and_when_it_is_back_all_is_well(
    both: list[Served], postgres: Postgres, how: str
) -> None:
    served, _ = both
    token = served.register()["access_token"]
    task = served.call("POST", TASKS, {"title": "Pay rent"}, token).body
    workers = served.workers()

    postgres.stop(how)
    try:
        away = [served.call(*request, token) for request in requests(task["id"]) for _ in range(3)]
        lives, ready = served.call("GET", "/healthz"), served.call("GET", "/readyz")
    finally:
        postgres.start()
    served.ready()
    back = [served.call(*request, token).status for request in requests(task["id"])]

    for answer in away:
        assert_told(answer)
    assert (lives.status, ready.status) == (200, 503)
    assert back == [200, 201, 200, 401]
    assert served.workers() == workers, "the same processes went on"


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_who_writes_while_the_database_goes_and_comes_loses_nothing_and_sees_no_500(
    both: list[Served], postgres: Postgres, how: str
) -> None:
    served, _ = both
    writers = Writers(served, served.register()["access_token"])

    with writers:
        postgres.stop(how)
        postgres.start()
        served.ready()
        writers.wait_for(20)

    assert {answer.status for answer in writers.failed.values() if answer} <= {503}
    writers.assert_nothing_lost_or_doubled()


def requests(task_id: str) -> list[tuple[str, str, Any]]:
    """A read, two writes and a sign-in: method, path, body."""
    nobody = {"email": "nobody@example.com", "password": PASSWORD}
    return [
        ("GET", f"{TASKS}/{task_id}", None),
        ("POST", TASKS, {"title": "Call the dentist"}),
        ("PATCH", f"{TASKS}/{task_id}", {"status": "done"}),
        ("POST", "/api/v1/auth/login", nobody),
    ]


def assert_told(answer: Answer) -> None:
    """It is unavailable, and when to come again."""
    assert answer.status == 503, answer
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["code"] == "database_gone"
    assert int(answer.headers["retry-after"]) >= 1


def titles(served: Served, token: str) -> list[str]:
    answer = served.call("GET", TASKS, token=token)
    assert answer.status == 200, answer
    return [task["title"] for task in answer.body["items"]]


def test_an_instance_that_starts_while_the_database_is_away_says_so_in_one_line(
    place: Path, migrated: dict[str, str]
) -> None:
    place = folder(place, "c")
    nowhere = {**migrated, "TASKFLOW_DATABASE_URL": "postgresql://postgres@localhost:1/postgres"}

    for command in ("serve", "migrate"):
        refused = ran(command, Served(place, 1, **nowhere))

        assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1), refused.stderr
        assert refused.stderr.startswith("taskflow: the database can't be ")
