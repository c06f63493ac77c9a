"""Announcements over Valkey or Redis: one stream, one group of workers."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from functools import partial

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from taskiq import AckableMessage
from taskiq_redis import RedisStreamBroker

from ...core.errors import Unavailable

GROUP = "tearsheet"
KEPT = 10_000
"""Announcements that the stream keeps; the library would keep them all, for ever."""

BLOCK = 2_000
"""Milliseconds that a worker waits for an announcement before it asks again."""

ANSWER = 5
"""Seconds within which a broker that is there answers; longer than it may block."""

CHECK = 1.0
"""Seconds that a check of the broker may take."""

UNACKNOWLEDGED = 60_000
"""Milliseconds after which somebody else may take what was received and not acknowledged."""


class StreamBroker(RedisStreamBroker):
    """The stream ``NAME:jobs``. It may be away, flushed or replaced at any time."""

    def __init__(self, url: str, queue_name: str) -> None:
        super().__init__(
            url,
            queue_name=f"{queue_name}:jobs",
            consumer_group_name=GROUP,
            consumer_name=GROUP,  # one for all: a name for each start would stay there for ever
            consumer_id="0",  # what was announced before the group was made is heard too
            maxlen=KEPT,
            xread_block=BLOCK,
            xread_count=1,  # more would wait here while other workers have nothing to do
            idle_timeout=UNACKNOWLEDGED,
            unacknowledged_lock_timeout=ANSWER,
            socket_timeout=ANSWER,
            socket_connect_timeout=ANSWER,
            retry=Retry(NoBackoff(), 1),  # a connection from before the broker's restart
        )

    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        """What is announced; losing an acknowledgement only means to hear of a job again."""
        async with aclosing(super().listen()) as messages:
            async for message in messages:
                yield AckableMessage(data=message.data, ack=partial(_quietly, message.ack))

    async def check(self) -> None:
        """Raise ``Unavailable`` unless the broker answers."""
        try:
            async with asyncio.timeout(CHECK), Redis(connection_pool=self.connection_pool) as redis:
                await redis.ping()
        except (RedisError, OSError) as error:
            message = f"The broker does not answer ({type(error).__name__})."
            raise Unavailable(message) from error


async def _quietly(acknowledge: Callable[[], Awaitable[None] | None]) -> None:
    try:
        if (acknowledged := acknowledge()) is not None:
            await acknowledged
    except (RedisError, OSError):
        return
