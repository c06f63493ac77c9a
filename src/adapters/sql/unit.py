"""Units and views over one engine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ...core.ids import TeamId
from ...core.ports import Unit, View
from .calendar import SqlEvents
from .engine import reading, writing
from .errors import translated
from .exports import SqlExports
from .feeds import SqlFeeds
from .images import SqlImages
from .records import SqlCredits, SqlJobs, SqlProjects
from .retries import SqlAnswers
from .sharing import SqlChatSessions, SqlShares


class SqlView:
    """A team's data in one state of the database."""

    def __init__(self, connection: AsyncConnection, team: TeamId, *, lock: bool = False) -> None:
        self._connection = connection
        self.images = SqlImages(connection, team, lock=lock)
        self.credits = SqlCredits(connection, team)
        self.jobs = SqlJobs(connection, team, lock=lock)
        self.projects = SqlProjects(connection, team)
        self.events = SqlEvents(connection, team, lock=lock)
        self.shares = SqlShares(connection, team, lock=lock)
        self.chat_sessions = SqlChatSessions(connection, team)
        self.exports = SqlExports(connection, team, lock=lock)
        self.answers = SqlAnswers(connection, team)
        self.feeds = SqlFeeds(connection, team)


class SqlUnit(SqlView):
    """A transaction on one team's data."""

    async def commit(self) -> None:
        """Keep it durably."""
        await self._connection.commit()


class SqlStore:
    """Opens units and views.

    SQLite has one write lock. Writers of this process queue for it here, in order, rather than
    in the database, which would let them poll; those of other processes wait in the database.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction that may write; rolled back unless committed."""
        with translated():
            if self._turn is None:
                async with writing(self.engine) as connection:
                    yield connection
            else:
                async with self._turn, writing(self.engine) as connection:
                    yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction that only reads."""
        with translated():
            async with reading(self.engine) as connection:
                yield connection

    async def check(self) -> None:
        """Raise ``Unavailable`` unless the database can be written to."""
        async with self.writing():
            return

    @asynccontextmanager
    async def unit(self, team: TeamId) -> AsyncIterator[Unit]:
        """A transaction on one team's data; it forgets everything unless told to commit."""
        async with self.writing() as connection:
            yield SqlUnit(connection, team, lock=True)

    @asynccontextmanager
    async def view(self, team: TeamId) -> AsyncIterator[View]:
        """One team's data as last committed."""
        async with self.reading() as connection:
            yield SqlView(connection, team)
