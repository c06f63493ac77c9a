"""The composition root: with ``messages``, the only place that names adapters."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from datetime import datetime, timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from ..adapters import fake_models
from ..adapters.openai_images.options import OpenAIOptions
from ..adapters.queue.worker import Worker
from ..adapters.system import Ids, random_bytes, utc_now
from ..adapters.watching import WatchedBlobs, WatchedModel, Watchers
from ..core.errors import Unavailable
from ..core.ports import BlobStore, ImageModel, ImageModels, Ports
from .data_folder import check_file, kept_secret, make_folder
from .messages import Messages, open_messages
from .settings import Settings, WrongSetting

if TYPE_CHECKING:
    from ..adapters.sql.unit import SqlStore
    from .seeding.filling import Filling


@attrs.frozen(kw_only=True)
class Service:
    """Open adapters: the ports, and a worker that waits to be started."""

    ports: Ports
    worker: Worker
    hearing: Callable[[], AbstractAsyncContextManager[None]]
    """While the block runs, the worker hears what other processes announce."""
    check_broker: Callable[[], Awaitable[None]] | None
    """Raises ``Unavailable`` when the broker is away; without one, this process is all."""
    secret_key: str = attrs.field(repr=False)
    previous_secret_key: str | None = attrs.field(repr=False)
    check_database: Callable[[], Awaitable[None]]
    watchers: Watchers
    """Are told of every job, and of every call of an image model or the blob store."""
    migrated: bool
    """Whether opening it brought the database to this version."""
    looking_ahead: Callable[[], AbstractAsyncContextManager[None]]
    """While the block runs, the operator may be told that the image model will end."""
    filling: "Callable[[], Filling]"
    """What fills a team with synthetic rows."""


@attrs.frozen(kw_only=True)
class Offer:
    """The image models that there are: by default, none."""

    models: tuple[ImageModel, ...] = ()
    looking_ahead: Callable[[], AbstractAsyncContextManager[None]] = nullcontext


@asynccontextmanager
async def open_service(
    settings: Settings, *, works: bool = True, migrates: bool = False
) -> AsyncIterator[Service]:
    """Open everything that the settings name; close it when the block ends.

    The embedded database is created, and brought to this version, when needed; one that processes
    share is migrated only by whom it is asked of with ``migrates``, and must else be at this
    version. Without ``works`` nothing hears of jobs, no broker is asked and no image model is
    there: for commands that make no jobs.
    """
    from ..adapters.sql.directory import SqlDirectory
    from ..adapters.sql.engine import open_engine
    from ..adapters.sql.lobby import SqlLobby
    from ..adapters.sql.migrate import check_current, migrate
    from ..adapters.sql.unit import SqlStore
    from ..adapters.thumbnails import PillowThumbnails

    messages = open_messages(settings) if works else nullcontext(Messages())
    now = _clock(settings.clock_offset)
    watchers = Watchers()
    models = open_models(settings, now, watchers) if works else nullcontext(Offer())
    if not settings.is_embedded and find_spec("asyncpg") is None:
        needs = "TEARSHEET_DATABASE_URL of PostgreSQL needs the extra postgres: "
        raise WrongSetting(needs + "pip install 'tearsheet[postgres]'")
    if settings.keeps_data_here:
        make_folder(settings.data_dir)
    check_file(settings.database_url)
    secret_key = settings.secret_key or kept_secret(settings.data_dir)
    previous = settings.previous_secret_key
    async with (
        messages as heard,
        models as offer,
        open_engine(settings.database_url, settings.database_connections) as engine,
    ):
        store = SqlStore(engine)
        with _about(settings.database_url):
            migrates = migrates or settings.is_embedded
            migrated = await migrate(store) if migrates else await check_current(store)
        blobs = await open_blobs(settings, now)
        ports = Ports(
            unit=store.unit,
            view=store.view,
            lobby=SqlLobby(store),
            directory=SqlDirectory(store),
            models=ImageModels(offer.models),
            thumbnails=PillowThumbnails(),
            blobs=WatchedBlobs(blobs, watchers),
            queue=heard.queue,
            now=now,
            new_id=Ids(now, random_bytes),
            randomness=random_bytes,
            secret=secret_key.encode(),
            previous_secret=previous.encode() if previous else None,
            policy=settings.policy,
        )
        concurrency, grace = settings.worker_concurrency, settings.stop_grace
        worker = Worker(ports, concurrency, grace=grace, watchers=watchers)
        heard.answer(worker.look)
        yield Service(
            ports=ports,
            worker=worker,
            hearing=heard.hearing,
            check_broker=heard.check,
            secret_key=secret_key,
            previous_secret_key=previous,
            check_database=store.check,
            watchers=watchers,
            migrated=migrated,
            looking_ahead=offer.looking_ahead,
            filling=partial(_filling, ports, store, blobs),
        )


async def open_blobs(settings: Settings, now: Callable[[], datetime]) -> BlobStore:
    """The blob store that the settings name, marked as ours; raises ``Unavailable``."""
    if isinstance(settings.blobs, Path):
        from ..adapters.files import FileBlobs

        return FileBlobs(settings.blobs, now)
    try:
        from ..adapters.s3 import S3Blobs
    except ImportError as error:
        needs = "TEARSHEET_BLOB_URL=s3://… needs the extra s3: pip install 'tearsheet[s3]'"
        raise WrongSetting(needs) from error
    return await S3Blobs.open_bucket(settings.blobs, settings.clock_offset)


def open_models(
    settings: Settings, now: Callable[[], datetime], watchers: Watchers
) -> AbstractAsyncContextManager[Offer]:
    """The image model that the settings name (``IMAGE_MODELS``), closed when the block ends."""
    if settings.openai is None:
        model = offline_model(settings.image_model)
        return nullcontext(Offer(models=(WatchedModel(model, watchers),)))
    if find_spec("openai") is None:
        needs = "TEARSHEET_IMAGE_MODEL=openai needs the extra openai: "
        raise WrongSetting(needs + "pip install 'tearsheet[openai]'")
    return _openai(settings.openai, now, watchers)


@asynccontextmanager
async def _openai(
    options: OpenAIOptions, now: Callable[[], datetime], watchers: Watchers
) -> AsyncIterator[Offer]:
    from ..adapters.breaker import Breaker
    from ..adapters.openai_images.model import OpenAIImages

    images = OpenAIImages(options)
    try:
        # inside the breaker, so that only what the provider was asked is counted
        model = Breaker(WatchedModel(images, watchers), now)
        yield Offer(models=(model,), looking_ahead=images.looking_ahead)
    finally:
        await images.close()


def offline_model(name: str) -> ImageModel:
    """A model that needs nobody."""
    match name:
        case "painter":
            from ..adapters.painter import Painter

            return Painter()
        case "slow":
            return fake_models.Slow(delay=timedelta(seconds=1))
        case "flaky":
            return fake_models.Flaky()
        case "refusing":
            return fake_models.Refusing()
        case "garbage":
            return fake_models.Garbage()
        case _:
            return fake_models.Instant()


def _clock(offset: timedelta) -> Callable[[], datetime]:
    if not offset:
        return utc_now
    return lambda: utc_now() + offset


@contextmanager
def _about(database_url: str) -> Iterator[None]:
    """At the start, what is wrong with the database says which one, without its password."""
    try:
        yield
    except Unavailable as error:
        shown = re.sub(r"(?<=://)[^/]*@", "***@", database_url)
        cause = error.__cause__
        why = f": {cause.strerror}" if isinstance(cause, OSError) and cause.strerror else ""
        raise type(error)(f"{error.message.rstrip('.')} ({shown}){why}.") from error


def _filling(ports: Ports, store: "SqlStore", blobs: BlobStore) -> "Filling":
    from ..adapters.copies import put_copies
    from ..adapters.painter import Painter
    from ..adapters.sql.bulk import SqlBulk
    from .seeding.filling import Filling

    return Filling(ports, SqlBulk(store), partial(put_copies, blobs), Painter())
