"""One team's calendar feeds in SQL."""

from sqlalchemy import Column, ForeignKey, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ...core.calendar.feed import Feed
from ...core.ids import ProjectId, TeamId
from .rows import AnyRow
from .schema import metadata
from .types import BigId, UtcDateTime, text_of

feeds = Table(
    "feeds",
    metadata,
    Column("project_id", BigId, ForeignKey("projects.id"), primary_key=True, autoincrement=False),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("digest", text_of(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
)


class SqlFeeds:
    """A project has one feed at most."""

    def __init__(self, connection: AsyncConnection, team: TeamId) -> None:
        self._connection = connection
        self._team = team

    async def of_project(self, project_id: ProjectId) -> Feed | None:
        """The project's."""
        mine = select(feeds).where(feeds.c.team_id == self._team, feeds.c.project_id == project_id)
        row = (await self._connection.execute(mine)).first()
        return None if row is None else read_feed(row)

    async def put(self, feed: Feed) -> None:
        """Keep it, instead of the one before."""
        await self.remove(feed.project_id)
        await self._connection.execute(
            insert(feeds).values(
                project_id=feed.project_id,
                team_id=self._team,
                digest=feed.digest,
                created_at=feed.created_at,
            )
        )

    async def remove(self, project_id: ProjectId) -> None:
        """Forget the project's."""
        await self._connection.execute(
            delete(feeds).where(feeds.c.team_id == self._team, feeds.c.project_id == project_id)
        )


def read_feed(row: AnyRow) -> Feed:
    """The feed in a row of ``feeds``."""
    return Feed(project_id=row.project_id, digest=row.digest, created_at=row.created_at)
