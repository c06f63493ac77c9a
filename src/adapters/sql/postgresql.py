"""PostgreSQL: opening a pool, and beginning transactions the way we mean them.

Nothing here lives longer on a connection than a transaction: limits are set for one transaction,
locks are held for one, and no statement is prepared by name. So it does not matter whether a
pooler such as pgbouncer hands the next transaction to another connection of the server.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy import event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ...core.errors import Unavailable
from ...core.ids import TeamId

CONNECTIONS = 10
"""Of one process, unless told otherwise."""

CONNECT = 5
"""Seconds that a new connection, or a free one, is waited for."""

RECYCLE = 1800
"""Seconds after which a connection is replaced: poolers and firewalls close old ones quietly."""

TRANSACTION = 60
"""Seconds after which a transaction is given up here, when the server itself says nothing."""

LIMITS = {
    "statement_timeout": "15s",  # no statement of ours takes a second; a runaway holds up others
    "lock_timeout": "10s",  # for the turn of a team that another process has
    "idle_in_transaction_session_timeout": "30s",  # a process that stopped must hold no lock
}

_LIMITED = "".join(f" SET LOCAL {name} = '{value}';" for name, value in LIMITS.items())

_KEYS = 0x7EA5 << 48
"""Advisory locks are a database's; ours have keys of this range: a team's by its id, and 0."""

READING = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
WRITING = {"isolation_level": "READ COMMITTED"}


def _turn_of(key: int) -> str:
    return f" SELECT pg_advisory_xact_lock({_KEYS | key});"


class Postgresql:
    """A lock for each team, held until its transaction ends.

    Whoever waits for a team that this process is busy with waits here, in order, and not on a
    connection; and some connections are left to those who only read.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        connections: int = getattr(engine.pool, "size", lambda: CONNECTIONS)()
        self._writers = asyncio.Semaphore(max(1, connections - max(1, connections // 4)))
        self._turns: WeakValueDictionary[TeamId, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def writing(self, team: TeamId | None) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees what others committed; a team's follow each other."""
        opening = _LIMITED + ("" if team is None else _turn_of(team))
        async with AsyncExitStack() as stack:
            if team is not None:
                await stack.enter_async_context(self._turns.setdefault(team, asyncio.Lock()))
            await stack.enter_async_context(self._writers)
            yield await stack.enter_async_context(self._limited(WRITING, opening))

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that sees one state of the database and changes nothing."""
        return self._limited(READING, _LIMITED)

    def migrating(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction without limits; of several processes one does the work, the others wait."""
        return self._opened(WRITING, _turn_of(0))

    @asynccontextmanager
    async def _limited(
        self, options: dict[str, Any], opening: str
    ) -> AsyncIterator[AsyncConnection]:
        limit = asyncio.timeout(TRANSACTION)
        try:
            async with limit, self._opened(options, opening) as connection:
                yield connection
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise Unavailable("The database does not answer.") from error

    @asynccontextmanager
    async def _opened(
        self, options: dict[str, Any], opening: str
    ) -> AsyncIterator[AsyncConnection]:
        """A connection whose transaction begins, with this opening, at its first statement."""
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(self._engine.connect())
            except OSError as error:  # it is not there, or not in time
                raise Unavailable("The database cannot be reached.") from error
            await connection.execution_options(**options)
            driver: Any = (await connection.get_raw_connection()).driver_connection
            driver.opening = opening
            yield connection

    async def check(self, connection: AsyncConnection) -> None:
        """Raise ``Unavailable`` where nothing can be written: on a standby."""
        read_only = text("select current_setting('transaction_read_only') = 'on'")
        if (await connection.execute(read_only)).scalar_one():
            raise Unavailable("The database can only be read.")


def open_postgresql(url: str, connections: int = CONNECTIONS) -> AsyncEngine:
    """A pool of connections.

    Without prepared statements there is none that a migration makes invalid, none that a pooler
    hands to another, and every search is planned for the words that it has.
    """
    import asyncpg

    class Connection(asyncpg.Connection):  # type: ignore[misc]
        """Says with every BEGIN what belongs to it: one round trip instead of two."""

        opening = ""

        async def execute(self, query: str, *arguments: Any, **options: Any) -> str:
            if query.startswith("BEGIN"):
                query += self.opening
            return str(await super().execute(query, *arguments, **options))

    engine = create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=CONNECT,
        pool_recycle=RECYCLE,
        pool_use_lifo=True,  # what a quiet hour does not need grows old and is let go
        connect_args={
            "connection_class": Connection,
            "timeout": CONNECT,
            "statement_cache_size": 0,
            "prepared_statement_cache_size": 0,
            "server_settings": {"application_name": "tearsheet"},
        },
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    """After a restart of the server every connection in the pool is closed, and knows it.

    The pool then takes another, or a new one. Asking the server each time would cost as much as
    the work itself.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError
