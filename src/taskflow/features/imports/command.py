"""`taskflow import`: a file into an account's personal space, beside a running server or without one."""

import asyncio
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import msgspec
from tqdm import tqdm

from taskflow.features.exports.account import account_of
from taskflow.features.imports.asking import asked, id_of
from taskflow.features.imports.files.text_lines import Progress
from taskflow.features.imports.in_zone import in_zone
from taskflow.features.imports.interrupted import Writing, interruptible, quiet_once_interrupted
from taskflow.features.imports.operations import Imported, import_tasks
from taskflow.features.imports.reading import Read, Reading, Refused, Remark, in_short
from taskflow.features.imports.report import render
from taskflow.features.imports.taskflow.file import read as read_taskflow
from taskflow.features.imports.taskwarrior.file import read as read_taskwarrior
from taskflow.features.imports.todoist.file import read as read_todoist
from taskflow.features.spaces.access import enter
from taskflow.features.spaces.door import Call, perform
from taskflow.foundation.backend import opened
from taskflow.foundation.embedded.data_folder import Unusable
from taskflow.foundation.embedded.stores import UNREACHED, refuse_older, stores
from taskflow.foundation.operation import entry_of
from taskflow.foundation.refusal import Fault, Invalid, Refusal
from taskflow.foundation.settings import Settings

READERS = {"todoist": read_todoist, "taskwarrior": read_taskwarrior, "taskflow": read_taskflow}

GONE = "not made: what it belongs to was deleted here since"
NTH = re.compile(r"/(?P<kind>labels|projects|sections|tasks|comments)/(?P<nth>[0-9]+)(?P<rest>.*)", re.DOTALL)
LOOSE = "made outside of its project, section or task, which was deleted or moved here since"


def run(settings: Settings, source: str, file: str, email: str) -> int:
    """Import a file and print what became of each line; raises Unusable, with one line, where nothing was taken."""
    writing = Writing()
    try:
        with interruptible(writing):
            with bar("reading", "B") as reading_bar:
                reading = READERS[source](Path(file), reading_bar)
            with stores(settings) as reached:
                refuse_older(reached.database_url)
                report = asyncio.run(bring_in(reached, reading, email, writing))
    except (Refused, Refusal) as refused:
        raise Unusable(f"{file}: {refused}") from refused
    except UNREACHED as failure:
        raise Unusable(f"nothing was imported: {failure}") from failure
    sys.stdout.write(report + "\n")
    return 0


async def bring_in(settings: Settings, reading: Reading, email: str, writing: Writing) -> str:
    """Make the things in the personal space of the account; what there is to say of it."""
    quiet_once_interrupted()
    async with opened(settings) as backend:
        owner = await account_of(backend, email)
        reading = in_zone(reading, owner.time_zone)
        access = await enter(backend.database, owner.id, owner.id)
        with bar("writing", " things") as writing_bar:
            progress = writing.beside(writing_bar)
            call = Call(access, entry_of(import_tasks), asked(reading, owner.id), progress=progress)
            with on_its_line(reading):
                done = await perform(backend, call)
        return told(reading, owner.id, msgspec.json.decode(done.body, type=Imported))


@contextmanager
def on_its_line(reading: Reading) -> Iterator[None]:
    """Say of what does not fit, which is told as the nth of its kind, where it stands in the file."""
    try:
        yield
    except Invalid as wrong:
        found = NTH.match(wrong.errors[0].pointer)
        if found is None:
            raise
        thing = kinds(reading)[found["kind"]][int(found["nth"])]
        fault = Fault(found["rest"], wrong.errors[0].detail)
        raise Refused(thing.line, in_short(fault), thing.file) from wrong


def told(reading: Reading, space_id: UUID, done: Imported) -> str:
    """The report of an import that is done."""
    made, gone, loose = set(done.made), set(done.gone), set(done.loose)
    ids = {thing.key: id_of(space_id, thing.key) for thing in things(reading)}
    after = [Remark(thing.line, "left out", GONE, thing.file) for thing in things(reading) if ids[thing.key] in gone]
    after += [Remark(thing.line, "changed", LOOSE, thing.file) for thing in things(reading) if ids[thing.key] in loose]
    new = {key for key, thing_id in ids.items() if thing_id in made}
    return render(reading, made=new, already={key for key in ids.keys() - new if ids[key] not in gone}, after=after)


def things(reading: Reading) -> Iterator[Read]:
    """All that was read, whatever its kind."""
    for of_a_kind in kinds(reading).values():
        yield from of_a_kind


def kinds(reading: Reading) -> dict[str, Sequence[Read]]:
    """All that was read, in the order in which it is asked for."""
    return {
        "labels": [*reading.labels.values()],
        "projects": reading.projects,
        "sections": reading.sections,
        "tasks": reading.tasks,
        "comments": reading.comments,
    }


@contextmanager
def bar(doing: str, unit: str) -> Iterator[Progress]:
    """A progress bar on the terminal, if there is one: told how much is done, of how much."""
    with tqdm(desc=doing, unit=unit, unit_scale=True, disable=None, leave=False) as shown:

        def tell(done: int, total: int) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield tell
