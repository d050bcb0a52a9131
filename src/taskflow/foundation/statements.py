"""Named statements: SQL kept as SQL in `queries.sql`, one typed line for each in `queries.py`."""

import re
from collections.abc import Callable
from importlib.resources import files
from time import perf_counter
from typing import Any, Generic, TypeVar

import asyncpg

from taskflow.foundation.database import Transaction
from taskflow.foundation.telemetry import meters

Row = TypeVar("Row")
Make = Callable[..., Row]
S = TypeVar("S", bound="Statement[Any]")

HEAD = re.compile(r"^-- name: (\w+)\n((?:-- .*\n)+)", re.MULTILINE)


class Statement(Generic[Row]):
    """One statement: its name, a sentence, its SQL, and what a row of it becomes."""

    def __init__(self, name: str, sentence: str, sql: str, make: Make[Row]) -> None:
        """Stand ready under this name; `make` takes a row's columns in their order."""
        self.name, self.sentence, self.sql, self.make = name, sentence, sql, make
        self.observe = timing(name)

    async def rows(self, transaction: Transaction, args: tuple[object, ...]) -> list[asyncpg.Record]:
        """Run it, and tell how long it took."""
        began = perf_counter()
        try:
            return await transaction.connection.fetch(self.sql, *args)
        finally:
            self.observe(perf_counter() - began)


def timing(name: str) -> Callable[[float], None]:
    """Where the durations of a statement are told."""
    return meters.statement_seconds.child(statement=name).observe


class One(Statement[Row]):
    """A statement that answers one row."""

    async def __call__(self, transaction: Transaction, *args: object) -> Row:
        """The row; raises IndexError where there is none, which is a fault of ours."""
        return self.make(*(await self.rows(transaction, args))[0])


class Maybe(Statement[Row]):
    """A statement that answers one row or none."""

    async def __call__(self, transaction: Transaction, *args: object) -> Row | None:
        """The row, or None."""
        rows = await self.rows(transaction, args)
        return self.make(*rows[0]) if rows else None


class Many(Statement[Row]):
    """A statement that answers any number of rows."""

    async def __call__(self, transaction: Transaction, *args: object) -> list[Row]:
        """The rows in the statement's order."""
        return [self.make(*row) for row in await self.rows(transaction, args)]


class Run(Statement[None]):
    """A statement that answers nothing."""

    async def __call__(self, transaction: Transaction, *args: object) -> None:
        """Do it."""
        await self.rows(transaction, args)


ALL: dict[str, Statement[Any]] = {}  # what the suite prepares and the metrics count


def only(value: Any) -> Any:
    """Make a row of one column: the value itself."""
    return value


class Statements:
    """The statements of one feature, read from the `queries.sql` beside its `queries.py`."""

    def __init__(self, module: str) -> None:
        """Read the file of the package that `module` (its `__name__`) lies in."""
        text = files(module.rpartition(".")[0]).joinpath("queries.sql").read_text()
        heads = list(HEAD.finditer(text))
        ends = [*(head.start() for head in heads[1:]), len(text)]
        self.texts = {
            head[1]: (sentence(head[2]), text[head.end() : end].strip().removesuffix(";"))
            for head, end in zip(heads, ends, strict=True)
        }

    def one(self, name: str, make: Make[Row]) -> One[Row]:
        """Name a statement that answers one row."""
        return added(One(name, *self.texts[name], make))

    def maybe(self, name: str, make: Make[Row]) -> Maybe[Row]:
        """Name a statement that answers one row or none."""
        return added(Maybe(name, *self.texts[name], make))

    def many(self, name: str, make: Make[Row]) -> Many[Row]:
        """Name a statement that answers any number of rows."""
        return added(Many(name, *self.texts[name], make))

    def run(self, name: str) -> Run:
        """Name a statement that answers nothing."""
        return added(Run(name, *self.texts[name], only))

    @staticmethod
    def composed(name: str, sentence: str, sql: str, make: Make[Row]) -> Many[Row]:
        """A statement composed at run time from a whitelist; all shapes of one list share a name, and its timing."""
        statement = Many(name, sentence, sql, make)
        statement.observe = timing(name)
        return statement


def added(statement: S) -> S:
    """Enter a statement into the list of all; raises ValueError for a name that is taken."""
    if statement.name in ALL:
        raise ValueError(f"two statements are named {statement.name}")
    ALL[statement.name] = statement
    return statement


def sentence(comment: str) -> str:
    """The text of a `--` comment of one or several lines."""
    return " ".join(line.removeprefix("--").strip() for line in comment.splitlines())
