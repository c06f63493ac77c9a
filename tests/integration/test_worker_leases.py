"""The worker and its leases: kept while it works, lost when it must not go on, given back."""

import asyncio
from datetime import timedelta

from tearsheet.adapters.fake_models import Slow
from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.adapters.queue.worker import Worker
from tearsheet.adapters.system import utc_now
from tearsheet.core.credits import EntryKind
from tearsheet.core.gallery.curating import trash
from tearsheet.core.identity import Actor
from tearsheet.core.jobs import JobStatus, Pending
from tearsheet.core.policy import Policy
from tearsheet.core.running import carry_out, take
from tests.integration.working import Crowded, asked, booked, ended, now_of, stored

MINUTE = timedelta(minutes=1)
SHORT_LEASE = Policy(lease=timedelta(seconds=1))


async def test_a_slow_model_does_not_cost_the_lease() -> None:
    """Three leases long, with another worker looking for work: still one attempt."""
    model = Slow(delay=timedelta(seconds=3))
    ports = memory_ports(models=[model], now=utc_now, policy=SHORT_LEASE)
    jobs = await asked(ports)

    async with Worker(ports, 1).running(), Worker(ports, 1).running():
        (job,) = await ended(ports, jobs)

    assert job.status is JobStatus.SUCCEEDED
    assert job.attempts == 1


async def test_who_lost_the_lease_throws_the_result_away() -> None:
    """Another worker has the job: the late picture is neither shown, nor paid, nor kept."""
    clock = SteerableClock()
    model = Slow(gate=asyncio.Event())
    ports = memory_ports(models=[model], now=clock)
    (job,) = await asked(ports)
    late = asyncio.create_task(Worker(ports, 1).look(job.id))
    await model.asked.wait()
    clock.advance(2 * MINUTE)
    taken = await take(ports, job.id)
    assert taken is not None

    assert model.gate is not None
    model.gate.set()
    await late

    assert await now_of(ports, job) == taken
    assert await booked(ports, job) == [EntryKind.HOLD]
    assert await stored(ports) == 0

    await carry_out(ports, taken)

    assert (await now_of(ports, job)).status is JobStatus.SUCCEEDED
    assert await booked(ports, job) == [EntryKind.HOLD, EntryKind.CAPTURE]
    assert await stored(ports) == 2


async def test_a_cancelled_job_stops_the_work() -> None:
    """Within a heartbeat nobody waits for the model any more, and nothing is charged."""
    model = Crowded()
    ports = memory_ports(models=[model], now=utc_now, policy=SHORT_LEASE)
    (job,) = await asked(ports)
    look = asyncio.create_task(Worker(ports, 1).look(job.id))
    await model.until_waiting(1)
    assert job.image_id is not None
    await trash(ports, Actor("editor", job.team_id), job.image_id)
    await model.until_waiting(0)
    await look

    assert (await now_of(ports, job)).status is JobStatus.CANCELLED
    assert await booked(ports, job) == [EntryKind.HOLD, EntryKind.RELEASE]
    assert await stored(ports) == 0


async def test_winding_down_lets_what_runs_end() -> None:
    """Within the grace a picture under way is finished and kept; what waits is left alone."""
    model = Crowded()
    ports = memory_ports(models=[model])
    first, second = await asked(ports, 2)
    worker = Worker(ports, 1, grace=timedelta(seconds=10))

    async with worker.running():
        looks = [asyncio.create_task(worker.look(job.id)) for job in (first, second)]
        await model.until_waiting(1)
        asyncio.get_running_loop().call_later(0.2, model.gate.set)
    await asyncio.gather(*looks)

    assert (await now_of(ports, first)).status is JobStatus.SUCCEEDED
    left = await now_of(ports, second)
    assert (left.status, left.attempts) == (JobStatus.PENDING, 0)


async def test_winding_down_hands_back_what_does_not_end() -> None:
    """After the grace another worker may start at once: no lease to wait for, nothing lost."""
    model = Crowded()
    ports = memory_ports(models=[model])
    (job,) = await asked(ports)
    worker = Worker(ports, 1, grace=timedelta(seconds=0.1))

    async with worker.running():
        look = asyncio.create_task(worker.look(job.id))
        await model.until_waiting(1)
    await look

    back = await now_of(ports, job)
    assert isinstance(back.state, Pending)
    assert back.is_due(ports.now())
    assert model.waiting == 0
    assert await booked(ports, job) == [EntryKind.HOLD]
    model.gate.set()
    async with Worker(ports, 1).running():
        (done,) = await ended(ports, [job])
    assert done.status is JobStatus.SUCCEEDED


async def test_a_stopped_worker_starts_nothing() -> None:
    """Word of a job that comes too late is left to others."""
    ports = memory_ports()
    worker = Worker(ports, 1)
    async with worker.running():
        pass
    (job,) = await asked(ports)

    await worker.look(job.id)

    assert await now_of(ports, job) == job
