"""The ports of a service whose time stands still, over each kind of store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import attrs

from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.core.ids import ArticleId, TeamId
from tearsheet.core.ports import Ports
from tests.integration.opening import STORES, Places, over


@asynccontextmanager
async def open_ports(name: str, clock: SteerableClock, places: Places) -> AsyncIterator[Ports]:
    """Rows in the store with this name; bytes and everything else in memory."""
    async with STORES[name](places) as store:
        yield over(store, memory_ports(now=clock))


@attrs.define
class GatedArticles:
    """Articles of a host that answers when its gate is opened; ``known`` says what."""

    known: bool = True
    gate: asyncio.Event = attrs.field(factory=asyncio.Event)
    asked: int = 0

    async def knows(self, team: TeamId, article_id: ArticleId) -> bool:
        """Wait, then answer as it was when somebody asked."""
        known = self.known
        self.asked += 1
        await self.gate.wait()
        return known
