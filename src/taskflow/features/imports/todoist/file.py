"""Todoist's files: the CSV of one project, or a backup, a zip of such files."""

import re
from collections import Counter
from datetime import datetime
from pathlib import Path, PurePosixPath

from taskflow.features.imports.files.text_lines import Chunks, Progress, file_chunks, start_of
from taskflow.features.imports.files.zip_file import ZIP, csv_files
from taskflow.features.imports.reading import Reading, Refused, Remark
from taskflow.features.imports.todoist.project import Project
from taskflow.foundation.clock import now

# "Home [2203306141]" in a backup; ids of later years have letters too.
BACKUP_NAME = re.compile(r"(?P<name>.*\S)\s*\[(?=[a-zA-Z]*[0-9])[0-9a-zA-Z]{6,}\]", re.DOTALL)
# "Home (1)": what browsers name the second download of one file.
SECOND_DOWNLOAD = re.compile(r"(?P<name>.*\S)\s*\([0-9]{1,2}\)", re.DOTALL)


def read(path: Path, progress: Progress, at: datetime | None = None) -> Reading:
    """All that the file has and a remark for all that is not in it; raises Refused.

    `at` is now: a repetition that names no day begins then.
    """
    reading, seen = Reading(), Counter[str]()
    at = at or now()
    if start_of(path) not in ZIP:
        _read_project(Project.named(_downloaded(path, reading), reading, seen, at), file_chunks(path, progress))
        return reading
    for file, chunks in csv_files(path, progress, reading):
        name = _bare(PurePosixPath(file).stem)
        _read_project(Project.named(name, reading, seen, at, file), chunks)
    return reading


def _read_project(project: Project, chunks: Chunks) -> None:
    try:
        project.read(chunks)
    except Refused as refused:
        raise Refused(refused.line, refused.sentence, project.file) from None


def _downloaded(path: Path, reading: Reading) -> str:
    name = _bare(path.stem)
    again = SECOND_DOWNLOAD.fullmatch(name)
    if again is None:
        return name
    sentence = "the number at the end of the file's name is a browser's for a second download: the project has none"
    reading.remarks.append(Remark(0, "changed", sentence))
    return _bare(again["name"])


def _bare(stem: str) -> str:
    found = BACKUP_NAME.fullmatch(stem)
    return found["name"] if found else stem
