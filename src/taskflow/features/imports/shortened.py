"""What is longer than it may be here: shortened where it is a name, parted where it is a text."""

from collections.abc import Iterator

from taskflow.features.comments.model import BODY_BYTES
from taskflow.features.imports.reading import quoted
from taskflow.features.tasks.model import LABELS_MOST

TITLE_MOST = 500
NAME_MOST = {"label": 60, "project": 120, "section": 120}  # characters


def titled(text: str) -> str:
    """A title of what was written, which stands whole in the description where it is longer."""
    return text if len(text) <= TITLE_MOST else text[: TITLE_MOST - 1] + "…"


def title_remarks(text: str) -> Iterator[str]:
    """What is to be said of a title."""
    if len(text) > TITLE_MOST:
        yield f"title shortened to {TITLE_MOST} characters: all {len(text)} of them stand in the description"


def named(text: str, kind: str, program: str) -> tuple[str, list[str]]:
    """A name of at most as many characters as its kind has, and what is to be said of it."""
    most = NAME_MOST[kind]
    if len(text) <= most:
        return text, []
    return text[: most - 1] + "…", [f"the name of the {kind} shortened to {most} characters: {program} has {len(text)}"]


def few(labels: list[str]) -> tuple[list[str], list[str]]:
    """As many labels as a task can have, and what is to be said of the others."""
    if len(labels) <= LABELS_MOST:
        return labels, []
    left = f"{len(labels) - LABELS_MOST:,} labels left out ({quoted(', '.join(labels[LABELS_MOST:]))})"
    return labels[:LABELS_MOST], [f"{left}: a task has {LABELS_MOST} at most"]


def label_key(name: str) -> str:
    """The key of a label: of its name alone, whichever program it comes from."""
    return f"label:{name.casefold()}"


def parts(text: str) -> Iterator[str]:
    """A text in parts that a comment can hold; those of white space alone say nothing."""
    content = text.encode()
    while content:
        part = content[:BODY_BYTES].decode(errors="ignore")
        if not part.isspace():
            yield part
        content = content[len(part.encode()) :]
