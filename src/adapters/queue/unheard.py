"""A job queue that nobody listens to."""

from ...core.ids import JobId


class Unheard:
    """For commands that make no jobs. If one did, the next worker that looks would find it."""

    async def announce(self, job_id: JobId) -> None:
        """Say it to nobody."""
