"""Opening a database, whichever it is."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ...core.ids import TeamId
from .postgresql import CONNECTIONS, Postgresql, open_postgresql
from .sqlite import Sqlite, open_sqlite


class Database(Protocol):
    """How transactions begin, and who waits where: what databases do in ways of their own.

    Their types and functions are in ``types``, their errors in ``errors``.
    """

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that sees one state of the database and changes nothing."""
        ...

    def writing(self, team: TeamId | None) -> AbstractAsyncContextManager[AsyncConnection]:
        """One that may write, rolled back unless committed; those of a team follow each other.

        Writers of this process wait for their turn before they take a connection.
        """
        ...

    def migrating(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """The same, for changes to tables: it takes its time, and nobody else does so meanwhile."""
        ...

    async def check(self, connection: AsyncConnection) -> None:
        """Raise ``Unavailable`` unless this transaction, which may write, can do so."""
        ...


@asynccontextmanager
async def open_engine(url: str, connections: int = CONNECTIONS) -> AsyncIterator[AsyncEngine]:
    """An engine, closed when the block ends; ``connections`` is for databases behind a network."""
    is_file = make_url(url).get_backend_name() == "sqlite"
    engine = open_sqlite(url) if is_file else open_postgresql(url, connections)
    try:
        yield engine
    finally:
        await engine.dispose()


def database_of(engine: AsyncEngine) -> Database:
    """The ways of this engine's database."""
    return Sqlite(engine) if engine.dialect.name == "sqlite" else Postgresql(engine)
