"""The data folder: made, held by one process, and refused in one line."""

import os
import resource
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from taskflow.foundation.embedded.data_folder import SOCKET_PATH_LIMIT, DataFolder, InUse, Unusable
from tests.foundation.processes.conftest import Start


def test_a_new_folder_is_open_to_its_owner_alone(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "share" / "taskflow") as folder:
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_a_second_process_on_the_same_folder_is_told_who_holds_it(start: Start) -> None:
    first = start("--bare")
    first.ready()

    status, complaint = start("--bare").ended()

    assert status == 1
    assert complaint == f"the data folder {first.folder} is in use by process {first.process.pid}.\n"


def test_a_folder_is_free_again_when_its_holder_was_killed(start: Start) -> None:
    first = start("--bare")
    first.ready()
    first.end(signal.SIGKILL)

    start("--bare").ready()


def test_a_folder_is_free_although_a_worker_outlives_its_parent(start: Start) -> None:
    first = start("--bare", "--worker", "sleep-deaf")
    first.ready()
    workers = first.workers()
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    assert workers
    assert first.workers() == workers

    start("--bare", "--worker", "sleep").ready()


def test_a_folder_is_held_once_in_a_process_too(tmp_path: Path) -> None:
    with DataFolder(tmp_path), pytest.raises(InUse) as refusal:
        DataFolder(tmp_path)

    assert refusal.value.pid == os.getpid()


def test_a_folder_that_was_given_back_can_be_held_again(tmp_path: Path) -> None:
    DataFolder(tmp_path).release()

    DataFolder(tmp_path).release()


def test_a_file_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").touch()

    with pytest.raises(Unusable, match=r"data is not a folder\.$"):
        DataFolder(tmp_path / "data")


def test_a_place_below_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Unusable, match=r"file/data does not lie in a folder\.$"):
        DataFolder(tmp_path / "file" / "data")


@pytest.mark.parametrize("place", ["/proc/taskflow/data", "/dev/null/data"])
def test_a_place_where_no_folder_can_be_made_is_refused(place: str) -> None:
    with pytest.raises(Unusable, match=r"^the data folder /\w+/\w+/data cannot be used: /\w+/\w+"):
        DataFolder(Path(place))


def test_a_path_too_long_for_a_socket_is_told_how_long_it_may_be(tmp_path: Path) -> None:
    room = SOCKET_PATH_LIMIT - len("/run/.s.PGSQL.5432")
    folder = tmp_path / ("x" * (room - len(str(tmp_path))))

    with pytest.raises(Unusable, match=f"has {room + 1} bytes, and a Unix socket in it leaves room for {room}"):
        DataFolder(folder.with_name(folder.name[:-2] + "é"))
    DataFolder(folder.with_name(folder.name[:-1])).release()


@pytest.mark.parametrize("name", ["a,b", "a\nb", "a\udcffb"])
def test_a_path_that_an_address_cannot_hold_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unusable) as refusal:
        DataFolder(tmp_path / name)

    assert len(str(refusal.value).splitlines()) == 1


def test_a_folder_that_can_only_be_read_is_refused(user: str, home: Path, start: Start) -> None:
    with only_readable(home, user):
        status, complaint = start("--bare", folder=home).ended()

    assert status == 1
    assert complaint.startswith(f"the data folder {home} cannot be used: {home}")
    assert len(complaint.splitlines()) == 1


@contextmanager
def only_readable(folder: Path, user: str) -> Iterator[None]:
    """By its mode; for root, to whom modes say nothing, by a mount or a flag of the file system."""
    if user != "root":
        folder.chmod(0o500)
        yield
        return
    commands: list[tuple[list[str | Path], list[str | Path]]] = [
        (["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", folder], ["umount", folder]),
        (["chattr", "+i", folder], ["chattr", "-i", folder]),
    ]
    for close, reopen in commands:
        if subprocess.run(close, capture_output=True, check=False).returncode == 0:
            yield
            subprocess.run(reopen, check=True)
            return
    pytest.fail("root may neither mount nor use chattr here: there is no folder that root can only read")


def test_a_full_disk_is_called_a_full_disk(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        # No file may grow: what a full disk and a used-up quota come to.
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))

        with pytest.raises(Unusable, match=r"cannot be used: the disk is full\.$"):
            DataFolder(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
