"""`taskflow import todoist`: what it makes, what it says, and that it makes all of a file or nothing."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from taskflow.features.imports.todoist.file import read
from taskflow.foundation.backend import Backend
from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from taskflow.foundation.settings import Settings
from tests.account import signed_in
from tests.client import Client
from tests.features.imports.commanded import (
    FORMS,
    HEADER,
    csv_of,
    email_of,
    environment,
    taskflow,
    taskflow_import,
    titles,
)
from tests.logins import new_login

ONE_MADE = '1 project made: "project"\n1 task made: line 2\n'


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    return environment(settings)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
async def test_a_real_export_is_brought_in_once_however_often_it_is_imported(
    ada: Client, environ: dict[str, str], form: Path
) -> None:
    expected = read(form, lambda _done, _whole: None).tasks
    lines = f": lines {expected[0].line}"

    first, again = [await asyncio.to_thread(taskflow_import, form, email_of(ada), environ) for _ in range(2)]

    assert (first.returncode, first.stderr, again.returncode, again.stderr) == (0, "", 0, "")
    assert f"\n{len(expected)} tasks made{lines}" in first.stdout
    assert again.stdout.startswith(f'0 tasks made\n1 project here already: "{form.stem}"\n')
    assert f"\n{len(expected)} tasks here already{lines}" in again.stdout
    assert await titles(ada) == [task.title for task in expected]


async def test_a_later_export_brings_in_what_is_new(ada: Client, environ: dict[str, str], tmp_path: Path) -> None:
    await asyncio.to_thread(taskflow_import, csv_of(tmp_path, "milk", "bread", "milk"), email_of(ada), environ)
    later = csv_of(tmp_path, "eggs", "milk", "milk", "bread", "milk")

    done = await asyncio.to_thread(taskflow_import, later, email_of(ada), environ)

    already = '1 project here already: "project"\n3 tasks here already: lines 3-5\n'
    assert done.stdout == f"2 tasks made: lines 2, 6\n{already}"
    assert await titles(ada) == ["milk", "bread", "milk", "eggs", "milk"]


async def test_what_was_deleted_since_stays_deleted(ada: Client, environ: dict[str, str], tmp_path: Path) -> None:
    file = csv_of(tmp_path, "milk", "bread")
    await asyncio.to_thread(taskflow_import, file, email_of(ada), environ)
    page = (await ada.get("/api/v1/tasks")).json()
    await ada.delete(f"/api/v1/tasks/{page['items'][0]['id']}")

    done = await asyncio.to_thread(taskflow_import, file, email_of(ada), environ)

    already = '1 project here already: "project"\n2 tasks here already: lines 2-3\n'
    assert done.stdout == f"0 tasks made\n{already}"
    assert len(await titles(ada)) == 1


async def test_taskwarrior_s_export_is_brought_in_once_in_the_account_s_own_zone(
    ada: Client, environ: dict[str, str]
) -> None:
    await ada.patch("/api/v1/me", {"time_zone": "Europe/Berlin"})
    file = Path(__file__).parent / "taskwarrior" / "export-2.6.2.json"

    first, again = [
        await asyncio.to_thread(taskflow_import, file, email_of(ada), environ, "taskwarrior") for _ in range(2)
    ]

    assert (first.returncode, first.stderr, again.returncode, again.stderr) == (0, "", 0, "")
    assert first.stdout.splitlines()[:5] == [
        '3 projects made: "Home", "Kinder", "Work"',
        "2 sections made: lines 5-10",
        '4 labels made: "phone", "bank", "kita", "家族"',
        "9 tasks made: lines 3-13",
        "2 comments made: line 4",
    ]
    assert again.stdout.startswith("0 tasks made\n3 projects here already: ")
    rent = next(task for task in (await ada.get("/api/v1/tasks?q=Pay%20rent")).json()["items"])
    assert (rent["due_zone"], rent["recurrence"]) == ("Europe/Berlin", "FREQ=MONTHLY;UNTIL=20271231T000000Z")


async def test_what_is_exported_is_imported_by_another_account(
    ada: Client, client: Client, backend: Backend, environ: dict[str, str], tmp_path: Path
) -> None:
    grace, file = Client(client.http, await signed_in(backend)), tmp_path / "all.json"
    project = (await ada.post("/api/v1/projects", {"name": "Home"})).json()
    await ada.post("/api/v1/tasks", {"title": "milk", "project_id": project["id"]})
    await asyncio.to_thread(taskflow, environ, "export", "--account", email_of(ada), "-o", str(file))

    done = await asyncio.to_thread(taskflow_import, file, email_of(grace), environ, "taskflow")

    assert (done.returncode, done.stdout) == (0, '1 project made: "Home"\n1 task made: line 9\n')
    (milk,) = (await grace.get("/api/v1/tasks")).json()["items"]
    assert (milk["title"], milk["project_id"]) == ("milk", project["id"])


async def test_what_does_not_fit_among_the_rest_is_told_with_its_line(
    ada: Client, client: Client, backend: Backend, environ: dict[str, str], tmp_path: Path
) -> None:
    grace, file = Client(client.http, await signed_in(backend)), tmp_path / "all.json"
    await ada.post("/api/v1/tasks", {"title": "milk", "due_date": "2026-12-01", "recurrence": "FREQ=DAILY"})
    await asyncio.to_thread(taskflow, environ, "export", "--account", email_of(ada), "-o", str(file))
    file.write_text(file.read_text().replace("FREQ=DAILY", "FREQ=SECONDLY"))

    done = await asyncio.to_thread(taskflow_import, file, email_of(grace), environ, "taskflow")

    assert (done.returncode, done.stdout) == (1, "")
    said = "line 7: recurrence: needs FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"
    assert done.stderr == f"taskflow: {file}: {said}\n"


async def test_a_list_that_was_just_shown_has_them_the_next_time(
    ada: Client, environ: dict[str, str], tmp_path: Path
) -> None:
    before = await ada.get("/api/v1/tasks")
    assert (await ada.get("/api/v1/tasks", headers={"if-none-match": before.headers["etag"]})).status_code == 304

    await asyncio.to_thread(taskflow_import, csv_of(tmp_path, "milk", "bread"), email_of(ada), environ)

    after = await ada.get("/api/v1/tasks", headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert {task["title"] for task in after.json()["items"]} == {"milk", "bread"}


async def test_the_address_is_that_of_signing_in(ada: Client, environ: dict[str, str], tmp_path: Path) -> None:
    done = await asyncio.to_thread(taskflow_import, csv_of(tmp_path, "milk"), email_of(ada).upper(), environ)

    assert done.stdout == ONE_MADE


@pytest.mark.parametrize("email", ["nobody@example.com", "", "no address", "a\x1b[2Jb@example.com"])
def test_an_unknown_account_is_told_in_one_line(environ: dict[str, str], tmp_path: Path, email: str) -> None:
    done = taskflow_import(csv_of(tmp_path, "milk"), email, environ)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"taskflow: there is no account with the address {email!r}: register it in the app first\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("no.csv", None, "it can't be read: No such file or directory"),
        (".", None, "it can't be read: Is a directory"),
        ("empty.csv", "", "it is empty"),
        ("bad.csv", f"{HEADER}\ntask,milk\ntask,bread\ntask,\n", "line 4: the task has no title (CONTENT is empty)"),
        ("bad.csv", f"{HEADER}\ntask,milk\ntask,bread,,5\n", 'line 3: PRIORITY is "5", not 1, 2, 3 or 4'),
        ("bad.csv", f"{HEADER}\ntask,milk\ntask,\x00\n", "line 3: byte 6 is a NUL character: this is no text in UTF-8"),
        ("bad.csv", f'{HEADER}\ntask,milk\ntask,"bread\n', "line 3: a quote that opens here never closes"),
    ],
)
async def test_a_file_that_is_refused_is_told_in_one_line_and_nothing_of_it_is_made(
    ada: Client, environ: dict[str, str], tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_text(content)

    done = await asyncio.to_thread(taskflow_import, file, email_of(ada), environ)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"taskflow: {file}: {said}\n"
    assert await titles(ada) == []


async def test_a_moment_at_the_calendar_s_very_limits_is_kept_as_words(
    ada: Client, environ: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "limits.csv"
    rows = ["0001-01-01 00:00", "9999-12-31 23:59", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59Z"]
    file.write_text("\n".join([HEADER, *(f"task,milk,,4,1,{row},en,UTC" for row in rows)]))

    done = await asyncio.to_thread(taskflow_import, file, email_of(ada), environ)

    assert (done.returncode, done.stderr) == (0, "")
    assert 'line 2: due date "0001-01-01 00:00" kept as words in the description' in done.stdout
    items = (await ada.get("/api/v1/tasks", params={"sort": "due"})).json()["items"]
    assert sorted(task["due_date"] or task["due_at"] or "" for task in items) == [
        "",
        "0001-01-01",
        "9999-12-31",
        "9999-12-31T23:59:00Z",
        "9999-12-31T23:59:59Z",
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"TASKFLOW_DATABASE_URL": "postgresql://localhost:1/none"}, "the database can't be reached: "),
        ({"TASKFLOW_DATABASE_URL": "postgresql:///none?host=/nowhere"}, "the database can't be reached: "),
        ({"TASKFLOW_REDIS_URL": "redis://localhost:1?colour=red"}, "TASKFLOW_REDIS_URL: a Redis URL with an option"),
        ({"TASKFLOW_PORT": "eighty"}, "TASKFLOW_PORT is 'eighty'"),
    ],
)
def test_stores_that_are_not_there_are_told_in_one_line(
    environ: dict[str, str], tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    done = taskflow_import(csv_of(tmp_path, "milk"), "a@example.com", environ | changed)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"taskflow: {said}")
    assert done.stderr.count("\n") == 1


async def test_without_redis_they_are_made_all_the_same(ada: Client, environ: dict[str, str], tmp_path: Path) -> None:
    gone = environ | {"TASKFLOW_REDIS_URL": "redis://localhost:1"}

    done = await asyncio.to_thread(taskflow_import, csv_of(tmp_path, "milk"), email_of(ada), gone)

    assert (done.returncode, done.stdout, done.stderr) == (0, ONE_MADE, "")


async def test_a_login_that_may_not_be_the_application_is_told_so(
    environ: dict[str, str], tmp_path: Path, postgres: EmbeddedPostgres
) -> None:
    login = await new_login(postgres)
    admin = await asyncpg.connect(postgres.url)
    await admin.execute(f"GRANT SELECT ON migrations TO {login}")

    stranger = environ | {"TASKFLOW_DATABASE_URL": postgres.url_as(login)}
    done = await asyncio.to_thread(taskflow_import, csv_of(tmp_path, "milk"), "a@example.com", stranger)
    await admin.execute(f"REVOKE SELECT ON migrations FROM {login}")  # noqa: S608 - a name made by the test
    await admin.close()

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("taskflow: nothing was imported: permission denied")
