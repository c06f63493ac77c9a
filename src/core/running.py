"""What a worker does with a job, step by step: take, keep, carry out, hand back."""

from .errors import LeaseLost, NotFound
from .gallery.model import ModelError, Trouble
from .gallery.rendering import render
from .gallery.settling import settle_error, settle_failed
from .ids import JobId
from .jobs import GAVE_UP, MAX_ATTEMPTS, Job, Lease, Processing
from .ports import Ports


def _token(job: Job) -> str:
    assert isinstance(job.state, Processing)
    return job.state.lease.token


async def take(ports: Ports, job_id: JobId) -> Job | None:
    """Claim a job; None when it is not due, over, or somebody else's."""
    now = ports.now()
    lease = Lease(ports.randomness(16).hex(), now + ports.policy.lease)
    return await ports.lobby.claim_job(job_id, lease, now)


async def keep(ports: Ports, job: Job) -> bool:
    """Say that the worker is still at it; False when the job is no longer its own."""
    lease = Lease(_token(job), ports.now() + ports.policy.lease)
    return await ports.lobby.extend_lease(job.id, lease)


async def carry_out(ports: Ports, job: Job) -> None:
    """Do a claimed job. Raises ``LeaseLost`` when it was lost on the way.

    Any other exception is a bug: the attempt is then recorded as failed and the exception
    raised again, for the worker to report.
    """
    if job.attempts > MAX_ATTEMPTS:
        await _give_up(ports, job)
        return
    try:
        await render(ports, job)
    except LeaseLost:
        raise
    except Exception:
        error = ModelError(Trouble.UNAVAILABLE, "Something went wrong on our side.")
        async with ports.unit(job.team_id) as unit:
            current = await unit.jobs.get(job.id)
            current.check_held(_token(job))
            await settle_error(unit, current, error, ports.policy, ports.now())
            await unit.commit()
        raise


async def _give_up(ports: Ports, job: Job) -> None:
    async with ports.unit(job.team_id) as unit:
        current = await unit.jobs.get(job.id)
        current.check_held(_token(job))
        await settle_failed(unit, current, GAVE_UP, ports.policy, ports.now())
        await unit.commit()


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
            current.check_held(_token(job))
            now = ports.now()
            image = await unit.images.get(job.work.image_id)
            await unit.images.save(image.waiting(now))
            await unit.jobs.save(current.handed_back(now))
            await unit.commit()
    except (LeaseLost, NotFound):
        return
    await ports.queue.announce(job.id)
