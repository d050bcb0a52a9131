"""The embedded Valkey: closed to the network and to others, and back after any kill."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from taskflow.foundation.embedded.valkey import EmbeddedValkey
from tests.foundation.processes.conftest import Start
from tests.foundation.processes.running import Running, eventually


def test_it_has_no_network_and_writes_nothing_to_the_disk(start: Start) -> None:
    server = start()
    server.ready()

    with client(server.folder) as valkey:
        config = valkey.config_get()
        assert valkey.set("a", "b")
        assert valkey.save()
    assert (config["port"], config["save"], config["appendonly"]) == ("0", "", "no")
    assert (config["maxmemory"], config["maxmemory-policy"]) == (str(64 << 20), "volatile-lru")
    assert stat.S_IMODE((server.folder / "run" / "valkey.sock").stat().st_mode) == 0o600


def test_it_comes_back_when_it_alone_was_killed(start: Start) -> None:
    server = start()
    server.ready()
    killed = process(server)

    os.kill(killed, signal.SIGKILL)

    eventually(lambda: answers(server.folder))
    assert process(server) != killed
    assert server.end() == (0, "taskflow: Valkey ended: it is started again.\n")


def test_one_that_outlived_its_parent_makes_way_for_the_next(start: Start) -> None:
    first = start()
    first.ready()
    left = process(first)
    # Stopped, it does not hear of its parent's end, and does not answer the next one either.
    os.kill(left, signal.SIGSTOP)
    first.end(signal.SIGKILL)
    assert process(first) == left

    second = start()
    second.ready()

    assert process(second) != left
    assert answers(second.folder)


def test_a_link_in_the_place_of_its_socket_ends_no_other_server(start: Start, home: Path) -> None:
    with listener(home / "other.sock") as innocent:
        (home / "data" / "run").mkdir(parents=True)
        (home / "data" / "run" / "valkey.sock").symlink_to(home / "other.sock")
        for made in (home / "data", home / "data" / "run"):
            shutil.chown(made, home.owner())

        start().ready()

        assert innocent.poll() is None


LISTEN = """
import socket, sys
listening = socket.socket(socket.AF_UNIX)
listening.bind(sys.argv[1])
listening.listen()
print(flush=True)
listening.accept()
input()
"""


@contextmanager
def listener(place: Path) -> Iterator[subprocess.Popen[str]]:
    """Another program that listens on a socket of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", LISTEN, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        process.stdout.readline()
        place.chmod(0o777)
        yield process
        process.kill()


def process(server: Running) -> int:
    [pid] = server.processes("valkey-server")
    return pid


def answers(folder: Path) -> bool:
    try:
        with client(folder) as valkey:
            return bool(valkey.ping())
    except redis.ConnectionError:
        return False


@contextmanager
def client(folder: Path) -> Iterator[redis.Redis]:
    opened = redis.Redis.from_url(EmbeddedValkey(folder).url, decode_responses=True)
    try:
        yield opened
    finally:
        opened.close()
