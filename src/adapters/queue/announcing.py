"""The job queue over a taskiq broker. A message is a job's id and nothing else."""

import logging
from collections.abc import Awaitable, Callable

from taskiq import AsyncBroker, InMemoryBroker
from taskiq.kicker import AsyncKicker
from taskiq.result_backends.dummy import DummyResultBackend

from ...core.ids import JobId

TASK = "tearsheet.look"
log = logging.getLogger("tearsheet.queue")


class TaskiqQueue:
    """A ``JobQueue``. A message that cannot be sent is only missed: workers poll as well."""

    def __init__(self, broker: AsyncBroker) -> None:
        self._kicker: AsyncKicker[[str], None] = AsyncKicker(TASK, broker, labels={})

    async def announce(self, job_id: JobId) -> None:
        """Tell a worker to look at the job."""
        try:
            await self._kicker.kiq(job_id)
        except Exception as error:  # whatever a broker raises: the job is safe in the store
            log.warning("job %s not announced, a worker will find it: %r", job_id, error)


def in_process_broker() -> AsyncBroker:
    """A broker that runs tasks in this process and keeps nothing, results neither."""
    return InMemoryBroker().with_result_backend(DummyResultBackend())


def listen(broker: AsyncBroker, look: Callable[[JobId], Awaitable[None]]) -> None:
    """Have messages of this broker answered by ``look``."""

    async def look_at(job_id: str) -> None:
        await look(JobId(job_id))

    broker.is_worker_process = True
    broker.register_task(look_at, task_name=TASK)
