"""A database that stands still, as on a disk that hangs: everybody is told to come back, and soon."""

import http.client
import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from tests.journeys.writing import TASKS
from tests.served import PASSWORD, Served, serving

pytestmark = pytest.mark.slow

PATIENCE_S = 20  # twice what a request may take: the machine is busy
PROBE_S = 5


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """A server with fewer connections than callers."""
    with serving(TASKFLOW_POOL_SIZE="4") as made:
        yield made
        made.stop()


@contextmanager
def standing_still(server: Served) -> Iterator[None]:
    """All of PostgreSQL is stopped, and goes on afterwards as if nothing had been."""
    stopped = server.processes("postgres")
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


def status(server: Served, method: str, path: str, body: Any, token: str, patience: float) -> int:
    """What a client is told that gives up after a while."""
    line = http.client.HTTPConnection("localhost", server.port, timeout=patience)
    told = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    line.request(method, path, None if body is None else json.dumps(body), told)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status


def test_while_a_database_stands_still_all_are_told_so_and_afterwards_all_is_well(server: Served) -> None:
    who = server.register()
    as_ada = {"email": who["user"]["email"], "password": PASSWORD}
    asked = [
        *[("GET", f"{TASKS}?limit={limit}", None, PATIENCE_S) for limit in range(1, 13)],
        *[("POST", TASKS, {"title": "Pay rent"}, PATIENCE_S)] * 6,
        *[("POST", "/api/v1/auth/login", as_ada, PATIENCE_S)] * 3,
        *[("GET", "/readyz", None, PROBE_S)] * 3,
    ]
    ask = partial(status, server, token=who["access_token"])

    with standing_still(server), ThreadPoolExecutor(len(asked)) as clients:
        answers = [clients.submit(ask, method, path, body, patience=s) for method, path, body, s in asked]
    meanwhile = {answer.result() for answer in answers}
    afterwards = [ask(method, path, body, patience=s) for method, path, body, s in asked]

    assert meanwhile == {503}
    assert afterwards == [200] * 12 + [201] * 6 + [200] * 6
