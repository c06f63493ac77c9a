"""The worker finds its jobs: announced or not, each once, and no more at a time than it may."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import attrs
import pytest

from tearsheet.adapters.fake_models import Instant
from tearsheet.adapters.memory import MemoryStore, SteerableClock, memory_ports
from tearsheet.adapters.queue.in_process import InProcessQueue
from tearsheet.adapters.queue.worker import Worker
from tearsheet.core.credits import EntryKind
from tearsheet.core.errors import Unavailable
from tearsheet.core.gallery.curating import trash
from tearsheet.core.gallery.model import Call, ImageRequest, PaintedImage
from tearsheet.core.identity import Actor
from tearsheet.core.ids import JobId
from tearsheet.core.jobs import JobStatus
from tearsheet.core.ports import Ports
from tests.integration.working import Crowded, asked, booked, ended, now_of, stored


@attrs.define
class Buggy(Instant):
    """A model whose adapter has a bug."""

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """Crash."""
        raise RuntimeError("a bug")


class Stumbling(MemoryStore):
    """A store that fails the first times that it is asked what is due."""

    def __init__(self, *errors: Exception) -> None:
        super().__init__()
        self.errors = list(errors)

    async def due_jobs(self, now: datetime, limit: int) -> tuple[JobId, ...]:
        """Fail, or answer."""
        if self.errors:
            raise self.errors.pop(0)
        return await super().due_jobs(now, limit)


@asynccontextmanager
async def announcing(
    ports: Ports, worker_of: Callable[[Ports], Worker]
) -> AsyncIterator[tuple[Ports, Worker]]:
    """Ports whose queue reaches a worker in this process."""
    queue = InProcessQueue()
    ports = attrs.evolve(ports, queue=queue)
    worker = worker_of(ports)
    queue.answer(worker.look)
    try:
        yield ports, worker
    finally:
        await queue.close()


async def test_an_announced_job_runs_at_once() -> None:
    """Nobody polls here: hearing of it is enough."""
    async with announcing(memory_ports(), lambda ports: Worker(ports, 2)) as (ports, _):
        (job,) = await ended(ports, await asked(ports))

    assert job.status is JobStatus.SUCCEEDED
    assert job.attempts == 1


async def test_a_job_that_nobody_announced_is_found() -> None:
    """A lost announcement only delays: the worker looks for itself."""
    ports = memory_ports()
    jobs = await asked(ports)

    async with Worker(ports, 2).running():
        (job,) = await ended(ports, jobs)

    assert job.status is JobStatus.SUCCEEDED


async def test_a_backlog_that_nobody_announced_is_worked_off() -> None:
    """One after another, as hands come free: not one for each look at what is due."""
    ports = memory_ports()
    jobs = [job for _ in range(10) for job in await asked(ports, 20)]

    async with Worker(ports, 1).running():
        found = await ended(ports, jobs)

    assert {job.status for job in found} == {JobStatus.SUCCEEDED}


async def test_a_job_announced_ten_times_runs_once() -> None:
    """By one worker or by two: one attempt, one charge, one picture."""
    ports = memory_ports()
    (job,) = await asked(ports)
    workers = [Worker(ports, 4), Worker(ports, 4)]

    await asyncio.gather(*(worker.look(job.id) for worker in workers for _ in range(10)))

    assert (await now_of(ports, job)).attempts == 1
    assert await booked(ports, job) == [EntryKind.HOLD, EntryKind.CAPTURE]
    assert await stored(ports) == 2


async def test_no_more_jobs_at_once_than_it_was_told() -> None:
    """Seven are due and announced, two are under way, all are done in the end."""
    model = Crowded()
    async with (
        announcing(memory_ports(models=[model]), lambda ports: Worker(ports, 2)) as (ports, worker),
        worker.running(),
    ):
        jobs = await asked(ports, 7)
        await model.until_waiting(2)
        model.gate.set()
        found = await ended(ports, jobs)

    assert {job.status for job in found} == {JobStatus.SUCCEEDED}
    assert model.most == 2


@pytest.mark.parametrize("error", [Unavailable("The database sleeps."), RuntimeError("a bug")])
async def test_a_chore_that_fails_is_tried_again(error: Exception) -> None:
    """A hiccup of the store, or a bug of ours, must not end the search for work."""
    store = Stumbling(error)
    ports = attrs.evolve(
        memory_ports(), unit=store.unit, view=store.view, lobby=store, directory=store
    )
    jobs = await asked(ports)
    worker = Worker(ports, 1)

    async with worker.running():
        (job,) = await ended(ports, jobs)
        assert worker.is_alive

    assert store.errors == []
    assert job.status is JobStatus.SUCCEEDED


async def test_a_bug_while_painting_is_an_attempt_and_not_the_end() -> None:
    """The model's adapter crashes: the job is due again later, and the worker takes others."""
    ports = memory_ports(models=[Buggy()])
    first, second = await asked(ports, 2)
    worker = Worker(ports, 1)

    await worker.look(first.id)
    await worker.look(second.id)

    for job in (first, second):
        left = await now_of(ports, job)
        assert (left.status, left.attempts) == (JobStatus.PENDING, 1)
        assert not left.is_due(ports.now())
        assert await booked(ports, job) == [EntryKind.HOLD]


async def test_a_clock_that_jumps_purges_nothing() -> None:
    """A month ahead from one moment to the next: the trash is kept until the clock goes on."""
    clock = SteerableClock()
    ports = memory_ports(now=clock)
    (job,) = await asked(ports)
    worker = Worker(ports, 1)
    await worker.look(job.id)
    assert job.image_id is not None
    await trash(ports, Actor("editor", job.team_id), job.image_id)
    clock.advance(timedelta(days=31))

    await worker.purge()
    assert await stored(ports) == 2

    await worker.purge()
    assert await stored(ports) == 0
