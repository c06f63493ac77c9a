"""Turns on SQLite: the writers of a process, in order, and kept in groups.

The process writes through one connection at a time. A unit that asks to be kept gives its turn to
the next one and waits; when nobody else is waiting, or the group is long enough, all of it is
committed, with one sync of the disk, and only then is any of them answered.

Whoever came later in a group has seen what is not durable yet. So even a unit that keeps nothing
ends when its group has: no refusal, and no answer that was looked up, rests on what is then lost.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import chain, repeat
from time import monotonic
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from .group import Group, Member, whole

LONGEST = 0.05
"""Seconds after which a group takes no more units: other processes want to write as well."""

BUSY = 15.0
"""Seconds that writers of other processes are waited for."""

LOOKS = (0.001, 0.002, 0.005)
"""Seconds between two looks whether they are done; the last goes on. SQLite itself would look
every tenth of a second only, and so would seldom find a busy neighbour between two groups."""

_BEGIN = f"PRAGMA busy_timeout=0; BEGIN IMMEDIATE; PRAGMA busy_timeout={int(BUSY * 1000)}"


class Turns:
    """The writers of one process: in order, one at a time, kept in groups."""

    def __init__(self, engine: AsyncEngine, longest: float = LONGEST) -> None:
        """Groups take no more units after ``longest`` seconds."""
        self._engine = engine
        self._longest = longest
        self._taken = False
        self._queue: deque[asyncio.Future[None]] = deque()
        self._group: Group | None = None
        self._ending: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Member]:
        """A unit's turn; what it wrote is undone unless it asked for it to be kept."""
        await self._wait()
        try:
            member = await self._join()
        except BaseException:
            self._next()
            raise
        try:
            yield member
        except asyncio.CancelledError:
            if not member.is_kept:
                await whole(self._undo(member.group))
            raise
        except BaseException:
            if not member.is_kept:
                await self._give_up(member.group)
            raise
        if not member.is_kept:
            await self._give_up(member.group)

    async def _keep(self, member: Member) -> None:
        """Let the next one have its turn; answer when it is durable."""
        group = member.group
        if group.is_open() and group.kept:
            await group.say("RELEASE unit")
        group.kept += 1
        member.is_kept = True
        self._next()
        await group.outcome()

    async def _give_up(self, group: Group) -> None:
        """Keep nothing; what was seen of others in the group must become true all the same."""
        await whole(self._undo(group))
        if group.kept:
            await group.outcome()

    async def _undo(self, group: Group) -> None:
        if group.kept == 0:
            await self._end(group, "ROLLBACK")
            return
        with suppress(Exception):  # the group has noted it
            if group.is_open():
                await group.say("ROLLBACK TO unit", "RELEASE unit")
        self._next()

    async def _wait(self) -> None:
        """Until it is our turn, in order."""
        if not self._taken:
            self._taken = True
            return
        place = asyncio.get_running_loop().create_future()
        self._queue.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():  # it was just given to us
                self._next()
            raise

    async def _join(self) -> Member:
        """Be one of the open group, or the first of a new one."""
        if self._group is not None:
            await whole(self._group.say("SAVEPOINT unit"))
        else:
            self._group = await self._begin()
        return Member(self._engine, self._group, self._keep)

    async def _begin(self) -> Group:
        connection = self._engine.connect()
        await connection.start()
        try:
            driver = (await connection.get_raw_connection()).driver_connection
            await _lock(driver)
        except BaseException:
            await whole(_drop(connection))
            raise
        return Group(connection, driver, monotonic() + self._longest)

    def _next(self) -> None:
        """This turn is over: now it is the next one's, or the group ends."""
        group = self._group
        waiting = any(not place.done() for place in self._queue)
        if group is not None and (group.is_full or not group.is_open() or not waiting):
            self._ending = asyncio.ensure_future(self._end(group, "COMMIT"))
            return
        while self._queue:
            place = self._queue.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._taken = False

    async def _end(self, group: Group, how: str) -> None:
        try:
            await group.end(how)
        finally:
            self._group = None
            self._next()


async def _lock(driver: Any) -> None:
    """Take the write lock of the database, or raise that it was busy for too long."""
    until = monotonic() + BUSY
    for pause in chain(LOOKS, repeat(LOOKS[-1])):
        try:
            await whole(driver.executescript(_BEGIN))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            await asyncio.sleep(pause)
        else:
            return


async def _drop(connection: AsyncConnection) -> None:
    """Close it for good: nobody knows what it was left in."""
    await connection.invalidate()
    await connection.close()
