"""Announcements over Valkey or Redis: one stream, one group of workers."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

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

BLOCK = 1_000
"""Milliseconds that a worker waits for an announcement before it asks again."""

ANSWER = 5
"""Seconds within which a broker that is there answers; longer than it may block."""

CHECK = 1.0
"""Seconds that a check of the broker may take."""


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
            socket_timeout=ANSWER,
            socket_connect_timeout=ANSWER,
            retry=Retry(NoBackoff(), 1),  # a connection from before the broker's restart
        )

    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        """What is announced, one by one, to whoever is free to look at it.

        The library would fetch a hundred while other workers have nothing to do. Messages are
        acknowledged by being read: one that is lost with its worker is found by polling, long
        before a broker would send it again.
        """
        async with Redis(connection_pool=self.connection_pool) as redis:
            while not _is_cancelled():
                found: Any = await redis.xreadgroup(
                    GROUP, GROUP, {self.queue_name: ">"}, count=1, block=BLOCK, noack=True
                )
                for _, entries in found or ():
                    for _, fields in entries:
                        yield AckableMessage(data=fields.get(b"data", b""), ack=_nothing)

    async def check(self) -> None:
        """Raise ``Unavailable`` unless the broker answers."""
        try:
            async with asyncio.timeout(CHECK), Redis(connection_pool=self.connection_pool) as redis:
                await redis.ping()
        except (RedisError, OSError) as error:
            message = f"The broker does not answer ({type(error).__name__})."
            raise Unavailable(message) from error


def _is_cancelled() -> bool:
    """Whether somebody has cancelled this task: Python 3.11 may forget to tell (gh-86296)."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _nothing() -> None:
    """It was acknowledged when it was read."""
