"""The physical lines of a text file that somebody else wrote, read in pieces."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from taskflow.features.imports.reading import Refused

CHUNK = 256 * 1024
FILE_MOST = 64 * 1024 * 1024
LINE_MOST = 1024 * 1024
# Half a KB of memory each at most, once read; a project in Todoist has some hundred tasks.
LINES_MOST = 1_000_000
UTF16 = (b"\xff\xfe", b"\xfe\xff")

Progress = Callable[[int, int], None]
Chunks = Iterator[bytes]


def text_lines(chunks: Chunks) -> Iterator[str]:
    """Each line with its end (LF, CRLF or CR), without a byte order mark.

    Raises Refused for what is no UTF-8 text, has a NUL in it, or is larger than the limits above.
    """
    for number, line in enumerate(_raw_lines(chunks), start=1):
        text = _decoded(number, line)
        yield text.removeprefix("\ufeff") if number == 1 else text


def whole_text(chunks: Chunks) -> str:
    """All of a file that may well be one long line, without a byte order mark; raises Refused as `text_lines` does."""
    content = b"".join(chunks)
    _hold_form(content)
    if (nul := content.find(b"\0")) >= 0:
        raise Refused(content.count(b"\n", 0, nul) + 1, "a NUL character stands in it: this is no text in UTF-8")
    try:
        return content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Refused(content.count(b"\n", 0, error.start) + 1, "it is not UTF-8: save the file as UTF-8") from None


def file_chunks(path: Path, progress: Progress, most: int | None = None) -> Chunks:
    """A file in pieces; `progress(bytes read, bytes of the file)`. Raises Refused."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            done = 0
            hold_size(size, most)
            while chunk := file.read(CHUNK):
                done += len(chunk)
                hold_size(done, most)
                yield chunk
                progress(done, max(done, size))
    except OSError as error:
        raise unreadable(error) from None


def start_of(path: Path) -> bytes:
    """The first bytes of a file, by which its form is told; raises Refused."""
    try:
        if not path.is_file() and not path.is_dir():
            return b""  # a pipe: what is read here would be missing later
        with path.open("rb") as file:
            return file.read(4)
    except OSError as error:
        raise unreadable(error) from None


def unreadable(error: OSError) -> Refused:
    """The refusal of a file that the system does not give."""
    return Refused(None, f"it can't be read: {error.strerror}")


def hold_size(size: int, most: int | None = None) -> None:
    """Raise Refused for more bytes than a file may have."""
    most = most or FILE_MOST
    if size > most:
        raise Refused(None, f"it is larger than {most >> 20} MiB")


def _raw_lines(chunks: Chunks) -> Iterator[bytes]:
    number = 0
    rest = b""
    for nth, chunk in enumerate(chunks):
        if nth == 0:
            _hold_form(chunk)
        # The last line is kept back even when it is whole: its CR may be half of a CRLF.
        *lines, rest = (rest + chunk).splitlines(keepends=True)
        yield from lines
        number += len(lines)
        _hold_line(number + 1, rest)
    if rest:
        yield rest


def _hold_form(start: bytes) -> None:
    if start.startswith(UTF16):
        raise Refused(1, "it is written in UTF-16 or UTF-32: save it as UTF-8")


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
