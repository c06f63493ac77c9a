"""How the job of an export ends without an archive: job and export change together, in one unit.

An export costs nothing, so nothing is captured and nothing given back.
"""

from datetime import datetime

from ..errors import Problem
from ..gallery.model import ModelError
from ..jobs import Job
from ..policy import Policy
from ..ports import Unit

CANCELLED = Problem("cancelled", "Cancelled before the archive was packed.")
UNAVAILABLE = Problem("unavailable", "A part of the service was down for too long.")


async def settle_error(
    unit: Unit, job: Job, error: ModelError, policy: Policy, now: datetime
) -> Job:
    """The attempt came to nothing: another one later, or the end of it."""
    after = job.after(error, now)
    if after.problem is not None:
        return await settle_failed(unit, job, UNAVAILABLE, policy, now)
    await put_back(unit, job, now)
    await unit.jobs.save(after)
    return after


async def settle_failed(unit: Unit, job: Job, problem: Problem, _: Policy, now: datetime) -> Job:
    """There will be no archive."""
    export = await unit.exports.get(job.id)
    await unit.exports.save(export.failed(problem, now))
    job = job.failed(problem, now)
    await unit.jobs.save(job)
    return job


async def put_back(unit: Unit, job: Job, _: datetime) -> None:
    """The list is not being fixed any more, and will be."""
    await unit.exports.save((await unit.exports.get(job.id)).waiting())


async def settle_cancelled(unit: Unit, job: Job, now: datetime) -> Job:
    """Nobody wants the archive any more. Whoever is at it finds the lease gone."""
    export = await unit.exports.get(job.id)
    await unit.exports.save(export.failed(CANCELLED, now))
    job = job.cancelled(now)
    await unit.jobs.save(job)
    return job
