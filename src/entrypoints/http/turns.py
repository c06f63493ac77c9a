"""Requests with the same key follow each other, as far as one process sees them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from weakref import WeakValueDictionary

from ...core.errors import IdempotencyInProgress
from ...core.ids import TeamId


class Turns:
    """A lock for every key that somebody is at; it goes when they go."""

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience.total_seconds()
        self._locks: WeakValueDictionary[tuple[TeamId, str], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, team: TeamId, key: str) -> AsyncIterator[None]:
        """Wait until nobody else is at it; raises ``IdempotencyInProgress`` out of patience."""
        lock = self._locks.setdefault((team, key), asyncio.Lock())
        try:
            async with asyncio.timeout(self._patience):
                await lock.acquire()
        except TimeoutError:
            raise IdempotencyInProgress from None
        try:
            yield
        finally:
            lock.release()
