"""Every store keeps answers as promised."""

from collections.abc import AsyncIterator
from pathlib import Path

import attrs
import pytest

from tearsheet.adapters.memory import memory_ports
from tearsheet.adapters.sql.directory import SqlDirectory
from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.lobby import SqlLobby
from tearsheet.adapters.sql.migrate import migrate
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.ports import Ports
from tests.integration.contracts.answers import AnswersContract


@pytest.fixture(params=["memory", "sqlite"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[Ports]:
    """The reference store, and a SQLite file."""
    if request.param == "memory":
        yield memory_ports()
        return
    async with open_engine(f"sqlite+aiosqlite:///{tmp_path / 'tearsheet.db'}") as engine:
        sql = SqlStore(engine)
        await migrate(sql)
        yield attrs.evolve(
            memory_ports(),
            unit=sql.unit,
            view=sql.view,
            lobby=SqlLobby(sql),
            directory=SqlDirectory(sql),
        )


class TestAnswers(AnswersContract):
    """Runs once for each store of the fixture."""
