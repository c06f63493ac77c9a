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

from sqlalchemy import Executable, bindparam, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ...core.errors import Unavailable
from ...core.ids import TeamId
from .types import BigId

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

_LIMITS = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in LIMITS.items())
_READ_ONLY = "current_setting('transaction_read_only') = 'on' as read_only"
_LOCK = "pg_advisory_xact_lock(:key)"
_FOR_READING = text(f"select {_LIMITS}, false as read_only")
_FOR_WRITING = text(f"select {_LIMITS}, {_READ_ONLY}")
_KEY = bindparam("key", type_=BigId)
_FOR_TEAM = text(f"select {_LIMITS}, {_READ_ONLY}, {_LOCK}").bindparams(_KEY)
_FOR_MIGRATING = text(f"select {_READ_ONLY}, {_LOCK}").bindparams(_KEY)

_KEYS = 0x7EA5 << 48
"""Advisory locks are a database's; ours have keys of this range: a team's by its id, and 0."""


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
    async def turn(self, team: TeamId | None) -> AsyncIterator[None]:
        """Wait for one's turn among the writers of this process."""
        async with AsyncExitStack() as stack:
            if team is not None:
                await stack.enter_async_context(self._turns.setdefault(team, asyncio.Lock()))
            await stack.enter_async_context(self._writers)
            yield

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that sees one state of the database and changes nothing."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return self._transaction(_FOR_READING, options)

    @asynccontextmanager
    async def writing(self, team: TeamId | None) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees what others committed; a team's follow each other."""
        opening = _FOR_WRITING if team is None else _FOR_TEAM.bindparams(key=_KEYS | team)
        async with self._transaction(opening, {"isolation_level": "READ COMMITTED"}) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(
        self, opening: Executable, options: dict[str, Any]
    ) -> AsyncIterator[AsyncConnection]:
        limit = asyncio.timeout(TRANSACTION)
        try:
            async with limit, self._begun(opening, options) as connection:
                yield connection
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise Unavailable("The database does not answer.") from error

    @asynccontextmanager
    async def _begun(
        self, opening: Executable, options: dict[str, Any]
    ) -> AsyncIterator[AsyncConnection]:
        """A connection at the beginning of a transaction; rolled back unless committed.

        One that died in the pool shows here, where nothing is lost yet. Then the whole pool is
        known to be out of date, and the second connection is a new one.
        """
        async with AsyncExitStack() as stack:
            connection = await stack.enter_async_context(self._engine.connect())
            try:
                read_only = await _open(connection, opening, options)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                await stack.aclose()
                connection = await stack.enter_async_context(self._engine.connect())
                read_only = await _open(connection, opening, options)
            if read_only:
                raise Unavailable("The database can only be read.")
            yield connection

    @asynccontextmanager
    async def migrating(self) -> AsyncIterator[AsyncConnection]:
        """A transaction without limits; of several processes one does the work, the others wait."""
        opening = _FOR_MIGRATING.bindparams(key=_KEYS)
        async with self._begun(opening, {"isolation_level": "READ COMMITTED"}) as connection:
            yield connection


async def _open(connection: AsyncConnection, opening: Executable, options: dict[str, Any]) -> bool:
    await connection.execution_options(**options)
    return bool((await connection.execute(opening)).one().read_only)


def open_postgresql(url: str, connections: int = CONNECTIONS) -> AsyncEngine:
    """A pool of connections.

    Without prepared statements there is none that a migration makes invalid, none that a pooler
    hands to another, and every search is planned for the words that it has.
    """
    return create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=CONNECT,
        pool_recycle=RECYCLE,
        pool_use_lifo=True,  # what a quiet hour does not need grows old and is let go
        connect_args={
            "timeout": CONNECT,
            "statement_cache_size": 0,
            "prepared_statement_cache_size": 0,
            "server_settings": {"application_name": "tearsheet"},
        },
    )
