"""A note's row of a Todoist CSV as a comment on the task above it."""

import hashlib
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from taskflow.features.comments.model import BODY_BYTES
from taskflow.features.imports.dates.days import calendar_due
from taskflow.features.imports.files.csv_file import Row
from taskflow.features.imports.reading import ReadComment, ReadTask, Remark, quoted
from taskflow.features.imports.shortened import parts

# The JSON has square brackets of its own, so its end is told by reading it.
FILE = re.compile(r"\s*\[\[\s*file\s+(?=\{)")
FILE_END = re.compile(r"\s*\]\]")
URL_MOST = 4_000
NEXT = timedelta(microseconds=1)  # of one moment they would stand in any order


def read_note(row: Row, task: ReadTask, seen: Counter[str]) -> tuple[list[ReadComment], list[Remark]]:
    """The comment, in parts where it is too long, and what was changed in it."""
    body, sentences = _with_files(row["CONTENT"].strip())
    at = _written_at(row)
    if row["DATE"].strip() and at is None:
        sentences.append(f"time {quoted(row['DATE'])} of the note left out: it names no certain moment")
    texts = list(parts(body))
    if not texts:
        return [], [Remark(row.line, "left out", "note without words left out", task.file)]
    if len(texts) > 1:
        sentences.append(f"note parted into {len(texts)} comments of at most {BODY_BYTES:,} bytes")
    key = _key(seen, task.key, row["CONTENT"].strip())
    comments = [
        ReadComment(
            line=row.line,
            key=f"{key}:{nth}",
            file=task.file,
            task=task.key,
            body=text,
            created_at=at and at + nth * NEXT,
        )
        for nth, text in enumerate(texts)
    ]
    return comments, [Remark(row.line, "changed", sentence, task.file) for sentence in sentences]


def _with_files(content: str) -> tuple[str, list[str]]:
    """The text with each attached file as a link, and what is said of the files."""
    pieces, sentences, at = list[str](), list[str](), 0
    for found in FILE.finditer(content):
        if found.start() < at:
            continue
        file, end = _attached(content, found.end())
        if file is None:
            continue
        link, name = _link(file)
        pieces += [content[at : found.start()], link]
        sentences.append(f"file {quoted(name)} kept as its name and address: the file itself is not in the export")
        at = end
    pieces.append(content[at:])
    return "\n\n".join(text for piece in pieces if (text := piece.strip())), sentences


def _attached(content: str, start: int) -> tuple[dict[str, Any] | None, int]:
    try:
        file, end = json.JSONDecoder().raw_decode(content, start)
    except (ValueError, RecursionError):
        return None, start
    closed = FILE_END.match(content, end)
    return (file, closed.end()) if closed else (None, start)


def _link(file: dict[str, Any]) -> tuple[str, str]:
    """The Markdown of a file, and its name."""
    address = next(
        (str(file[key]) for key in ("file_url", "url", "image", "tn_l") if isinstance(file.get(key), str)), ""
    )
    name = " ".join(str(file.get("file_name") or file.get("title") or file.get("resource_type") or "file").split())
    name = name.encode(errors="replace").decode()
    shown = re.sub(r"([\[\]\\])", r"\\\1", name)
    if not re.fullmatch(rf"https?://[!-~]{{1,{URL_MOST}}}", address):
        return " ".join([shown, *address.encode(errors="replace").decode().split()]), name
    return f"[{shown}](<{address}>)" if set("()<>") & set(address) else f"[{shown}]({address})", name


def _written_at(row: Row) -> datetime | None:
    found = calendar_due(" ".join(row["DATE"].split()), row["DATE_LANG"].strip(), row["TIMEZONE"].strip())
    return found.at.astimezone(UTC) if found and found.at else None


def _key(seen: Counter[str], task: str, content: str) -> str:
    digest = hashlib.blake2b(content.encode(), digest_size=16).hexdigest()
    key = f"{task}:note:{digest}"
    seen[key] += 1
    return f"{key}:{seen[key]}"
