"""One PostgreSQL, spoken to as the application role, each transaction inside one space's wall."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID
from weakref import WeakValueDictionary

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from taskflow.foundation.clock import now
from taskflow.foundation.refusal import Unavailable, invalid

ROLE = "taskflow_app"
SETTINGS = {
    "role": ROLE,  # survives RESET ALL, RESET ROLE and DISCARD ALL, where a SET ROLE does not
    "application_name": "taskflow",
    "lock_timeout": "3s",
    "statement_timeout": "20s",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
    "jit": "off",  # no statement here is long enough to earn its compilation
}
ACQUIRE_S = 5.0  # for a free connection; beyond it the request is turned away
ANSWER_S = 5.0  # for what a healthy database answers at once: BEGIN, ROLLBACK, a look outside of the walls
WRITING_AT_ONCE = 4  # of one space, which one writes at a time: the next ones stand ready, and take no more of the pool
STATEMENT_S = 22.0  # for all else: statement_timeout and a little, for a database that stands still keeps none
# Whether requests are served past row-level security, and whether their login could get there.
PRIVILEGES = """
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)) AS past,
    EXISTS (SELECT FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')
        AND (rolsuper OR rolbypassrls OR rolname = 'taskflow_owner')) AS could
"""
GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shut down, starting up, or a statement that took too long
    asyncpg.InsufficientResourcesError,  # no connection, no memory or no disk left
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # asked of a connection that is just breaking
    OSError,
)
UNSTORABLE = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)  # 22021, 22P05


class DatabaseGone(Unavailable):
    """The database can't be reached right now: try again in a moment."""


class DatabaseBusy(Unavailable):
    """Others hold what this needs: try again in a moment."""


BUSY = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
EPOCH = date(2000, 1, 1).toordinal()  # PostgreSQL counts its days from here


async def calendar_days(connection: asyncpg.Connection) -> None:
    """Have the first and the last day of the calendar stored as days: asyncpg takes them for -infinity and infinity."""
    await connection.set_type_codec(
        "date",
        schema="pg_catalog",
        encoder=lambda day: (day.toordinal() - EPOCH,),
        decoder=lambda days: date.fromordinal(days[0] + EPOCH),
        format="tuple",
    )


class Connection(asyncpg.Connection):
    """A connection whose return to the pool costs nothing: every setting here is SET LOCAL.

    asyncpg still rolls back one that comes back inside a transaction.
    """

    def get_reset_query(self) -> str:
        """No statement (the default one costs 65 us a checkout)."""
        return ""


class Transaction:
    """One open transaction inside the wall of one space; `async with database.transaction(space)` makes it."""

    connection: "PoolConnectionProxy[asyncpg.Record]"
    opening = "BEGIN"
    busy: tuple[type[BaseException], ...] = BUSY  # what ends it for the sake of others, and is told as such

    def __init__(self, database: "Database", space_id: UUID) -> None:
        """Prepare; nothing is asked of the database before `async with`."""
        self.database = database
        self.space_id = space_id
        self.now: datetime = now()

    async def __aenter__(self) -> Self:
        """Open it: one round trip, the one form whose setting also reaches the shards of a Citus."""
        for attempt in (1, 2):  # a connection that died in the pool is noticed here, where nothing is lost yet
            self.connection = await self.database.take()
            try:
                await self.connection.execute(
                    f"{self.opening}; SET LOCAL app.space = '{self.space_id}'", timeout=ANSWER_S
                )
            except BaseException as failure:
                await self.database.let_go(self.connection, failure)
                if not isinstance(failure, GONE):
                    raise
                if attempt > 1 or isinstance(failure, TimeoutError):
                    raise DatabaseGone from failure
            else:
                break
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit, or roll back what failed."""
        broken = error
        try:
            if kind is None:
                await self.connection.execute("COMMIT")
            elif not (self.connection.is_closed() or isinstance(error, TimeoutError)):
                await self.connection.execute("ROLLBACK", timeout=ANSWER_S)
        except GONE as gone:
            broken = gone
            raise DatabaseGone from gone
        finally:
            await self.database.let_go(self.connection, broken)
        if isinstance(error, GONE):
            raise DatabaseGone from error
        if isinstance(error, self.busy):
            raise DatabaseBusy from error
        if isinstance(error, UNSTORABLE):
            raise invalid("", "has a character that can't be stored") from error

    async def enter(self, space_id: UUID) -> None:
        """Step into the wall of another space, in the same transaction."""
        await self.connection.execute(f"SET LOCAL app.space = '{space_id}'")
        self.space_id = space_id

    async def savepoint(self) -> None:
        """Remember this moment: `back` undoes what comes after it, `release` keeps it."""
        await self.connection.execute("SAVEPOINT taskflow")

    async def back(self) -> None:
        """Undo what came after the savepoint, a failed statement and a step into another wall too; it is gone then."""
        await self.connection.execute("ROLLBACK TO SAVEPOINT taskflow; RELEASE SAVEPOINT taskflow", timeout=ANSWER_S)

    async def release(self) -> None:
        """Keep what came after the savepoint, which is gone then."""
        await self.connection.execute("RELEASE SAVEPOINT taskflow")


class Snapshot(Transaction):
    """A transaction that only reads, and whose statements all see the same moment, in whichever space it stands."""

    opening = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Database:
    """A pool of connections, last in first out."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Wrap an open pool; `Database.open` makes one."""
        self.pool = pool
        self.spare = pool.get_max_size() // 2  # for requests that use several at once: the rest is for everybody else
        self._turns: WeakValueDictionary[UUID, asyncio.Semaphore] = WeakValueDictionary()
        self.overprivileged = False  # the login may do more than serve, and so might whoever got SQL into a request

    @classmethod
    async def open(cls, url: str, size: int) -> Self:
        """Connect, at most `size` connections; raises OSError or asyncpg's errors where nothing answers."""
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=size,
            connection_class=Connection,
            server_settings=SETTINGS,
            timeout=5,
            command_timeout=STATEMENT_S,
            init=calendar_days,
        )
        database = cls(pool)
        await database.refuse_privileges()
        return database

    @staticmethod
    def connector(url: str) -> Callable[[], Awaitable[asyncpg.Connection]]:
        """What opens single connections as the application role, for those who need one of their own."""
        return lambda: asyncpg.connect(url, server_settings=SETTINGS, timeout=5, command_timeout=STATEMENT_S)

    async def refuse_privileges(self) -> None:
        """Raise PermissionError where requests would be served by a role that policies do not bind.

        Where only the login behind that role has such power, `overprivileged` says so.
        """
        row = await self.pool.fetchrow(PRIVILEGES)
        if row is None or row["past"]:
            msg = "the database login may pass row-level security: requests must be served as the application role"
            raise PermissionError(msg)
        self.overprivileged = row["could"]

    def turn(self, space_id: UUID) -> asyncio.Semaphore:
        """What lets so many of those who write to a space have a connection; the others wait for them anyway."""
        found = self._turns.get(space_id)
        if found is None:
            found = self._turns[space_id] = asyncio.Semaphore(WRITING_AT_ONCE)
        return found

    def transaction(self, space_id: UUID) -> Transaction:
        """A transaction that sees one space (or one account: its personal space has its id)."""
        return Transaction(self, space_id)

    def snapshot(self, space_id: UUID) -> Snapshot:
        """A transaction for a long read of many things that belong together."""
        return Snapshot(self, space_id)

    async def fetch(self, sql: str, *args: object, within: float = ANSWER_S) -> Sequence[asyncpg.Record]:
        """Ask outside of every space's wall, of tables and functions that have none; `within` seconds, once it may."""
        connection = await self.take(within)
        broken: BaseException | None = None
        try:
            rows: list[Any] = await connection.fetch(sql, *args, timeout=within)
        except GONE as gone:
            broken = gone
            raise DatabaseGone from gone
        finally:
            await self.let_go(connection, broken)
        return rows

    @contextmanager
    def spared(self, wanted: int) -> Iterator[int]:
        """Lend out up to so many connections beside the one that every request may use; says how many."""
        lent = min(wanted, self.spare)
        self.spare -= lent
        try:
            yield lent
        finally:
            self.spare += lent

    async def take(self, within: float = ACQUIRE_S) -> "PoolConnectionProxy[asyncpg.Record]":
        """A connection that is free; `let_go` gives it back."""
        try:
            return await self.pool.acquire(timeout=min(within, ACQUIRE_S))
        except GONE as gone:
            raise DatabaseGone from gone

    async def let_go(
        self, connection: "PoolConnectionProxy[asyncpg.Record]", broken: BaseException | None = None
    ) -> None:
        """Give a connection back; one that can't be reset the pool closes, one that gave no answer is cut off here."""
        with suppress(*GONE):
            if isinstance(broken, TimeoutError):
                connection.terminate()  # the pool would wait for that answer once more
            await self.pool.release(connection)

    async def close(self) -> None:
        """Let the connections go, waiting for those in use."""
        await self.pool.close()
