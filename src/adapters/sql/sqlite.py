"""SQLite: opening a file, and beginning transactions the way we mean them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ...core.ids import TeamId

WRITE = {"write": True}
"""Execution option of a connection that is going to write."""

PRAGMAS = (
    "journal_mode=WAL",  # readers never wait for the writer
    "synchronous=FULL",  # what was acknowledged survives a power cut
    "foreign_keys=ON",
    "busy_timeout=15000",  # milliseconds, for writers in other processes
)


class Sqlite:
    """One write lock for everybody.

    Writers of this process queue for it here, in order, rather than in the database, which would
    let them poll; those of other processes wait in the database.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._turn = asyncio.Lock()

    def turn(self, team: TeamId | None) -> AbstractAsyncContextManager[None]:
        """Wait for one's turn among the writers of this process."""
        return self._turn

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one state of the database and changes nothing."""
        async with self._engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self, team: TeamId | None) -> AsyncIterator[AsyncConnection]:
        """A transaction that holds the write lock from its beginning."""
        async with self._engine.connect() as connection:
            await connection.execution_options(**WRITE)
            await connection.begin()
            yield connection

    @asynccontextmanager
    async def migrating(self) -> AsyncIterator[AsyncConnection]:
        """A transaction like any other: the write lock is all it takes."""
        async with self._turn, self.writing(None) as connection:
            yield connection

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


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
