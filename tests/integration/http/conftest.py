"""Services to call: started once, and a new team for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from tearsheet.adapters.memory import SteerableClock, memory_ports
from tests.integration.opening import ONE_EACH, Places, Servers

from .belongings import collect
from .eavesdropping import overhearing
from .running import Service, TeamCaller, running, running_from_memory
from .stores import open_ports
from .twins import Twins, all_that_they_see


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


@pytest.fixture(scope="session")
def one_clock() -> SteerableClock:
    """The clock of every service whose time stands still."""
    return SteerableClock()


@pytest.fixture
def clock(one_clock: SteerableClock) -> SteerableClock:
    """The clock of ``idle`` and ``still``, put back for each test."""
    one_clock.at = SteerableClock().at
    return one_clock


@pytest.fixture
def idle(portal: BlockingPortal, clock: SteerableClock) -> Iterator[Service]:
    """A service in memory whose time stands still and whose jobs wait until they are told."""
    with running_from_memory(portal, memory_ports(now=clock)) as service:
        yield service


@pytest.fixture
def blobs(folder: Path) -> Path:
    """The folder where ``service`` keeps its bytes."""
    return folder / "blobs"


@pytest.fixture(scope="session", params=ONE_EACH)
def stores(
    request: pytest.FixtureRequest,
    portal: BlockingPortal,
    one_clock: SteerableClock,
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    servers: Servers,
) -> Iterator[Service]:
    """``idle`` over each store in turn, started once."""
    places = Places(tmp_path_factory.mktemp("rows"), sqlite_template, servers)
    opened = open_ports(request.param, one_clock, places)
    with (
        portal.wrap_async_context_manager(opened) as ports,
        running_from_memory(portal, ports) as service,
    ):
        yield service


@pytest.fixture
def still(stores: Service, clock: SteerableClock) -> Service:
    """A service over each store in turn, whose time stands still and whose jobs wait."""
    return stores


@pytest.fixture
def us(still: Service) -> TeamCaller:
    """A new team with a thousand credits, at ``still``."""
    return still.new_team()


@pytest.fixture
def them(still: Service) -> TeamCaller:
    """Another team there."""
    return still.new_team()


@pytest.fixture(scope="module")
def two_teams(stores: Service, one_clock: SteerableClock) -> Iterator[Twins]:
    """Two teams with one of everything, over each store in turn."""
    teams = []
    for _ in range(2):
        one_clock.at = SteerableClock().at
        teams.append(collect(stores.new_team(), one_clock))
    ours, theirs = teams
    with overhearing() as heard:
        yield Twins(
            service=stores, ours=ours, theirs=theirs, heard=heard, seen=all_that_they_see(theirs)
        )


@pytest.fixture
def twins(two_teams: Twins) -> Iterator[Twins]:
    """The same; whatever a test asks for, at its end they see what they saw before."""
    yield two_teams
    assert all_that_they_see(two_teams.theirs) == two_teams.seen
