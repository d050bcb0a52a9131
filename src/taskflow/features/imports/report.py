"""What an import did, for the terminal: counts first, then each line that is not in a task just as it stood."""

from collections.abc import Container, Iterator

from taskflow.features.imports.model import Reading, ReadTask, Remark


def render(reading: Reading, *, made: Container[str], already: Container[str]) -> str:
    """The report, without a line end; `made` and `already` hold keys of the reading's tasks."""
    changed = [remark for remark in reading.remarks if remark.kind == "changed"]
    left_out = [remark for remark in reading.remarks if remark.kind == "left out"]
    return "\n".join(
        [
            _tasks(reading.tasks, made, "made"),
            *([_tasks(reading.tasks, already, "here already")] if any(t.key in already for t in reading.tasks) else []),
            *_remarks(changed, "changed"),
            *_remarks(left_out, "left out"),
        ],
    )


def _tasks(tasks: list[ReadTask], fate: Container[str], word: str) -> str:
    count = sum(task.key in fate for task in tasks)
    lines = ", ".join(_runs(tasks, fate))
    noun = "task" if count == 1 else "tasks"
    return f"{count:,} {noun} {word}" + (f": line{'' if lines.isdigit() else 's'} {lines}" if count else "")


def _runs(tasks: list[ReadTask], fate: Container[str]) -> Iterator[str]:
    """Neighbours among the tasks share one "2-9", whatever else stands on the lines between them."""
    first = last = 0
    for task in tasks:
        if task.key in fate:
            first, last = first or task.line, task.line
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
            yield f"  line {remark.line}: {remark.sentence}"
