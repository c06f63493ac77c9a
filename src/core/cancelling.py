"""Cancelling a job: free until the model was asked."""

from .export import settling as export_settling
from .gallery.settling import settle_cancelled
from .identity import Actor
from .ids import JobId
from .jobs import Job
from .ports import Ports


async def cancel(ports: Ports, actor: Actor, job_id: JobId) -> Job:
    """Give up a job whose model was not asked yet: its image or archive fails, credits come back.

    Raises ``NotFound``, ``Forbidden``, or ``JobNotCancellable`` once the model was asked or the
    job is over, a second time too.
    """
    actor.check_may_write()
    async with ports.unit(actor.team) as unit:
        job = await unit.jobs.get(job_id)
        job.check_cancellable()
        if job.image_id is None:
            await export_settling.settle_cancelled(unit, job, ports.now())
        else:
            image = await unit.images.get(job.image_id)
            await settle_cancelled(unit, job, image, ports.now())
        job = await unit.jobs.get(job_id)
        await unit.commit()
        return job
