"""A group on SQLite: units in one transaction, one after the other, kept by one COMMIT.

- A unit that fails undoes its own changes (``SAVEPOINT``) and nobody else's.
- When the COMMIT fails, or the database has undone everything, nothing of any of them is kept, and
  all of them are told.
- A cancellation waits for the statement that is under way, and for the COMMIT once it was asked
  for. A unit that is cancelled after that may have been kept.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import suppress
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from .errors import meaning_of

T = TypeVar("T")

MOST = 64
"""Units in a group: more would wait long for the first of them to be answered."""


class Group:
    """One transaction of the database, and the units in it."""

    def __init__(self, connection: AsyncConnection, driver: Any, until: float) -> None:
        self.connection = connection
        self._driver = driver
        self._until = until
        self._ended = asyncio.Event()
        self.kept = 0
        """Units that asked to be kept."""
        self.error: Exception | None = None
        """Why none of them is."""

    @property
    def is_full(self) -> bool:
        """Whether it is time to commit, whoever is waiting."""
        return self.kept >= MOST or monotonic() >= self._until

    def is_open(self) -> bool:
        """Whether there still is a transaction: a full disk may have ended it."""
        try:
            return self.error is None and bool(self._driver.in_transaction)
        except ValueError:  # the connection is closed
            return False

    async def say(self, *statements: str) -> None:
        """Control the transaction, or note why there is none any more."""
        try:
            for statement in statements:
                await self._driver.execute(statement)
        except Exception as error:
            self.error = error
            raise

    async def end(self, how: str) -> None:
        """Commit or roll back, give the connection back, and tell everybody."""
        try:
            if self.is_open():
                await self.say(how)
            else:
                self.error = self.error or sqlite3.OperationalError("there is no transaction")
        except asyncio.CancelledError:
            self.error = sqlite3.OperationalError("nobody saw how it ended")
            raise
        except Exception as error:
            self.error = error
        finally:
            try:
                await self.connection.close()  # undoes what was not committed
            finally:
                self._ended.set()

    async def outcome(self) -> None:
        """Wait until it is durable, or raise why it is not."""
        await self._ended.wait()
        if self.error is not None:
            raise meaning_of(self.error) from self.error


class Member(AsyncConnection):
    """The connection of a group, for as long as it is one unit's turn."""

    def __init__(
        self,
        engine: AsyncEngine,
        group: Group,
        keep: "Callable[[Member], Coroutine[Any, Any, None]]",
    ) -> None:
        super().__init__(engine, group.connection.sync_connection)
        self.group = group
        self.is_kept = False
        self._keep = keep

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        """A statement."""
        return await self._whole(super().execute(*arguments, **options))

    async def exec_driver_sql(self, *arguments: Any, **options: Any) -> Any:
        """One in the driver's words."""
        return await self._whole(super().exec_driver_sql(*arguments, **options))

    async def run_sync(self, *arguments: Any, **options: Any) -> Any:
        """What knows no waiting."""
        return await self._whole(super().run_sync(*arguments, **options))

    async def _whole(self, work: Coroutine[Any, Any, T]) -> T:
        """Within the transaction or not at all: outside of one, each statement would be kept."""
        if self.is_kept or not self.group.is_open():
            work.close()
            assert not self.is_kept, "nothing may follow a commit"
            raise meaning_of(self.group.error)
        try:
            return await whole(work)
        except Exception as error:
            if not self.group.is_open():
                self.group.error = self.group.error or error
            raise

    async def commit(self) -> None:
        """Keep it durably, together with the others of the group."""
        assert not self.is_kept, "nothing may follow a commit"
        await whole(self._keep(self))


async def whole(work: Coroutine[Any, Any, T]) -> T:
    """See it end, whatever happens to us: half of it would cost the others their connection."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
        if not task.cancelled():
            task.exception()
        raise
