"""Many rows for one statement, which reads them out of JSON: some at a time."""

from collections.abc import Iterator, Sequence

import msgspec

ROWS = 1_000  # some 0.5 MB of JSON each; 16 MB of comments that are as long as they may be


def batches(rows: Sequence[object]) -> Iterator[tuple[str, int]]:
    """The JSON of some rows after the others, and how many they are."""
    for start in range(0, len(rows), ROWS):
        batch = rows[start : start + ROWS]
        yield msgspec.json.encode(batch).decode(), len(batch)
