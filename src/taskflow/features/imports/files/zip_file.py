"""A zip of CSV files, read piece by piece and held to limits, for a small one can unpack to anything."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from taskflow.features.imports.files.text_lines import CHUNK, FILE_MOST, Chunks, Progress, hold_size, unreadable
from taskflow.features.imports.reading import Reading, Refused, Remark, harmless

ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # the first entry, or the end of an empty one
ENTRIES_MOST = 5_000
DIRECTORY_MOST = 2 * 1024 * 1024  # bytes of the list of entries: read whole before any entry is counted
RATIO_MOST = 200  # text packs to a fifth or a tenth; the worst that deflate can do is 1,032
RATIO_FROM = 1024 * 1024  # many equal lines pack well: a small file may
END = b"PK\x05\x06"
END_BYTES = 22
END_LARGE = b"PK\x06\x07"
COMMENT_MOST = 65_535
ENCRYPTED = 0x1
NAMED_IN_UTF8 = 0x800
BROKEN = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError)


def csv_files(path: Path, progress: Progress, reading: Reading) -> Iterator[tuple[str, Chunks]]:
    """The CSV files in the order of the zip, by name; what else is in it becomes a remark. Raises Refused."""
    with _told(), path.open("rb") as file:
        hold_size(path.stat().st_size)
        _hold_directory(file)
        with ZipFile(file) as opened:
            yield from _files(opened, progress, reading)


@contextmanager
def _told() -> Iterator[None]:
    """Say in one sentence what is wrong with the file or with the zip in it."""
    try:
        yield
    except OSError as error:
        raise unreadable(error) from None
    except BROKEN as error:
        raise Refused(None, f"the zip file is broken ({harmless(str(error))[:100]})") from None


def _files(opened: ZipFile, progress: Progress, reading: Reading) -> Iterator[tuple[str, Chunks]]:
    entries = [entry for entry in opened.infolist() if not entry.is_dir()]
    wanted = dict.fromkeys(entry for entry in entries if _is_csv(entry))  # in order, and found at once
    _hold_entries(entries, wanted)
    for entry in entries:
        if entry not in wanted:
            sentence = "left out: it is no CSV of a project"
            reading.remarks.append(Remark(0, "left out", sentence, named(entry)))
    unpacked = _Unpacked(sum(entry.file_size for entry in wanted), progress)
    for entry in wanted:
        yield named(entry), unpacked.chunks(opened, entry)


def _is_csv(entry: ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    return path.suffix.lower() == ".csv" and not path.name.startswith("._")


def _hold_entries(entries: list[ZipInfo], wanted: dict[ZipInfo, None]) -> None:
    if len(entries) > ENTRIES_MOST:
        raise Refused(None, f"the zip has more than {ENTRIES_MOST:,} files in it")
    if not wanted:
        raise Refused(None, "the zip has no CSV in it: is it a spreadsheet, or a backup of another program?")
    for entry in wanted:
        if entry.flag_bits & ENCRYPTED:
            raise Refused(None, "it is encrypted: unpack the zip, and pack it without a password", named(entry))
    _hold_unpacked(sum(entry.file_size for entry in wanted))


def _hold_unpacked(size: int) -> None:
    if size > FILE_MOST:
        raise Refused(None, f"it unpacks to more than {FILE_MOST >> 20} MiB")


def named(entry: ZipInfo) -> str:
    """An entry's name as a person knows it; older programs write UTF-8 and do not say so."""
    name = entry.filename
    if not entry.flag_bits & NAMED_IN_UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return harmless(name)


class _Unpacked:
    """What has come out of the zip so far, all entries together: their headers may lie about it."""

    def __init__(self, whole: int, progress: Progress) -> None:
        self.whole = whole
        self.progress = progress
        self.done = 0

    def chunks(self, opened: ZipFile, entry: ZipInfo) -> Chunks:
        size = 0
        with _told(), opened.open(entry) as file:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                self.done += len(chunk)
                _hold_unpacked(self.done)
                if size > max(RATIO_FROM, RATIO_MOST * entry.compress_size):
                    raise Refused(None, f"it unpacks to more than {RATIO_MOST} times its size", named(entry))
                yield chunk
                self.progress(self.done, max(self.done, self.whole))


def _hold_directory(file: BinaryIO) -> None:
    """Raise Refused before a list of entries is read that is too long to be read."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END_BYTES - COMMENT_MOST - len(END_LARGE) - 16))
    tail = file.read()
    at = tail.rfind(END)
    if at < 0:
        raise BadZipFile("it has no list of its files, as when it came only in part")
    large = tail.find(END_LARGE, max(0, at - 20), at) >= 0
    if large or int.from_bytes(tail[at + 12 : at + 16], "little") > DIRECTORY_MOST:
        raise Refused(None, "the zip lists too many files")
    file.seek(0)
