"""Ctrl-C during an import: one line says what became of it."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from taskflow.features.imports.files.text_lines import Progress

NOTHING = ": nothing was imported"
PERHAPS = " at its end: import the file again to be told what is there, nothing is made twice"


class Writing:
    """How far the writing has come: a transaction of which not all is written was not committed."""

    def __init__(self) -> None:
        """Begin with nothing written."""
        self.whole = False

    def beside(self, shown: Progress) -> Progress:
        """Tell the bar, and keep it."""

        def tell(done: int, total: int) -> None:
            self.whole = done >= total
            shown(done, total)

        return tell


@contextmanager
def interruptible(writing: Writing) -> Iterator[None]:
    """Say what became of an import that is interrupted."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write(f"taskflow: interrupted{PERHAPS if writing.whole else NOTHING}\n")
        raise


def quiet_once_interrupted() -> None:
    """Let asyncpg roll back and hang up, once Ctrl-C is pressed, without lines of its own about it."""
    loop, importing = asyncio.get_running_loop(), asyncio.current_task()

    def tell(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if importing is None or not importing.cancelling():
            loop.default_exception_handler(context)

    loop.set_exception_handler(tell)
