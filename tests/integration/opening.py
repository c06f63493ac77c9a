"""How each adapter is opened for a test, and what it must have given back at the end.

Another database or another blob store is one more line in ``STORES`` or ``BLOBS``.
"""

import itertools
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    ExitStack,
    asynccontextmanager,
    nullcontext,
)
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs

from tearsheet.adapters.fake_models import Flaky, Instant, Slow
from tearsheet.adapters.files import FileBlobs
from tearsheet.adapters.memory import MemoryBlobs, MemoryStore, SteerableClock
from tearsheet.adapters.s3 import S3Blobs
from tearsheet.adapters.s3.place import SENTINEL
from tearsheet.adapters.sql.directory import SqlDirectory
from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.lobby import SqlLobby
from tearsheet.adapters.sql.migrate import migrate
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.adapters.system import utc_now
from tearsheet.adapters.watching import WatchedBlobs, Watchers
from tearsheet.core.ports import BlobStore, ImageModel, Ports
from tests.integration.contracts.store import Store
from tests.integration.openai_models import model_at
from tests.services.openai_stand_in import stand_in
from tests.services.postgres import Postgres, serving
from tests.services.s3 import shared_s3


@attrs.frozen
class Places:
    """Where a test may put things: a folder of its own, a migrated file to copy, and servers."""

    folder: Path
    template: Path
    servers: "Servers"


class Servers:
    """PostgreSQL of any version: started when a test first asks, stopped after the last test."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._running: dict[str, Postgres] = {}

    def postgres(self, version: str = "18") -> Postgres:
        """The server of this version."""
        if version not in self._running:
            self._running[version] = self._stack.enter_context(serving(version))
        return self._running[version]

    def stop(self) -> None:
        """All of them."""
        self._stack.close()


Opener = Callable[[Places], AbstractAsyncContextManager[Store]]


def sqlite_url(path: Path) -> str:
    """How SQLAlchemy calls a SQLite file."""
    return f"sqlite+aiosqlite:///{path}"


@asynccontextmanager
async def open_sql(url: str) -> AsyncIterator[SqlStore]:
    """A store over this database; at the end every connection must have come back."""
    async with open_engine(url) as engine:
        yield SqlStore(engine)
        checked_out: Any = getattr(engine.pool, "checkedout", lambda: 0)
        assert checked_out() == 0, "a connection was not given back"


async def make_template(path: Path) -> Path:
    """A migrated SQLite file without a row."""
    async with open_sql(sqlite_url(path)) as store:
        await migrate(store)
    return path


def copied(places: Places) -> Path:
    """A database of one's own."""
    return Path(shutil.copyfile(places.template, places.folder / "tearsheet.db"))


def over_sql(store: SqlStore) -> Store:
    """The ports of one SQL database."""
    return Store(
        unit=store.unit,
        view=store.view,
        lobby=SqlLobby(store),
        directory=SqlDirectory(store),
    )


@asynccontextmanager
async def memory(_: Places) -> AsyncIterator[Store]:
    """The reference store."""
    store = MemoryStore()
    yield Store(unit=store.unit, view=store.view, lobby=store, directory=store)


@asynccontextmanager
async def sqlite(places: Places) -> AsyncIterator[SqlStore]:
    """A SQLite file, as the embedded service has it."""
    async with open_sql(sqlite_url(copied(places))) as store:
        yield store


@asynccontextmanager
async def postgres(places: Places) -> AsyncIterator[SqlStore]:
    """A database of a PostgreSQL server."""
    async with places.servers.postgres().migrated() as url, open_sql(url) as store:
        yield store


DATABASES: dict[str, Callable[[Places], AbstractAsyncContextManager[SqlStore]]] = {
    "sqlite": sqlite,
    "postgres": postgres,
}


def alone(database: str) -> Opener:
    """One process that has this database to itself."""

    @asynccontextmanager
    async def opened(places: Places) -> AsyncIterator[Store]:
        async with DATABASES[database](places) as store:
            yield over_sql(store)

    return opened


@asynccontextmanager
async def sqlite_shared(places: Places) -> AsyncIterator[Store]:
    """One SQLite file, and two engines that take turns: nothing is known in one process only."""
    url = sqlite_url(copied(places))
    async with AsyncExitStack() as stack:
        both = [over_sql(await stack.enter_async_context(open_sql(url))) for _ in range(2)]
        yield alternating(both)


@asynccontextmanager
async def postgres_shared(places: Places) -> AsyncIterator[Store]:
    """One database, and two engines that take turns; on an older server, as that costs no more."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(places.servers.postgres("16").migrated())
        both = [over_sql(await stack.enter_async_context(open_sql(url))) for _ in range(2)]
        yield alternating(both)


def alternating(stores: list[Store]) -> Store:
    """Every unit, view and call goes to the next of these stores."""
    turns = itertools.cycle(stores)

    class Turns:
        def __init__(self, port: str) -> None:
            self.port = port

        def __getattr__(self, name: str) -> Any:
            return getattr(getattr(next(turns), self.port), name)

    lobby: Any = Turns("lobby")
    directory: Any = Turns("directory")
    return Store(
        unit=lambda team: next(turns).unit(team),
        view=lambda team: next(turns).view(team),
        lobby=lobby,
        directory=directory,
    )


STORES: dict[str, Opener] = {
    "memory": memory,
    "sqlite": alone("sqlite"),
    "sqlite-shared": sqlite_shared,
    "postgres": alone("postgres"),
    "postgres-16-shared": postgres_shared,
}


ONE_EACH = ("memory", "sqlite", "postgres")
"""Each kind of store once, for tests of what lies above the stores."""


def over(store: Store, ports: Ports) -> Ports:
    """These ports, with their rows in this store."""
    return attrs.evolve(
        ports,
        unit=store.unit,
        view=store.view,
        lobby=store.lobby,
        directory=store.directory,
    )


@attrs.frozen
class Shelf:
    """A blob store, empty at first, and the clock that it goes by."""

    blobs: BlobStore
    now: Callable[[], datetime]


@asynccontextmanager
async def memory_blobs(_: Path) -> AsyncIterator[Shelf]:
    """Blobs in a dictionary."""
    clock = SteerableClock()
    yield Shelf(MemoryBlobs(clock), clock)


@asynccontextmanager
async def file_blobs(folder: Path) -> AsyncIterator[Shelf]:
    """Blobs as files; at the end there is nothing in the folder that is not listed."""
    clock = SteerableClock()
    blobs = FileBlobs(folder / "blobs", clock)
    yield Shelf(blobs, clock)
    if (folder / "blobs").exists():
        stray = {path.name for path in (folder / "blobs").glob("*/*")}
        assert stray == {blob.key async for blob in blobs.all()}, "a file was left behind"


@asynccontextmanager
async def watched_blobs(_: Path) -> AsyncIterator[Shelf]:
    """Blobs whose calls are told, as the service has them."""
    clock = SteerableClock()
    yield Shelf(WatchedBlobs(MemoryBlobs(clock), Watchers()), clock)


@asynccontextmanager
async def s3_blobs(_: Path) -> AsyncIterator[Shelf]:
    """Blobs in a bucket of their own; at the end nothing else is in it than what is listed."""
    server = shared_s3()
    bucket = server.new_bucket()
    blobs = await S3Blobs.open_bucket(server.place(f"{bucket}/some/prefix"))
    yield Shelf(blobs, utc_now)
    names = {f"some/prefix/{blob.key}" async for blob in blobs.all()}
    assert server.keys(bucket) == names | {f"some/prefix/{SENTINEL}"}, "an object was left behind"


BLOBS: dict[str, Callable[[Path], AbstractAsyncContextManager[Shelf]]] = {
    "memory": memory_blobs,
    "files": file_blobs,
    "watched": watched_blobs,
    "s3": s3_blobs,
}


def painter() -> ImageModel:
    """The offline painter."""
    from tearsheet.adapters.painter import Painter

    return Painter()


@asynccontextmanager
async def openai_images() -> AsyncIterator[ImageModel]:
    """The model behind the OpenAI API, at a stand-in."""
    with stand_in() as server:
        async with model_at(server) as model:
            yield model


MODELS: dict[str, Callable[[], AbstractAsyncContextManager[ImageModel]]] = {
    "painter": lambda: nullcontext(painter()),
    "instant": lambda: nullcontext(Instant()),
    "flaky": lambda: nullcontext(Flaky(0)),
    "slow": lambda: nullcontext(Slow()),
    "openai": openai_images,
}
