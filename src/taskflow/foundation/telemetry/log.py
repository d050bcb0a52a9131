"""The log: one line of JSON for what happened, gathered and written once for each turn of the event loop."""

import asyncio
import atexit
import os
import select
import time
import traceback
from collections import deque
from collections.abc import Callable
from logging import DEBUG, ERROR, INFO, WARNING
from weakref import WeakSet

from taskflow.foundation.telemetry.log_json import json_line
from taskflow.foundation.telemetry.masks import masked

LEVELS = {"debug": DEBUG, "info": INFO, "warning": WARNING, "error": ERROR}
NAMES = {number: name for name, number in LEVELS.items()}
# That much a pipe takes whole or not at all, whoever else writes to it (POSIX: PIPE_BUF; 4096 on Linux).
WHOLE = select.PIPE_BUF
# Where the reader of a non-blocking stream stands still for that long, lines are dropped.
PATIENCE_MS = 1000

Form = Callable[[object], bytes]
_open: "WeakSet[Log]" = WeakSet()


class Log:
    """Lines for one file descriptor: standard error, since standard output is what a command answers.

    Any thread may write. Without a running event loop a line is written at once, and so is an error everywhere. What is
    left is written at exit and before a fork; after `os._exit` in a child only what `flush` wrote is there.
    """

    def __init__(self, out: int = 2, *, level: int = INFO, form: Form = json_line) -> None:
        self.out, self.level, self.form = out, level, form
        self.waiting: deque[bytes] = deque()
        self.asked: asyncio.AbstractEventLoop | None = None
        _open.add(self)

    def debug(self, event: str, /, **fields: object) -> None:
        self.say(DEBUG, event, **fields)

    def info(self, event: str, /, **fields: object) -> None:
        self.say(INFO, event, **fields)

    def warning(self, event: str, /, **fields: object) -> None:
        self.say(WARNING, event, **fields)

    def error(self, event: str, /, **fields: object) -> None:
        self.say(ERROR, event, **fields)

    def failure(self, event: str, error: BaseException, level: int = ERROR, /, **fields: object) -> None:
        """An exception with its trace, masked, inside the line."""
        if level >= self.level:
            self.say(level, event, **fields, error=type(error).__qualname__, trace=trace(error))

    def say(self, level: int, event: str, /, **fields: object) -> None:
        """One line: time, level, event, then the fields. Never a token, cookie, body, query or e-mail address."""
        if level >= self.level:
            self.put(level, {"time": moment(), "level": NAMES.get(level, "info"), "event": event, **fields})

    def put(self, level: int, line: object) -> None:
        """A line that is made already: a struct or dict that begins with time, level and event."""
        if level < self.level:
            return
        self.waiting.append(self.form(line))
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        if loop is None or level >= ERROR:
            self.flush()
        elif loop is not self.asked:
            self.asked = loop
            loop.call_soon(self.flush)

    def flush(self) -> None:
        """Write what waits, whole lines in one call up to the size that is never torn apart."""
        self.asked = None
        lines: list[bytes] = []
        size = 0
        while self.waiting:
            line = self.waiting.popleft()
            if size + len(line) > WHOLE and lines:
                self.write(b"".join(lines))
                lines, size = [], 0
            lines.append(line)
            size += len(line)
        if lines:
            self.write(b"".join(lines))

    def write(self, text: bytes) -> None:
        """All of it; where nobody reads any more, or no room is left, it is lost and the server goes on."""
        try:
            while text:
                text = text[self._write(text) :]
        except OSError:
            return

    def _write(self, text: bytes) -> int:
        try:
            return os.write(self.out, text)
        except BlockingIOError:
            poll = select.poll()
            poll.register(self.out, select.POLLOUT)
            if not poll.poll(PATIENCE_MS):
                raise
            return 0


def flush_all() -> None:
    """Write what waits in every log of this process."""
    for log in list(_open):
        log.flush()


atexit.register(flush_all)
os.register_at_fork(before=flush_all)


def trace(error: BaseException) -> str:
    """The trace back of an exception and its causes, masked."""
    return masked("".join(traceback.format_exception(error)).rstrip("\n"))


class Clock:
    """The time as text, made anew once a millisecond."""

    def __init__(self) -> None:
        self.until = 0.0
        self.text = ""

    def __call__(self) -> str:
        """RFC 3339 in UTC with milliseconds."""
        now = time.time()
        if not self.until - 0.001 <= now < self.until:
            milliseconds = int(now * 1000)
            self.until = (milliseconds + 1) / 1000
            second = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(milliseconds // 1000))
            self.text = f"{second}.{milliseconds % 1000:03}Z"
        return self.text


moment = Clock()

# The log of this process; `log_bridge.begin` sets its level and form.
log = Log()
