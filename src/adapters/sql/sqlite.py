"""SQLite: opening a file, and beginning transactions the way we mean them."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ...core.ids import TeamId
from .audit import chained_in_sqlite
from .turns import BUSY, Turns

PRAGMAS = (
    "journal_mode=WAL",  # readers never wait for the writer
    "synchronous=FULL",  # what was acknowledged survives a power cut
    "foreign_keys=ON",
    f"busy_timeout={int(BUSY * 1000)}",  # milliseconds, for other processes
)


class Sqlite:
    """One write lock for everybody.

    Writers of this process queue for it in order, and are kept in groups (``turns``); those of
    other processes look for it again and again.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._turns = Turns(engine)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one state of the database and changes nothing."""
        async with self._engine.connect() as connection:
            yield connection

    def writing(self, team: TeamId | None) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that holds the write lock from its beginning."""
        return self._turns.turn()

    def migrating(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction like any other: the write lock is all it takes."""
        return self._turns.turn()

    async def check(self, connection: AsyncConnection) -> None:
        """Having the write lock is proof."""


def open_sqlite(url: str) -> AsyncEngine:
    """An engine over a file.

    The driver's own transaction handling is off, because it begins too late: two transactions
    that read and then write would lose an update without an error.
    """
    engine = create_async_engine(url)
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    connection.create_function("chained", 2, chained_in_sqlite, deterministic=True)


def _begin(connection: Connection) -> None:
    """Of those who read; writers hold the write lock before their first statement."""
    driver: Any = connection.connection.driver_connection
    if not driver.in_transaction:
        connection.exec_driver_sql("BEGIN")
