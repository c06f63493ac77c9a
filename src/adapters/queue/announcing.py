"""The job queue over a taskiq broker. A message is a job's id and nothing else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic

from taskiq import AsyncBroker
from taskiq.kicker import AsyncKicker

from ...core.ids import JobId

TASK = "tearsheet.look"
PATIENCE = 0.5
"""Seconds that whoever asks for a picture waits for the broker, at most."""

PAUSE = 2.0
"""Seconds without announcements after one that failed."""

log = logging.getLogger("tearsheet.queue")


class TaskiqQueue:
    """A ``JobQueue``. A message that cannot be sent is only missed: workers poll as well.

    A broker that is away costs one caller ``PATIENCE`` every ``PAUSE``, and the others nothing.
    """

    def __init__(
        self,
        broker: AsyncBroker,
        *,
        patience: float = PATIENCE,
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        self._kicker: AsyncKicker[[str], None] = AsyncKicker(TASK, broker, labels={})
        self._patience = patience
        self._monotonic = monotonic
        self._away = False
        self._silent_until = float("-inf")

    async def announce(self, job_id: JobId) -> None:
        """Tell a worker to look at the job."""
        if self._monotonic() < self._silent_until:
            return
        if self._away:  # one finds out for all
            self._silent_until = self._monotonic() + PAUSE
        try:
            async with asyncio.timeout(self._patience):
                await self._kicker.kiq(job_id)
        except Exception as error:  # whatever a broker raises: the job is safe in the store
            self._silent_until = self._monotonic() + PAUSE
            if not self._away:
                log.warning("jobs are not announced, workers will find them: %s", reason(error))
            self._away = True
        else:
            if self._away:
                log.info("jobs are announced again")
            self._away = False
            self._silent_until = float("-inf")


def reason(error: BaseException) -> str:
    """Why it failed, in one line, without the wrappers that the library puts around it."""
    while True:
        if isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        elif error.__cause__ is not None:
            error = error.__cause__
        else:
            return " ".join(f"{type(error).__name__} {error}".split())


def listen(broker: AsyncBroker, look: Callable[[JobId], Awaitable[None]]) -> None:
    """Have messages of this broker answered by ``look``."""

    async def look_at(job_id: str) -> None:
        await look(JobId(job_id))

    broker.is_worker_process = True
    broker.register_task(look_at, task_name=TASK)
