import asyncio
import re
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from taskflow.foundation.migrations import (
    ROLES,
    MigrationError,
    applied_checksums,
    migrate,
    read,
    shipped,
    waiting,
)
from tests.logins import new_login

DANGEROUS = (
    (r"\bDROP (TABLE|COLUMN)\b", "contract"),
    (r"\bRENAME\b", "contract"),
    (r"\bALTER COLUMN \w+ (SET NOT NULL|TYPE)\b", "contract"),
)


@pytest.fixture
async def empty(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """The address of a database of its own, with nothing in it."""
    name = f"empty_{uuid4().hex}"
    admin = await asyncpg.connect(postgres.url)
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield postgres.url_as("postgres", name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


async def test_a_database_is_brought_up_to_date_from_nothing_and_then_left_alone(empty: str) -> None:
    first = await migrate(empty, shipped())

    again = await migrate(empty, shipped())

    assert (first, again) == (len(shipped()), 0)


async def test_two_processes_that_migrate_at_once_run_each_file_once(empty: str) -> None:
    ran = await asyncio.gather(*(migrate(empty, shipped()) for _ in range(4)))

    assert sorted(ran) == [0, 0, 0, len(shipped())]


async def test_a_file_that_was_changed_after_it_ran_is_refused(empty: str) -> None:
    await migrate(empty, shipped())
    changed = [file._replace(sql=file.sql + "\n-- changed") if file.number == 1 else file for file in shipped()]

    with pytest.raises(MigrationError, match="was changed after it ran"):
        await migrate(empty, changed)


async def test_a_file_put_before_one_that_ran_is_refused(empty: str) -> None:
    late = read([("0002_expand_second.sql", "SELECT 1")])
    await migrate(empty, [*shipped()[:1], *late])

    with pytest.raises(MigrationError, match="has not run, but a later one has"):
        await migrate(empty, read([("0001_expand_spine.sql", shipped()[0].sql), ("0000_expand_first.sql", "SELECT 1")]))


async def test_a_file_that_fails_leaves_nothing_behind(empty: str) -> None:
    broken = read([("0001_expand_broken.sql", "CREATE TABLE half (id int); SELECT 1 / 0")])

    with pytest.raises(MigrationError, match=r"0001_expand_broken: division by zero"):
        await migrate(empty, broken)

    connection = await asyncpg.connect(empty)
    assert await connection.fetchval("SELECT to_regclass('half')") is None
    assert await applied_checksums(connection) == {}
    await connection.close()


async def test_an_index_is_made_concurrently_outside_of_a_transaction(empty: str) -> None:
    concurrently = "-- An index.\n-- outside a transaction\nCREATE INDEX CONCURRENTLY ON tasks (due_at)"

    ran = await migrate(empty, [*shipped(), *read([("0900_expand_index.sql", concurrently)])])

    assert ran == len(shipped()) + 1


async def test_a_login_that_owns_the_database_and_may_give_the_roles_is_enough(
    postgres: EmbeddedPostgres, empty: str
) -> None:
    login = await new_login(postgres, "CREATEROLE")
    admin = await asyncpg.connect(empty)
    await admin.execute(f"GRANT {', '.join(ROLES)} TO {login} WITH ADMIN OPTION")
    await admin.execute(f"ALTER DATABASE {empty_name(empty)} OWNER TO {login}")
    await admin.close()

    ran = await migrate(empty.replace("postgres@", f"{login}@"), shipped())

    assert ran == len(shipped())


async def test_a_login_that_may_not_is_told_so_in_one_line(postgres: EmbeddedPostgres, empty: str) -> None:
    login = await new_login(postgres)

    with pytest.raises(MigrationError, match="may not") as refused:
        await migrate(empty.replace("postgres@", f"{login}@"), shipped())

    assert "\n" not in str(refused.value)


def empty_name(url: str) -> str:
    """The name of the database in an address."""
    return url.partition("@/")[2].partition("?")[0]


async def test_the_newer_release_beside_an_older_one_is_no_reason_to_stop(empty: str) -> None:
    await migrate(empty, [*shipped(), *read([("9999_expand_later.sql", "SELECT 1")])])
    connection = await asyncpg.connect(empty)

    missing = waiting(await applied_checksums(connection), shipped())

    assert missing == []
    await connection.close()


@pytest.mark.parametrize("name", ["1_expand_x.sql", "0001_change_x.sql", "0001_expand.sql", "x.sql"])
def test_a_file_without_number_and_phase_is_refused(name: str) -> None:
    with pytest.raises(MigrationError, match="a migration is named"):
        read([(name, "SELECT 1")])


def test_what_breaks_the_release_before_is_marked_contract() -> None:
    for file in shipped():
        for pattern, phase in DANGEROUS:
            if re.search(pattern, file.sql, re.IGNORECASE):
                assert file.phase == phase, f"{file.name}: {pattern}"


def test_each_file_begins_with_a_sentence() -> None:
    for file in shipped():
        assert file.sql.startswith("-- "), file.name
        assert file.sql.splitlines()[0].rstrip().endswith((".", ",")) or file.sql.splitlines()[1].startswith("-- ")
