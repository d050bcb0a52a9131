import json
import subprocess
import sys
from typing import Any


def test_an_exception_logged_by_a_library_is_one_line_with_its_trace_inside() -> None:
    lines = said("""
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger('uvicorn.error').exception('Exception in %s', 'ASGI application')
""")

    assert len(lines) == 1
    line = lines[0]
    assert (line["level"], line["event"], line["logger"]) == ("error", "Exception in ASGI application", "uvicorn.error")
    assert line["error"] == "ZeroDivisionError"
    assert line["trace"].splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_warnings_uncaught_exceptions_and_dying_threads_are_lines_too() -> None:
    lines = said("""
warnings.warn('old way', stacklevel=1)
thread = threading.Thread(target=lambda: {}['thread'])
thread.start()
thread.join()
class Heavy:
    def __del__(self): raise ValueError('in del')
Heavy()
raise RuntimeError('the end')
""")

    assert [line.get("error") for line in lines] == [None, "KeyError", "ValueError", "RuntimeError"]
    assert "old way" in lines[0]["event"]


def test_a_task_that_failed_unseen_is_a_line() -> None:
    lines = said("""
async def main():
    async def fails(): raise ValueError('unseen')
    asyncio.ensure_future(fails())
    await asyncio.sleep(0)
asyncio.run(main())
gc.collect()
""")

    assert [line["error"] for line in lines] == ["ValueError"]
    assert lines[0]["logger"] == "asyncio"


def test_a_message_with_the_wrong_number_of_values_is_still_told() -> None:
    lines = said("logging.getLogger('x').warning('%s of %s', 1)")

    assert [line["event"] for line in lines] == ["%s of %s"]


def test_levels_hold_for_what_libraries_say() -> None:
    lines = said("""
for level in (5, 10, 20, 25, 30, 40, 50):
    logging.getLogger('x').log(level, 'level %d', level)
""")

    assert [(line["event"], line["level"]) for line in lines] == [
        ("level 20", "info"),
        ("level 25", "info"),
        ("level 30", "warning"),
        ("level 40", "error"),
        ("level 50", "error"),
    ]


def test_what_a_caller_gave_as_extra_are_fields_of_the_line_masked_and_never_its_time_or_level() -> None:
    lines = said("""
extra = {'job': 'mail', 'attempt': 2, 'to': 'ada@example.com', 'level': 'x', 'color_message': 'y'}
logging.getLogger('x').warning('job failed', extra=extra)
""")

    (line,) = lines
    assert {name: line[name] for name in ("job", "attempt", "to", "level")} == {
        "job": "mail",
        "attempt": 2,
        "to": "[e-mail]",
        "level": "warning",
    }
    assert "color_message" not in line


def test_the_level_and_the_form_are_those_of_the_settings() -> None:
    lines = said("begin('warning', 'json'); logging.info('a'); log.info('b'); log.warning('c')")
    (shown,) = raw("begin('info', 'console'); log.info('started', port=8000)").splitlines()

    assert [line["event"] for line in lines] == ["c"]
    assert shown.endswith(" info   started  port=8000")


def test_ctrl_c_leaves_no_trace_in_the_log() -> None:
    assert said("raise KeyboardInterrupt") == []


def said(program: str) -> list[dict[str, Any]]:
    """What a program with the bridge writes to standard error: JSON and nothing else."""
    return [json.loads(line) for line in raw(program).splitlines()]


def raw(program: str) -> str:
    """The same as text."""
    first = """
import asyncio, gc, logging, threading, warnings
from taskflow.foundation.telemetry.log import log
from taskflow.foundation.telemetry.log_bridge import begin
begin('info', 'json')
"""
    return subprocess.run([sys.executable, "-c", first + program], capture_output=True, text=True, check=False).stderr
