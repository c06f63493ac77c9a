"""The job queue of a service that carries out its jobs itself: a word from one task to another."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from ...core.ids import JobId

log = logging.getLogger("tearsheet.queue")


async def _nobody(job_id: JobId) -> None:
    """Hears nothing: whoever looks for due jobs will find this one."""


class InProcessQueue:
    """A ``JobQueue`` to the worker of this process. It keeps nothing: the job is in the store."""

    def __init__(self) -> None:
        self._look: Callable[[JobId], Awaitable[None]] = _nobody
        self._looking: set[asyncio.Task[None]] = set()

    def answer(self, look: Callable[[JobId], Awaitable[None]]) -> None:
        """Have what is announced from now on answered by ``look``."""
        self._look = look

    async def announce(self, job_id: JobId) -> None:
        """Tell the worker to look at the job, without waiting for what it does."""
        task = asyncio.create_task(self._tell(job_id))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _tell(self, job_id: JobId) -> None:
        try:
            await self._look(job_id)
        except Exception:
            log.exception("job %s was announced", job_id)

    async def close(self) -> None:
        """Stop telling. A job under way is its worker's matter."""
        for task in self._looking:
            task.cancel()
        await asyncio.gather(*self._looking, return_exceptions=True)
