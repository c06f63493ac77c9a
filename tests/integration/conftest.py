"""Every adapter of every port; a missing adapter or server is a failure, never a skip."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tearsheet.core.ports import ImageModel
from tests.integration.contracts.store import Store
from tests.integration.opening import BLOBS, MODELS, STORES, Places, Servers, Shelf, make_template


@pytest.fixture(scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> Path:
    """A migrated SQLite file: migrating once and copying is what makes these tests quick."""
    return await make_template(tmp_path_factory.mktemp("template") / "tearsheet.db")


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Real servers, started when they are needed."""
    servers = Servers()
    yield servers
    servers.stop()


@pytest.fixture
def places(tmp_path: Path, sqlite_template: Path, servers: Servers) -> Places:
    """Where this test may put things."""
    return Places(tmp_path, sqlite_template, servers)


@pytest.fixture(params=STORES)
async def store(
    request: pytest.FixtureRequest, places: Places, anyio_backend: str
) -> AsyncIterator[Store]:
    """Each store in turn."""
    async with STORES[request.param](places) as store:
        yield store


@pytest.fixture(params=BLOBS)
async def shelf(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[Shelf]:
    """Each blob store in turn."""
    async with BLOBS[request.param](tmp_path) as shelf:
        yield shelf


@pytest.fixture(params=MODELS)
async def model(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[ImageModel]:
    """Each image model in turn."""
    async with MODELS[request.param]() as model:
        yield model
