"""Every job queue keeps every promise of the port, and a broker may do what it likes."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.contracts.queue import Line, QueueContract
from tests.integration.lines import LINES


@pytest.fixture(params=LINES)
async def lines(
    request: pytest.FixtureRequest, anyio_backend: str
) -> AsyncIterator[tuple[Line, Line]]:
    """Each job queue in turn."""
    async with LINES[request.param]() as lines:
        yield lines


class TestQueues(QueueContract):
    """Runs once for each queue in ``lines.LINES``."""
