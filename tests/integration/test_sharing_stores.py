"""Every store keeps the promises about shares and chat sessions."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import attrs
import pytest

from tearsheet.adapters.memory import MemoryStore
from tearsheet.adapters.sql.directory import SqlDirectory
from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.lobby import SqlLobby
from tearsheet.adapters.sql.migrate import migrate
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.ids import TeamId
from tearsheet.core.ports import Directory, Lobby, Unit, View
from tests.examples import NOW
from tests.integration.contracts.sharing import ChatSessionsContract, SharesContract, SharingStore


@attrs.frozen(kw_only=True)
class OpenStore:
    """One database, empty at first."""

    unit: Callable[[TeamId], AbstractAsyncContextManager[Unit]]
    view: Callable[[TeamId], AbstractAsyncContextManager[View]]
    lobby: Lobby
    directory: Directory

    async def team(self, credits: int = 0) -> TeamId:
        """A new team."""
        return (await self.directory.add_team("a team", NOW, None)).id


@asynccontextmanager
async def memory(_: Path) -> AsyncIterator[OpenStore]:
    """The reference store."""
    store = MemoryStore()
    yield OpenStore(unit=store.unit, view=store.view, lobby=store, directory=store)


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[OpenStore]:
    """A SQLite file, as the embedded service has it."""
    async with open_engine(f"sqlite+aiosqlite:///{folder / 'tearsheet.db'}") as engine:
        store = SqlStore(engine)
        await migrate(store)
        yield OpenStore(
            unit=store.unit,
            view=store.view,
            lobby=SqlLobby(store),
            directory=SqlDirectory(store),
        )


@pytest.fixture(params=[memory, sqlite], ids=["memory", "sqlite"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[SharingStore]:
    """Each store in turn."""
    async with request.param(tmp_path) as store:
        yield store


class TestShares(SharesContract):
    """Runs once for each store."""


class TestChatSessions(ChatSessionsContract):
    """Runs once for each store."""
