"""`make bench`: the capacity table of this machine, and the history of those before."""

import argparse
import csv
import subprocess
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from bench.load import COMMANDS, REQUESTS, cost
from bench.product import Product
from bench.scale import bring_in, scale, timed
from bench.syncing import LOADED, Loaded, delays, held

HISTORY = Path(__file__).parent / "history.csv"
FIELDS = ("day", "commit", "measure", "connections", "server", "valkey", "postgres", "all", "unit", "rate", "wall_ms")
USERS, TASKS, CONNECTIONS, ROUNDS = 20, 50, 64, 3
ROWS = len(REQUESTS) + 16
RESTS_S = 5  # what a start leaves to do is done by then


def main() -> None:
    """Measure, print, and note in the history."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--seconds", type=int, default=5, help="of each round of load (5)")
    parser.add_argument("--note", action="store_true", help="add the table to bench/history.csv")
    asked = parser.parse_args()
    rows = list(tqdm(measures(asked.seconds), total=ROWS, desc="measuring", leave=False, disable=None))
    show(rows)
    if asked.note:
        note(rows)


def measures(seconds: int) -> Iterator[dict[str, object]]:
    """Each measure as a row of the history."""
    with Product() as product:
        yield row("cold start to the first page", all=product.start(), unit="s")
        time.sleep(RESTS_S)
        yield row("memory at rest", **product.memory(), unit="MiB")
        tokens = product.people(USERS, TASKS)
        for what in REQUESTS:
            yield load(product, what, what, tokens, seconds)
        yield load(product, "create", "create in one space", tokens[:1], seconds)
        yield from syncs(product, seconds)
        for what, took in scale(product):
            yield row(what, **took.parts, all=took.all, unit="ms CPU", wall_ms=took.wall)
        product.stop()
        yield row("warm start to the first page", all=product.start(), unit="s")


def syncs(product: Product, seconds: int) -> Iterator[dict[str, object]]:
    """What sync costs, for people of its own."""
    first, *others = product.people(USERS, TASKS, "sync")
    bring_in(product, "Everything", LOADED, "sync0@example.com")
    loaded: list[Loaded] = []
    took = timed(product, lambda: loaded.append(Loaded(product, first)))
    yield row(f"first load of {LOADED:,} tasks", **took.parts, all=took.all, unit="ms CPU", wall_ms=took.wall)
    yield row("its pages", all=loaded[0].pages)
    yield row("its bytes", all=loaded[0].bytes / 1e6, unit="MB")
    bodies = [f'{{"cursors":{held(product, token)}}}' for token in others]
    yield load(product, "empty sync", "empty sync", others, seconds, bodies)
    for named, by in (("commands over 19 spaces", others), ("commands in one space", others[:1])):
        yield commands(product, named, by, seconds)
    for what, delay in delays(product, first):
        yield row(what, wall_ms=delay)


def commands(product: Product, named: str, tokens: list[str], seconds: int) -> dict[str, object]:
    """What a create costs as one of the commands of a call."""
    bodies = [held(product, token) for token in tokens]
    found = cost(product, "commands", tokens, 8, seconds, ROUNDS, bodies)
    parts = {part: spent / COMMANDS for part, spent in found.parts.items()}
    rate = round(found.rate * COMMANDS)
    return row(named, connections=8, **parts, all=found.all / COMMANDS, unit="us CPU/command", rate=rate)


def load(
    product: Product, what: str, named: str, tokens: list[str], seconds: int, bodies: Sequence[str] = ()
) -> dict[str, object]:
    """What a request costs, and how many a second there were."""
    found = cost(product, what, tokens, CONNECTIONS, seconds, ROUNDS, bodies)
    return row(
        named, connections=CONNECTIONS, **found.parts, all=found.all, unit="us CPU/request", rate=round(found.rate)
    )


def row(measure: str, **values: object) -> dict[str, object]:
    """A row, its numbers rounded to what they are worth."""
    rounded = {name: f"{value:.3g}" if isinstance(value, float) else value for name, value in values.items()}
    return {"day": f"{datetime.now(UTC):%Y-%m-%d}", "commit": commit(), "measure": measure, **rounded}


def commit() -> str:
    """What was measured."""
    said = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return said.stdout.strip()


def show(rows: list[dict[str, object]]) -> None:
    """Print the table."""
    shown = FIELDS[2:]
    widths = {field: max(len(field), *(len(str(row.get(field, ""))) for row in rows)) for field in shown}
    for line in ({field: field for field in shown}, *rows):
        print("  ".join(f"{line.get(field, '')!s:>{widths[field]}}" for field in shown))


def note(rows: list[dict[str, object]]) -> None:
    """Add the table to the history."""
    new = not HISTORY.exists()
    with HISTORY.open("a", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
