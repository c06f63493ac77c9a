"""The ports of a service whose time stands still: in memory, or over a SQLite file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs

from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.adapters.sql.directory import SqlDirectory
from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.lobby import SqlLobby
from tearsheet.adapters.sql.migrate import migrate
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.ids import ArticleId, TeamId
from tearsheet.core.ports import Ports

STORES = ("memory", "sqlite")


@asynccontextmanager
async def open_ports(name: str, clock: SteerableClock, folder: Path) -> AsyncIterator[Ports]:
    """All ports over the store with this name."""
    ports = memory_ports(now=clock)
    if name == "memory":
        yield ports
        return
    async with open_engine(f"sqlite+aiosqlite:///{folder / 'tearsheet.db'}") as engine:
        sql = SqlStore(engine)
        await migrate(sql)
        yield attrs.evolve(
            ports,
            unit=sql.unit,
            view=sql.view,
            lobby=SqlLobby(sql),
            directory=SqlDirectory(sql),
        )


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
