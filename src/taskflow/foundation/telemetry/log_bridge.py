"""What else speaks in a process, brought into the log: standard logging, warnings, exceptions that nobody caught."""

import logging
import os
import sys
import threading
from types import TracebackType

from taskflow.foundation.telemetry.log import LEVELS, Log, log, trace
from taskflow.foundation.telemetry.log_console import console
from taskflow.foundation.telemetry.log_json import json_line
from taskflow.foundation.telemetry.masks import masked

# What every record has, and what uvicorn adds for its own colours; the rest was given as `extra`.
STANDARD = {
    *vars(logging.makeLogRecord({})),
    "message",
    "asctime",
    "taskName",
    "color_message",
    "time",
    "level",
    "event",
}


def begin(level: str, form: str) -> Log:
    """Set up the log of this process: a level of `LEVELS`, and `json` or `console`."""
    log.level = LEVELS[level]
    log.form = json_line
    if form == "console":
        log.form = console(colours=os.isatty(log.out) and "NO_COLOR" not in os.environ)
    take_over(log)
    return log


class Bridge(logging.Handler):
    """A record of the standard logging (uvicorn.error, asyncio, asyncpg, warnings) as a line of our log."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self.log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Its message, masked, is the event; its exception stands inside the line."""
        fields: dict[str, object] = {"logger": record.name}
        for name in vars(record).keys() - STANDARD:
            value = vars(record)[name]
            fields[name] = value if isinstance(value, int | float | None) else masked(str(value))
        if record.exc_info and record.exc_info[1]:
            fields |= {"error": type(record.exc_info[1]).__qualname__, "trace": trace(record.exc_info[1])}
        self.log.say(level_of(record), masked(said(record)), **fields)


def said(record: logging.LogRecord) -> str:
    try:
        return record.getMessage().strip()
    except Exception:  # noqa: BLE001 - a bad format of a caller, or a bad __str__, must not cost the line
        return str(record.msg)


def level_of(record: logging.LogRecord) -> int:
    return min(max(record.levelno // 10 * 10, logging.DEBUG), logging.ERROR)


def take_over(log: Log) -> None:
    """Everything that this process says from here on is a line of the log; uvicorn needs `log_config=None`."""
    logging.raiseExceptions = False
    logging.captureWarnings(capture=True)
    root = logging.getLogger()
    root.handlers, root.level = [Bridge(log)], log.level

    def uncaught(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            log.failure("uncaught exception", error)

    def in_thread(happened: threading.ExceptHookArgs) -> None:
        if happened.exc_value is not None and not isinstance(happened.exc_value, SystemExit):
            log.failure("uncaught exception in a thread", happened.exc_value)

    def unraisable(happened: "sys.UnraisableHookArgs") -> None:
        if happened.exc_value is not None:
            log.failure(masked(happened.err_msg or "exception that could not be raised"), happened.exc_value)

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_thread, unraisable
