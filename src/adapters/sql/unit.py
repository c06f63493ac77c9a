"""Units and views over one engine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ...core.ids import TeamId
from ...core.ports import Unit, View
from .audit import SqlAudit
from .calendar import SqlEvents
from .engine import database_of
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
        self.audit = SqlAudit(connection, team)


class SqlUnit(SqlView):
    """A transaction on one team's data."""

    async def commit(self) -> None:
        """Keep it durably."""
        await self.audit.flush()
        await self._connection.commit()


class SqlStore:
    """Opens units and views."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.database = database_of(engine)

    @asynccontextmanager
    async def writing(self, team: TeamId | None = None) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction that may write; rolled back unless committed.

        With a team, its transactions follow each other.
        """
        with translated():
            async with self.database.writing(team) as connection:
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction that only reads."""
        with translated():
            async with self.database.reading() as connection:
                yield connection

    @asynccontextmanager
    async def migrating(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction that may change tables, one at a time."""
        with translated():
            async with self.database.migrating() as connection:
                yield connection

    async def check(self) -> None:
        """Raise ``Unavailable`` unless the database can be written to."""
        async with self.writing() as connection:
            await self.database.check(connection)

    @asynccontextmanager
    async def unit(self, team: TeamId) -> AsyncIterator[Unit]:
        """A transaction on one team's data; it forgets everything unless told to commit."""
        async with self.writing(team) as connection:
            yield SqlUnit(connection, team, lock=True)

    @asynccontextmanager
    async def view(self, team: TeamId) -> AsyncIterator[View]:
        """One team's data as last committed."""
        async with self.reading() as connection:
            yield SqlView(connection, team)
