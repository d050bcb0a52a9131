"""What of a Todoist CSV has no place here: kept as words, or left out and named."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from taskflow.features.imports.files.csv_file import Row, Table
from taskflow.features.imports.reading import quoted

READ = {
    "task": {"TYPE", "CONTENT", "DESCRIPTION", "PRIORITY", "INDENT", "DATE", "DATE_LANG", "TIMEZONE"}
    | {"RESPONSIBLE", "DURATION", "DURATION_UNIT", "DEADLINE", "DEADLINE_LANG"},
    "note": {"TYPE", "CONTENT", "DATE"},
    "section": {"TYPE", "CONTENT"},
    "meta": {"TYPE", "CONTENT"},
}
# Say how another cell is to be read, or nothing, on a row that is no task.
BESIDE = {"PRIORITY", "INDENT", "DATE_LANG", "TIMEZONE", "DURATION_UNIT", "DEADLINE_LANG"}
# Filled in on every line, and named once.
WHOLE_COLUMNS = {
    "AUTHOR": "all that is imported is written by the account",
    "IS_COLLAPSED": "each device folds for itself",
}


@dataclass(slots=True)
class Rest:
    """Goes through the rows beside the reading of them."""

    table: Table
    whole: set[str] = field(default_factory=set)

    def of_row(self, row: Row, kind: str) -> Iterator[str]:
        """What of one row stays out."""
        if kind == "meta":
            yield f"{quoted(row['CONTENT'])} left out: how a project is shown is not kept in it"
        skipped = READ[kind] if kind == "task" else READ[kind] | BESIDE
        for name in self.table.columns:
            cell = row[name]
            if name in skipped or not cell or cell.isspace():
                continue
            if name in WHOLE_COLUMNS:
                self.whole.add(name)
            else:
                yield f"column {quoted(name)} left out ({quoted(cell)}): it has no place here"

    def of_columns(self) -> Iterator[str]:
        """What stays out of many rows in the same way, named at the header."""
        for name in sorted(self.whole):
            yield f"column {name} left out: {WHOLE_COLUMNS[name]}"


def kept_words(row: Row) -> Iterator[tuple[str, str]]:
    """What has no field here: the words for the description, and what is said of them."""
    for noun, label, words in (
        ("assignee", "Assigned to", row["RESPONSIBLE"].strip()),
        ("duration", "Duration", _duration(row)),
        ("deadline", "Deadline", row["DEADLINE"].strip()),
    ):
        if words:
            yield (
                f"{label} (as written in Todoist): {' '.join(words.split())}",
                f"{noun} {quoted(words)} kept as words in the description",
            )


def _duration(row: Row) -> str:
    number, unit = (row[name].strip() for name in ("DURATION", "DURATION_UNIT"))
    return "" if number in ("", "None") else f"{number} {unit}".strip()
