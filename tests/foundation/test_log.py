import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from taskflow.foundation.telemetry.log import LEVELS, Log
from taskflow.foundation.telemetry.log_json import LONGEST


class Pipe:
    """A pipe as whoever collects the log holds it."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)

    def read(self) -> bytes:
        try:
            return os.read(self.reader, 1 << 20)
        except BlockingIOError:
            return b""

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.read().splitlines()]


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    for end in (made.reader, made.writer):
        try:
            os.close(end)
        except OSError:
            continue


def test_a_line_says_when_how_grave_and_what(pipe: Pipe) -> None:
    Log(pipe.writer).info("started", port=8000, space=UUID(int=1))

    line = pipe.lines()[0]

    assert list(line) == ["time", "level", "event", "port", "space"]
    assert line["time"][10] == "T"
    assert line["time"][-1] == "Z"
    assert (line["level"], line["event"], line["port"], line["space"]) == ("info", "started", 8000, str(UUID(int=1)))


def test_lines_below_the_level_are_not_written(pipe: Pipe) -> None:
    log = Log(pipe.writer, level=LEVELS["warning"])

    log.debug("a")
    log.info("b")
    log.warning("c")
    log.error("d")

    assert [line["event"] for line in pipe.lines()] == ["c", "d"]


async def test_the_lines_of_one_turn_are_written_when_it_ends(pipe: Pipe) -> None:
    log = Log(pipe.writer)

    for event in "abc":
        log.info(event)
    before = pipe.read()
    await asyncio.sleep(0)

    assert before == b""
    assert [line["event"] for line in pipe.lines()] == ["a", "b", "c"]


async def test_an_error_is_written_at_once_after_what_came_before_it(pipe: Pipe) -> None:
    log = Log(pipe.writer)

    log.info("before")
    log.error("broken")

    assert [line["event"] for line in pipe.lines()] == ["before", "broken"]


async def test_a_thread_beside_the_event_loop_loses_no_line(pipe: Pipe) -> None:
    log = Log(pipe.writer)
    threads = [threading.Thread(target=write_often, args=(log,)) for _ in range(4)]

    for thread in threads:
        thread.start()
    for _ in range(50):
        log.info("loop")
        await asyncio.sleep(0)
    for thread in threads:
        thread.join()
    log.flush()

    assert sorted(line["event"] for line in pipe.lines()) == ["loop"] * 50 + ["thread"] * 200


@pytest.mark.parametrize(
    "text",
    ["a\nb\r\nc", "\x00\x1b[31m\x7f", "\u2028\u2029\x85\x9b", "\ud800 and \udfff", "\u202e\ufeff", "é漢🎉"],
    ids=["new lines", "controls", "line separators", "lone surrogates", "directions", "letters"],
)
def test_no_logged_text_breaks_its_line(pipe: Pipe, text: str) -> None:
    log = Log(pipe.writer)

    log.info("first", text=text)
    log.info("second")

    raw = pipe.read()
    assert len(raw.decode().splitlines()) == 2
    assert json.loads(raw.splitlines()[0])["text"] == text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("letter", ["a", "\n", "é", "\x00", "🎉", "\u2028"])
def test_a_long_text_is_cut_in_its_middle_so_that_a_pipe_takes_the_line_whole(pipe: Pipe, letter: str) -> None:
    Log(pipe.writer).info("long", text=f"begin {letter * 9000} end", other="kept")

    raw = pipe.read()
    line = json.loads(raw)
    assert LONGEST // 2 < len(raw) <= LONGEST
    assert (line["text"][:6], line["text"][-4:], line["other"]) == ("begin ", " end", "kept")


def test_a_line_of_a_thousand_fields_is_cut_as_well(pipe: Pipe) -> None:
    Log(pipe.writer).info("many", **{f"field_{at}": at * 10**9 for at in range(1000)})

    raw = pipe.read()

    assert json.loads(raw)
    assert len(raw) <= LONGEST


def test_several_processes_on_one_full_pipe_never_tear_a_line(pipe: Pipe) -> None:
    os.set_blocking(pipe.reader, True)
    workers = [write_in_child(pipe, letter) for letter in "abcd"]
    os.close(pipe.writer)

    with os.fdopen(os.dup(pipe.reader), "rb") as stream:
        raw = stream.read().splitlines()
    lines = [json.loads(line) for line in raw]

    assert [os.waitpid(worker, 0)[1] for worker in workers] == [0] * 4
    assert len(lines) == 4 * 300
    assert all(set(line["text"]) == {line["event"]} for line in lines)


def test_a_stream_that_nobody_reads_any_more_does_not_stop_the_program(pipe: Pipe) -> None:
    log = Log(pipe.writer)
    os.close(pipe.reader)

    log.info("lost")

    assert not log.waiting


def test_a_reader_that_stands_still_costs_lines_and_not_the_server(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taskflow.foundation.telemetry.log.PATIENCE_MS", 1)
    os.set_blocking(pipe.writer, False)
    log = Log(pipe.writer)

    for _ in range(100):
        log.info("much", text="x" * 3000)
    raw = pipe.read()
    log.info("after")

    assert raw.endswith(b"\n")
    assert all(json.loads(line)["event"] == "much" for line in raw.splitlines())
    assert pipe.lines()[-1]["event"] == "after"


@pytest.mark.parametrize(
    "end",
    ["", "sys.exit(3)", "raise ValueError('end')", "if os.fork() == 0: sys.exit(0)\n    os.wait()"],
    ids=["its end", "exit", "exception", "fork"],
)
def test_what_waits_at_the_end_of_the_program_is_written_once(end: str, tmp_path: Path) -> None:
    program = f"""
import asyncio, os, sys
from taskflow.foundation.telemetry.log import Log
log = Log(1)
async def main():
    log.info('waiting')
    {end or "pass"}
asyncio.new_event_loop().run_until_complete(main())
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert [json.loads(line)["event"] for line in done.stdout.splitlines()] == ["waiting"]


def write_often(log: Log) -> None:
    for _ in range(50):
        log.info("thread")


def write_in_child(pipe: Pipe, letter: str) -> int:
    worker = os.fork()
    if worker:
        return worker
    status = 1
    try:
        os.close(pipe.reader)
        asyncio.new_event_loop().run_until_complete(write_much(Log(pipe.writer), letter))
        status = 0
    finally:
        os._exit(status)


async def write_much(log: Log, letter: str) -> None:
    for at in range(300):
        log.info(letter, text=letter * (at * 17 % 3900 + 1))
    await asyncio.sleep(0)
