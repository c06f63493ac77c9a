"""What a worker does with a job, step by step: take, keep, carry out, hand back."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import attrs

from .errors import LeaseLost, NotFound, Problem
from .export import packing
from .export import settling as export_settling
from .gallery import rendering, settling
from .gallery.model import ModelError, Trouble
from .ids import JobId
from .jobs import GAVE_UP, MAX_ATTEMPTS, Export, Job, Lease
from .policy import Policy
from .ports import Ports, Unit


@attrs.frozen(kw_only=True)
class _Craft:
    """How one kind of work is done, and what becomes of its subject when it is not."""

    carry_out: Callable[[Ports, Job], Awaitable[Job]]
    settle_error: Callable[[Unit, Job, ModelError, Policy, datetime], Awaitable[Job]]
    settle_failed: Callable[[Unit, Job, Problem, Policy, datetime], Awaitable[Job]]
    put_back: Callable[[Unit, Job, datetime], Awaitable[None]]


_PAINTING = _Craft(
    carry_out=rendering.render,
    settle_error=settling.settle_error,
    settle_failed=settling.settle_failed,
    put_back=settling.put_back,
)
_PACKING = _Craft(
    carry_out=packing.pack,
    settle_error=export_settling.settle_error,
    settle_failed=export_settling.settle_failed,
    put_back=export_settling.put_back,
)


def _craft(job: Job) -> _Craft:
    return _PACKING if isinstance(job.work, Export) else _PAINTING


async def take(ports: Ports, job_id: JobId) -> Job | None:
    """Claim a job; None when it is not due, over, or somebody else's."""
    now = ports.now()
    lease = Lease(ports.randomness(16).hex(), now + ports.policy.lease)
    return await ports.lobby.claim_job(job_id, lease, now)


async def keep(ports: Ports, job: Job) -> bool:
    """Say that the worker is still at it; False when the job is no longer its own."""
    lease = Lease(job.token, ports.now() + ports.policy.lease)
    return await ports.lobby.extend_lease(job.id, lease)


async def carry_out(ports: Ports, job: Job) -> Job:
    """Do a claimed job; the answer is how it then stands. Raises ``LeaseLost`` when it was lost.

    Any other exception is a bug: the attempt is then recorded as failed and the exception
    raised again, for the worker to report.
    """
    if job.attempts > MAX_ATTEMPTS:
        return await _give_up(ports, job)
    try:
        return await _craft(job).carry_out(ports, job)
    except LeaseLost:
        raise
    except Exception:
        error = ModelError(Trouble.UNAVAILABLE, "Something went wrong on our side.")
        async with ports.unit(job.team_id) as unit:
            current = await unit.jobs.get(job.id)
            current.check_held(job.token)
            await _craft(job).settle_error(unit, current, error, ports.policy, ports.now())
            await unit.commit()
        raise


async def _give_up(ports: Ports, job: Job) -> Job:
    async with ports.unit(job.team_id) as unit:
        current = await unit.jobs.get(job.id)
        current.check_held(job.token)
        failed = await _craft(job).settle_failed(unit, current, GAVE_UP, ports.policy, ports.now())
        await unit.commit()
        return failed


async def run_due(ports: Ports) -> int:
    """Take and carry out everything that is due, one by one; for scripts and tests.

    A job that fails for now is due again later, by the clock of ``ports``.
    """
    done = 0
    while due := await ports.lobby.due_jobs(ports.now(), 100):
        for job_id in due:
            job = await take(ports, job_id)
            if job is not None:
                await carry_out(ports, job)
                done += 1
    return done


async def hand_back(ports: Ports, job: Job) -> None:
    """The worker stops before it is done: somebody else may start at once."""
    try:
        async with ports.unit(job.team_id) as unit:
            current = await unit.jobs.get(job.id)
            current.check_held(job.token)
            now = ports.now()
            await _craft(job).put_back(unit, current, now)
            await unit.jobs.save(current.handed_back(now))
            await unit.commit()
    except (LeaseLost, NotFound):
        return
    await ports.queue.announce(job.id)
