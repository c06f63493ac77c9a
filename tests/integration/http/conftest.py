"""Services to call: started once, and a new team for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from tearsheet.adapters.memory import SteerableClock, memory_ports

from .running import Service, TeamCaller, running, running_from_memory


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """The thread that the services run in."""
    with start_blocking_portal("asyncio") as portal:
        yield portal


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where ``service`` keeps its data."""
    return tmp_path_factory.mktemp("service")


@pytest.fixture(scope="session")
def service(portal: BlockingPortal, folder: Path) -> Iterator[Service]:
    """SQLite, files, a worker, and a model that paints at once."""
    with running(portal, folder) as service:
        yield service


@pytest.fixture
def team(service: Service) -> TeamCaller:
    """A new team with a thousand credits, at ``service``."""
    return service.new_team()


@pytest.fixture
def clock() -> SteerableClock:
    """The clock of ``idle``."""
    return SteerableClock()


@pytest.fixture
def idle(portal: BlockingPortal, clock: SteerableClock) -> Iterator[Service]:
    """A service in memory whose time stands still and whose jobs wait until they are told."""
    with running_from_memory(portal, memory_ports(now=clock)) as service:
        yield service


@pytest.fixture
def blobs(folder: Path) -> Path:
    """The folder where ``service`` keeps its bytes."""
    return folder / "blobs"
