"""Receiving what other processes announce, however often the broker goes away meanwhile."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import monotonic

from taskiq import AsyncBroker
from taskiq.acks import AcknowledgeType
from taskiq.receiver import Receiver

from .announcing import reason

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0
"""Seconds between two tries to listen to a broker that is away: more each time, up to this."""

LAST_WORDS = 1.0
"""Seconds that a stopping worker waits for what it heard last; its jobs have a longer grace."""

log = logging.getLogger("tearsheet.queue")


@asynccontextmanager
async def hearing(broker: AsyncBroker, at_once: int) -> AsyncIterator[None]:
    """Have announcements answered while the block runs, at most ``at_once`` of them at a time.

    ``announcing.listen`` says by what. The broker may be away at the start, go and come back.
    """
    over = asyncio.Event()
    ear = asyncio.create_task(_hear(broker, at_once, over))
    try:
        yield
    finally:
        over.set()
        await asyncio.wait([ear], timeout=2 * LAST_WORDS)
        ear.cancel()
        await asyncio.wait([ear], timeout=LAST_WORDS)


async def _hear(broker: AsyncBroker, at_once: int, over: asyncio.Event) -> None:
    """Listen until it is over. The library's own loop neither pauses nor makes the group anew."""
    away, pause = False, FIRST_PAUSE
    while not over.is_set():
        began = monotonic()
        try:
            await broker.startup()
            if away:
                log.info("the broker is back")
            away = False
            await _receiver(broker, at_once).listen(over)
        except Exception as error:  # whatever a broker raises: workers poll as well
            if not away:
                log.warning("nothing is heard from the broker: %s", reason(error))
            away = True
            if monotonic() - began > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def _receiver(broker: AsyncBroker, at_once: int) -> Receiver:
    return Receiver(
        broker,
        max_async_tasks=at_once,
        run_startup=False,
        ack_type=AcknowledgeType.WHEN_RECEIVED,
        wait_tasks_timeout=LAST_WORDS,
    )
