"""The composition root: the only place that names adapters."""

import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from ..adapters import fake_models
from ..adapters.queue.announcing import TaskiqQueue, in_process_broker, listen
from ..adapters.queue.hearing import hearing
from ..adapters.queue.worker import Worker
from ..adapters.system import Ids, random_bytes, utc_now
from ..adapters.watching import WatchedBlobs, WatchedModel, Watchers
from ..core.errors import Unavailable
from ..core.ports import ImageModel, ImageModels, Ports
from .settings import Settings, WrongSetting

if TYPE_CHECKING:
    from ..adapters.queue.streams import StreamBroker


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
    check_database: Callable[[], Awaitable[None]]
    watchers: Watchers
    """Are told of every job, and of every call of an image model or the blob store."""
    migrated: bool
    """Whether opening it brought the database to this version."""


@asynccontextmanager
async def open_service(settings: Settings) -> AsyncIterator[Service]:
    """Open everything that the settings name; close it when the block ends.

    The embedded database is created, and brought to this version, when needed.
    """
    from ..adapters.files import FileBlobs
    from ..adapters.sql.directory import SqlDirectory
    from ..adapters.sql.engine import open_engine
    from ..adapters.sql.lobby import SqlLobby
    from ..adapters.sql.migrate import migrate
    from ..adapters.sql.unit import SqlStore
    from ..adapters.thumbnails import PillowThumbnails

    shared = shared_broker(settings)
    broker = shared or in_process_broker()
    now = _clock(settings.clock_offset)
    _make_folder(settings.data_dir)
    watchers = Watchers()
    secret_key = settings.secret_key or kept_secret(settings.data_dir)
    async with open_engine(settings.database_url) as engine:
        store = SqlStore(engine)
        migrated = await migrate(store)
        ports = Ports(
            unit=store.unit,
            view=store.view,
            lobby=SqlLobby(store),
            directory=SqlDirectory(store),
            models=ImageModels((WatchedModel(open_model(settings.image_model), watchers),)),
            thumbnails=PillowThumbnails(),
            blobs=WatchedBlobs(FileBlobs(settings.blob_dir, now), watchers),
            queue=TaskiqQueue(broker),
            now=now,
            new_id=Ids(now, random_bytes),
            randomness=random_bytes,
            secret=secret_key.encode(),
            policy=settings.policy,
        )
        worker = Worker(ports, settings.worker_concurrency, watchers=watchers)
        listen(broker, worker.look)
        try:
            yield Service(
                ports=ports,
                worker=worker,
                hearing=partial(hearing, shared, settings.worker_concurrency)
                if shared
                else nullcontext,
                check_broker=shared.check if shared else None,
                secret_key=secret_key,
                check_database=store.check,
                watchers=watchers,
                migrated=migrated,
            )
        finally:
            await broker.shutdown()


def shared_broker(settings: Settings) -> "StreamBroker | None":
    """What carries announcements between processes, if there is anything. It opens nothing yet."""
    if settings.broker_url is None:
        return None
    try:
        from ..adapters.queue.streams import StreamBroker
    except ImportError as error:
        needs = "TEARSHEET_BROKER_URL needs the extra redis: pip install 'tearsheet[redis]'"
        raise WrongSetting(needs) from error
    return StreamBroker(settings.broker_url, settings.queue_name)


def open_model(name: str) -> ImageModel:
    """The image model with this name in the settings; see ``settings.IMAGE_MODELS``."""
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


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"The data folder {folder} cannot be made: {error.strerror}.") from error


def kept_secret(data_dir: Path) -> str:
    """The secret of this installation, made at the first start and kept in the data folder."""
    path = data_dir / "secret.key"
    if not path.exists():
        draft = path.with_name(f".{secrets.token_hex(8)}.tmp")
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w") as stream:
            stream.write(secrets.token_urlsafe(48))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            path.hardlink_to(draft)  # of two first starts at once, one wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
