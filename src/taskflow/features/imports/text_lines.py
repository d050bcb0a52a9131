"""The physical lines of a text file that somebody else wrote, read in pieces."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from taskflow.features.imports.model import Refused

CHUNK = 256 * 1024
FILE_MOST = 64 * 1024 * 1024
LINE_MOST = 1024 * 1024
# Half a KB of memory each at most, once read; a project in Todoist has some hundred tasks.
LINES_MOST = 1_000_000
UTF16 = (b"\xff\xfe", b"\xfe\xff")
ZIP = b"PK\x03\x04"

Progress = Callable[[int, int], None]


def text_lines(path: Path, progress: Progress) -> Iterator[str]:
    """Each line with its end (LF, CRLF or CR), without a byte order mark; `progress(bytes read, bytes of the file)`.

    Raises Refused for what is no UTF-8 text, has a NUL in it, or is larger than the limits above.
    """
    for number, line in enumerate(_raw_lines(path, progress), start=1):
        text = _decoded(number, line)
        yield text.removeprefix("\ufeff") if number == 1 else text


def _raw_lines(path: Path, progress: Progress) -> Iterator[bytes]:
    number = 0
    rest = b""
    for chunk, done, size in _chunks(path):
        # The last line is kept back even when it is whole: its CR may be half of a CRLF.
        *lines, rest = (rest + chunk).splitlines(keepends=True)
        yield from lines
        number += len(lines)
        _hold_line(number + 1, rest)
        progress(done, size)
    if rest:
        yield rest


def _chunks(path: Path) -> Iterator[tuple[bytes, int, int]]:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            done = 0
            _hold_size(size)
            while chunk := file.read(CHUNK):
                if done == 0:
                    _hold_form(chunk)
                done += len(chunk)
                _hold_size(done)
                yield chunk, done, max(done, size)
    except OSError as error:
        raise Refused(None, f"it can't be read: {error.strerror}") from None


def _hold_size(size: int) -> None:
    if size > FILE_MOST:
        raise Refused(None, f"it is larger than {FILE_MOST >> 20} MiB")


def _hold_form(start: bytes) -> None:
    if start.startswith(UTF16):
        raise Refused(1, "it is written in UTF-16 or UTF-32: save it as UTF-8")
    if start.startswith(ZIP):
        raise Refused(None, "it is a zip file (a backup or a spreadsheet), not a CSV: import each CSV in it")


def _hold_line(number: int, line: bytes) -> None:
    if len(line) > LINE_MOST:
        raise Refused(number, f"it is longer than {LINE_MOST >> 20} MiB")


def _decoded(number: int, line: bytes) -> str:
    _hold_line(number, line)
    if number > LINES_MOST:
        raise Refused(number, f"a file of more than {LINES_MOST:,} lines is too long: import it in parts")
    if (nul := line.find(b"\0")) >= 0:
        raise Refused(number, f"byte {nul + 1} is a NUL character: this is no text in UTF-8")
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise Refused(number, f"byte {error.start + 1} is not UTF-8: save the file as UTF-8") from None
