"""A queue that only remembers what it was told."""

import attrs

from ...core.ids import JobId


@attrs.define
class MemoryQueue:
    """Runs nothing by itself; ``core.running.run_due`` does, when the test says so."""

    announced: list[JobId] = attrs.field(factory=list)

    async def announce(self, job_id: JobId) -> None:
        """Remember the job."""
        self.announced.append(job_id)
