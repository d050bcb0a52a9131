"""What an import did, for the terminal: counts first, then each line that is not in a thing just as it stood."""

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import groupby

from taskflow.features.imports.reading import Read, Reading, ReadLabel, ReadProject, Remark, quoted

NAMES_MOST = 10


def render(reading: Reading, *, made: Container[str], already: Container[str], after: Iterable[Remark] = ()) -> str:
    """The report, without a line end; `made` and `already` hold keys of what was read, `after` came of writing."""
    remarks = [*reading.remarks, *after]
    kinds: dict[str, Sequence[Read]] = {
        "project": reading.projects,
        "section": reading.sections,
        "label": [*reading.labels.values()],
        "task": reading.tasks,
        "comment": reading.comments,
    }
    return "\n".join(
        [
            *(
                _counted(noun, things, made, "made")
                for noun, things in kinds.items()
                if noun == "task" or _any(things, made)
            ),
            *(
                _counted(noun, things, already, "here already")
                for noun, things in kinds.items()
                if _any(things, already)
            ),
            *_remarks([remark for remark in remarks if remark.kind == "changed"], "changed"),
            *_remarks([remark for remark in remarks if remark.kind == "left out"], "left out"),
        ],
    )


def _any(things: Sequence[Read], fate: Container[str]) -> bool:
    return any(thing.key in fate for thing in things)


def _counted(noun: str, things: Sequence[Read], fate: Container[str], word: str) -> str:
    count = sum(thing.key in fate for thing in things)
    text = f"{count:,} {noun if count == 1 else noun + 's'} {word}"
    if not count:
        return text
    names = [
        quoted(thing.name) for thing in things if isinstance(thing, (ReadProject, ReadLabel)) and thing.key in fate
    ]
    places = names[:NAMES_MOST] or [
        (f"{file} " if file else "") + lines
        for file, group in groupby(things, key=lambda thing: thing.file)
        if (lines := _lines([*_runs(group, fate)]))
    ]
    more = f" and {len(names) - NAMES_MOST:,} more" if len(names) > NAMES_MOST else ""
    return f"{text}: {(', ' if names else '; ').join(places)}{more}"


def _lines(runs: list[str]) -> str:
    if not runs:
        return ""
    return f"line{'s' if len(runs) > 1 or '-' in runs[0] else ''} {', '.join(runs)}"


def _runs(things: Iterable[Read], fate: Container[str]) -> Iterator[str]:
    """Neighbours among the things share one "2-9", whatever else stands on the lines between them."""
    first = last = 0
    for thing in things:
        if thing.key in fate:
            first, last = first or thing.line, thing.line
        elif first:
            yield _run(first, last)
            first = 0
    if first:
        yield _run(first, last)


def _run(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}-{last}"


def _remarks(remarks: list[Remark], title: str) -> Iterator[str]:
    if remarks:
        yield f"{len(remarks):,} {title}:"
        for remark in remarks:
            place = [*([remark.file] if remark.file else []), *([f"line {remark.line}"] if remark.line else [])]
            yield f"  {': '.join([*place, remark.sentence])}"
