"""Somebody who goes on making tasks while the server is hurt, and remembers what was answered."""

import http.client
import threading
import time
from typing import Any, Self
from uuid import uuid4

from tests.served import LONG_S, Answer, Served

TASKS = "/api/v1/tasks"


class Writers:
    """Several at once, each task with a key and a title of its own; `failed`: titles and answers that were no 201."""

    def __init__(self, server: Served, token: str, count: int = 4) -> None:
        self.server, self.token = server, token
        self.made: dict[str, Any] = {}  # tasks by title
        self.failed: dict[str, Answer | None] = {}  # None: the answer was lost
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._count = count

    def __enter__(self) -> Self:
        self._over.clear()
        self._threads = [threading.Thread(target=self._write) for _ in range(self._count)]
        for thread in self._threads:
            thread.start()
        self.wait_for(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, more: int) -> None:
        """Wait until so many more tasks were made."""
        wanted, until = len(self.made) + more, time.monotonic() + LONG_S
        while len(self.made) < wanted:
            assert time.monotonic() < until, f"{len(self.made)} made, {len(self.failed)} failed"
            time.sleep(0.01)

    def _write(self) -> None:
        while not self._over.is_set():
            title = uuid4().hex
            answer = self.create(title)
            if answer and answer.status == 201:
                self.made[title] = answer.body
            else:
                self.failed[title] = answer
                self._over.wait(0.02)

    def create(self, title: str) -> Answer | None:
        """Make a task under the key that is its title; None where no answer came."""
        try:
            return self.server.call("POST", TASKS, {"title": title}, self.token, {"idempotency-key": title})
        except (OSError, http.client.HTTPException):
            return None

    def titles(self) -> list[str]:
        """The titles of all tasks that there are."""
        found, cursor = [], ""
        while True:
            page = self.server.call("GET", f"{TASKS}?limit=200{cursor}", token=self.token)
            assert page.status == 200, page
            found += [task["title"] for task in page.body["items"]]
            if not page.body["next_cursor"]:
                return found
            cursor = f"&cursor={page.body['next_cursor']}"

    def assert_nothing_lost_or_doubled(self) -> None:
        """What was answered is there; what was not is there once when it is asked for again."""
        assert set(self.made) <= set(self.titles())
        for title in self.failed:
            again = self.create(title)
            assert again
            assert again.status == 201, again
        assert sorted(self.titles()) == sorted([*self.made, *self.failed])
