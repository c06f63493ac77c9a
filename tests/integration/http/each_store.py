"""The same ports over each store: what HTTP promises does not depend on where rows are."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import attrs

from tearsheet.adapters.memory import memory_ports
from tearsheet.adapters.sql.directory import SqlDirectory
from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.lobby import SqlLobby
from tearsheet.adapters.sql.migrate import migrate
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.ports import Ports

Clock = Callable[[], datetime]


@asynccontextmanager
async def in_memory(_: Path, now: Clock) -> AsyncIterator[Ports]:
    """Rows in dictionaries."""
    yield memory_ports(now=now)


@asynccontextmanager
async def in_sqlite(folder: Path, now: Clock) -> AsyncIterator[Ports]:
    """Rows in a SQLite file; bytes and everything else in memory."""
    async with open_engine(f"sqlite+aiosqlite:///{folder / 'rows.db'}") as engine:
        store = SqlStore(engine)
        await migrate(store)
        yield attrs.evolve(
            memory_ports(now=now),
            unit=store.unit,
            view=store.view,
            lobby=SqlLobby(store),
            directory=SqlDirectory(store),
        )


STORES = {"memory": in_memory, "sqlite": in_sqlite}
