"""Every table and every statement is one that a Citus takes; what each rule refuses is shown by an example."""

import ast
import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

import taskflow
from taskflow.foundation.settings import Settings
from tests.architecture.catalogue import tables
from tests.architecture.citus import Keys, faults, table_faults
from tests.architecture.every_statement import SQL

# On every node alike, for they are few and seldom change: Citus calls them reference tables.
REFERENCE = {"accounts", "installation", "migrations", "signing_keys"}
# On the coordinator alone: whoever works on a job asks there.
LOCAL = {"jobs.queue"}
KEYS: Keys = {
    "spaces": ["space_id"],
    "memberships": ["space_id", "account_id"],
    "tasks": ["space_id", "id"],
    "answers": ["space_id", "account_id", "key"],
}


@pytest.fixture(scope="module")
async def owner(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """The login that migrates."""
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def keys(owner: asyncpg.Connection) -> Keys:
    """The tables that are spread by space."""
    return {table.name: table.key for table in (await tables(owner)).values() if table.owner == "space_id"}


async def test_every_table_is_spread_by_space_or_is_on_a_list(owner: asyncpg.Connection, keys: Keys) -> None:
    assert (await tables(owner)).keys() - keys.keys() == REFERENCE | LOCAL


async def test_every_table_that_is_spread_keeps_the_rules(owner: asyncpg.Connection, keys: Keys) -> None:
    everything = await tables(owner)

    assert [fault for name in keys for fault in table_faults(everything[name], keys)] == []


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("space_id uuid NOT NULL, id uuid PRIMARY KEY", "bad: the primary key is without space_id"),
        ("space_id uuid NOT NULL, id uuid", "bad: the primary key is without space_id"),
        ("space_id uuid, id uuid UNIQUE, PRIMARY KEY (space_id, id)", "bad_id_key is unique over all spaces"),
        (
            "space_id uuid, id uuid, during tsrange, PRIMARY KEY (space_id, id), EXCLUDE USING gist (during WITH &&)",
            "bad_during_excl is unique over all spaces",
        ),
        ("space_id text, id uuid, PRIMARY KEY (space_id, id)", "bad: space_id is text"),
        (
            "space_id uuid, id uuid, kid text REFERENCES signing_keys ON DELETE SET NULL, PRIMARY KEY (space_id, id)",
            "bad_kid_fkey sets columns when its target goes",
        ),
        (
            "space_id uuid, id uuid, home uuid REFERENCES spaces, PRIMARY KEY (space_id, id)",
            "bad_home_fkey points into any space",
        ),
        ("space_id uuid, id bigserial, PRIMARY KEY (space_id, id)", "bad.id comes out of a sequence"),
        (
            "space_id uuid, id int GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (space_id, id)",
            "bad.id comes out of a sequence",
        ),
    ],
)
async def test_a_table_that_breaks_a_rule_is_found_out(
    owner: asyncpg.Connection, keys: Keys, table: str, fault: str
) -> None:
    undone = owner.transaction()
    await undone.start()
    await owner.execute(f"CREATE TABLE bad ({table})")
    found = table_faults((await tables(owner))["bad"], keys)
    await undone.rollback()

    assert found == [fault]


async def test_a_table_with_a_trigger_is_found_out(owner: asyncpg.Connection, keys: Keys) -> None:
    undone = owner.transaction()
    await undone.start()
    await owner.execute(
        "CREATE TABLE bad (space_id uuid PRIMARY KEY);"
        "CREATE TRIGGER told AFTER INSERT ON bad EXECUTE FUNCTION suppress_redundant_updates_trigger()"
    )
    found = table_faults((await tables(owner))["bad"], keys)
    await undone.rollback()

    assert found == ["bad has the trigger told"]


async def test_every_statement_keeps_the_rules(keys: Keys) -> None:
    found = {name: faults(sql, keys) for name, sql in SQL.items()}

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("SELECT t.id FROM tasks t WHERE t.id = $1", "tasks is read without its space"),
        ("SELECT t.id FROM tasks t WHERE t.space_id = $2", "tasks is read without its space"),
        ("SELECT t.id FROM tasks t WHERE t.space_id = $12", "tasks is read without its space"),
        (
            "SELECT t.id FROM spaces s JOIN tasks t ON t.id = $2 WHERE s.space_id = $1",
            "tasks is read without its space",
        ),
        ("SELECT t.id FROM spaces s, tasks t WHERE s.space_id = $1", "tasks is read without its space"),
        (
            "SELECT t.id FROM tasks t WHERE t.space_id = $1 AND t.id IN (SELECT m.account_id FROM memberships m)",
            "memberships is read without its space",
        ),
        ("UPDATE tasks SET title = $1 WHERE id = $2", "tasks is read without its space"),
        ("DELETE FROM answers WHERE key = $1", "answers is read without its space"),
        (
            "UPDATE tasks AS t SET seq = m.seq FROM memberships m WHERE t.space_id = $1 AND t.id = m.account_id",
            "memberships is read without its space",
        ),
        ("INSERT INTO tasks (id, space_id) VALUES ($1, $2)", "tasks is filled without its space"),
        ("INSERT INTO tasks (space_id, id) VALUES ($2, $1)", "tasks is filled without its space"),
        (
            "INSERT INTO tasks (space_id, id) SELECT s.space_id, s.id FROM unnest($2::uuid[]) s (id)",
            "tasks is filled by a SELECT that does not begin at its space",
        ),
        (
            """WITH gone AS (DELETE FROM tasks AS t WHERE t.space_id = $1 RETURNING t.id)
            INSERT INTO answers (space_id, key) SELECT s.space_id, g.id FROM spaces s, gone g WHERE s.space_id = $1""",
            "answers is filled from what another write returns",
        ),
        (
            "INSERT INTO tasks (space_id, seq) VALUES ($1, (SELECT max(t.seq) FROM tasks t WHERE t.space_id = $1))",
            "a sub-query in VALUES",
        ),
        (
            "INSERT INTO tasks (space_id, id) VALUES ($1, $2) RETURNING id",
            "RETURNING id is by no alias",
        ),
        (
            "UPDATE tasks AS t SET seq = $2 WHERE t.space_id = $1 RETURNING t.id, seq",
            "RETURNING seq is by no alias",
        ),
        (
            "UPDATE tasks AS t SET seq = $2 WHERE t.space_id = $1 RETURNING t.id, t.seq + pg_backend_pid()",
            "RETURNING calls pg_backend_pid()",
        ),
        (
            "SELECT set_config('app.space', $1, true) FROM spaces s WHERE s.space_id = $1",
            "a setting is read or written",
        ),
        (
            "SELECT t.id FROM tasks t WHERE t.space_id = $1 AND current_setting('app.space') = $2",
            "a setting is read or written",
        ),
        (
            "INSERT INTO tasks (space_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            "ON CONFLICT in tasks without its space",
        ),
        (
            "INSERT INTO tasks (space_id, id) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
            "ON CONFLICT in tasks without its space",
        ),
        ("SELECT t.id FROM tasks t WHERE t.space_id = $1 FOR UPDATE", "tasks is locked without id"),
        (
            "SELECT t.id FROM tasks t WHERE t.space_id = $1 AND t.id = ANY($2) FOR NO KEY UPDATE",
            "tasks is locked without id",
        ),
        ("UPDATE tasks SET space_id = $2 WHERE space_id = $1 AND id = $3", "the space of a row is changed"),
        (
            """INSERT INTO tasks (space_id, id) VALUES ($1, $2)
            ON CONFLICT (space_id, id) DO UPDATE SET seq = $3, space_id = excluded.space_id""",
            "the space of a row is changed",
        ),
        ("INSERT INTO tasks (space_id, id) VALUES ($1, gen_random_uuid())", "gen_random_uuid() in a write"),
        ("UPDATE tasks SET updated_at = clock_timestamp() WHERE space_id = $1", "clock_timestamp() in a write"),
        ("TRUNCATE tasks", "not one SELECT, INSERT, UPDATE or DELETE"),
        ("SELECT 1; SELECT 2", "not one SELECT, INSERT, UPDATE or DELETE"),
    ],
)
def test_a_statement_that_breaks_a_rule_is_found_out(sql: str, fault: str) -> None:
    assert faults(sql, KEYS) == [fault]


def test_to_json_of_a_returned_row_is_found_out() -> None:
    found = faults("INSERT INTO tasks AS t (space_id, id) VALUES ($1, $2) RETURNING row_to_json(t)", KEYS)

    assert found == ["RETURNING row_to_json(t) is by no alias", "RETURNING calls row_to_json()"]


async def test_no_sql_about_a_spaces_rows_stands_outside_of_a_queries_file(keys: Keys) -> None:
    sources = Path(taskflow.__file__).parent
    composing = sources / "features" / "tasks" / "lists" / "shapes.py"  # whose shapes keep the rules above
    about = re.compile(rf"\b(FROM|JOIN|INTO|UPDATE)\s+({'|'.join(keys)})\b")

    found = [
        f"{file.relative_to(sources)}: {text.value}"
        for file in sources.rglob("*.py")
        for text in ast.walk(ast.parse(file.read_text()))
        if file != composing
        and isinstance(text, ast.Constant)
        and isinstance(text.value, str)
        and about.search(text.value)
    ]

    assert found == []
