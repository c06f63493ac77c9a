"""How jobs are announced: the part of the composition root that knows the brokers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

import attrs

from ..adapters.queue.unheard import Unheard
from ..core.ids import JobId
from ..core.ports import JobQueue
from .settings import Settings, WrongSetting

if TYPE_CHECKING:
    from ..adapters.queue.streams import StreamBroker


@attrs.frozen(kw_only=True)
class Messages:
    """How jobs are announced, and who hears of it: by default, nobody."""

    queue: JobQueue = attrs.field(factory=Unheard)
    answer: Callable[[Callable[[JobId], Awaitable[None]]], None] = lambda look: None
    """Says by what they are answered."""
    hearing: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
    check: Callable[[], Awaitable[None]] | None = None


def open_messages(settings: Settings) -> AbstractAsyncContextManager[Messages]:
    """The queue that the settings name, closed when the block ends.

    A missing extra is found out by the call itself, before anything else is opened or made.
    """
    if settings.broker_url is None:
        return _in_process()
    return _shared(settings, shared_broker(settings.broker_url, settings.queue_name))


@asynccontextmanager
async def _in_process() -> AsyncIterator[Messages]:
    from ..adapters.queue.in_process import InProcessQueue

    queue = InProcessQueue()
    try:
        yield Messages(queue=queue, answer=queue.answer)
    finally:
        await queue.close()


@asynccontextmanager
async def _shared(settings: Settings, broker: "StreamBroker") -> AsyncIterator[Messages]:
    from ..adapters.queue.announcing import TaskiqQueue, listen
    from ..adapters.queue.hearing import hearing

    try:
        yield Messages(
            queue=TaskiqQueue(broker),
            answer=partial(listen, broker),
            hearing=partial(hearing, broker, settings.worker_concurrency),
            check=broker.check,
        )
    finally:
        await broker.shutdown()


def shared_broker(url: str, queue_name: str) -> "StreamBroker":
    """What carries announcements between processes. It opens nothing yet."""
    try:
        from ..adapters.queue.streams import StreamBroker
    except ImportError as error:
        needs = "TEARSHEET_BROKER_URL needs the extra redis: pip install 'tearsheet[redis]'"
        raise WrongSetting(needs) from error
    return StreamBroker(url, queue_name)
